from contextlib import contextmanager
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    """What is disputed of which item, and what collection runs make of it."""

    # === OPENING === #

    @contextmanager
    def _refused(self, words):
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            yield

    def test_a_dispute_takes_department_owner_and_deadline_from_its_reason(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        self.assertTrue(dispute.name.startswith("DIS/"))
        self.assertEqual(dispute.department_id, self.department)
        self.assertEqual(dispute.user_id, self.lead)
        self.assertGreaterEqual(dispute.deadline, self.today + timedelta(days=3))
        self.assertEqual(dispute.requested_by_id, self.collector)
        self.assertEqual(dispute.activity_ids.user_id, self.lead)
        self.assertEqual((dispute.state, dispute.amount), ("open", 40.0))

    def test_what_is_open_can_be_disputed_and_no_more(self):
        item = self._item(100.0, 10)
        with self._refused("100.00.*100.01"):
            self._dispute(item, 100.01)
        self._dispute(item, 60.0)
        with self._refused("40.00.*40.01"):
            self._dispute(item, 40.01)
        self._dispute(item, 40.0)
        self.assertEqual(item.collection_disputed_amount, 100.0)

    def test_after_a_part_payment_only_the_rest_can_be_disputed(self):
        item = self._item(100.0, 10)
        self._payment(self.debtor, 70.0, item.move_id)
        with self.assertRaises(ValidationError):
            self._dispute(item, 30.01)
        self.assertEqual(self._dispute(item, 30.0).amount, 30.0)

    def test_nothing_can_be_disputed_that_is_paid_or_a_payment(self):
        item = self._item(100.0, 10)
        payment = self._payment(self.debtor, 100.0, item.move_id)
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        for line in (item, credit):
            with self.assertRaises(ValidationError):
                self._dispute(line, 10.0)
            with self.assertRaises(UserError):
                line.with_user(self.collector).action_dispute()

    def test_a_dispute_is_about_one_customer(self):
        other = self._debtor("Other", (50.0, 10))
        items = self._item(100.0, 10) + self._open_items(other.invoice_ids)
        with self.assertRaisesRegex(UserError, "one customer"):
            items.with_user(self.collector).action_dispute()

    def test_several_items_are_one_dispute(self):
        items = self._item(100.0, 10) + self._item(50.0, 8)
        wizard = self._wizard(items)
        self.assertEqual(wizard.line_ids.mapped("amount"), [100.0, 50.0])
        wizard.line_ids[0].amount = 25.0
        wizard.line_ids[1].amount = 0.0
        wizard.action_open()
        dispute = self._profile(self.debtor).dispute_ids
        self.assertEqual(dispute.line_ids.mapped("amount"), [25.0])

    def test_from_the_customer_items_are_offered_but_not_disputed_yet(self):
        self._item(100.0, 10)
        profile = self._profile(self.debtor).with_user(self.collector)

        def proposed():
            context = profile.action_dispute()["context"]
            wizards = self.env["collection.dispute.open"].with_context(**context)
            wizard = wizards.create({"reason_id": self.reason.id})
            return wizard.line_ids.mapped("amount")

        self.assertEqual(proposed(), [100.0])
        self._item(50.0, 8)
        self.assertEqual(proposed(), [0.0, 0.0])

    def test_the_lines_complained_about_propose_the_amount(self):
        item = self._item(100.0, 10)
        wizard = self._wizard(item)
        line = wizard.line_ids
        line.invoice_line_ids = item.move_id.invoice_line_ids
        line.amount = 0.0
        line._onchange_invoice_line_ids()
        self.assertEqual(line.amount, 100.0)
        wizard.action_open()
        line = self._profile(self.debtor).dispute_ids.line_ids
        self.assertEqual((line.subject, line.invoice_name), ("Goods", item.move_name))

    # === COLLECTION RUNS === #

    def test_a_part_in_dispute_is_not_collected(self):
        self._dispute(self._item(100.0, 10), 40.0)
        action = self._action(self._plan(), self.debtor)
        self.assertEqual((action.item_count, action.amount), (1, 60.0))
        line = self._about_to_be_done(action).line_ids
        self.assertEqual((line.amount, line.amount_currency), (60.0, 60.0))

    def test_an_item_in_dispute_as_a_whole_is_left_out(self):
        self._dispute(self._item(100.0, 30), 100.0)
        self._item(50.0, 6)
        action = self._action(self._plan(), self.debtor)
        # the one of 50 leads now: six days late, so the first step
        self.assertEqual((action.level, action.amount), (1, 50.0))
        self.assertEqual([item[0] for item in self._listed(action)], [50.0])

    def test_a_customer_who_disputes_everything_is_not_contacted(self):
        self._dispute(self._item(100.0, 10), 100.0)
        action = self._action(self._plan(), self.debtor)
        self.assertEqual((action.state, action.skip_reason), ("skipped", "disputed"))
        self.assertFalse(action.planned_item_ids)

    def test_one_cent_that_is_not_in_dispute_is_collected(self):
        self._dispute(self._item(100.0, 10), 99.99)
        action = self._action(self._plan(), self.debtor)
        self.assertEqual((action.state, action.amount), ("planned", 0.01))

    def test_a_dispute_during_the_run_lowers_what_is_sent(self):
        item = self._item(100.0, 10)
        run = self._plan()
        self._dispute(item, 40.0)
        run.action_start()
        action = self._action(run, self.debtor)
        self.assertEqual((action.state, action.amount), ("queued", 60.0))
        self.assertIn("60.00", action.mail_ids.body_html)
        self.assertNotIn("100.00", action.mail_ids.body_html)

    def test_money_goes_to_what_is_not_in_dispute_first(self):
        item = self._item(100.0, 10)
        self._dispute(item, 40.0)
        self._payment(self.debtor, 60.0, item.move_id)
        action = self._action(self._plan(), self.debtor)
        self.assertEqual(action.skip_reason, "disputed")

    def test_both_currencies_of_a_part_in_dispute_are_right(self):
        # rate 3: EUR 100 = 33.33; EUR 40 of it = 13.33; left: EUR 60 = 20.00
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 3.0)])
        item = self._item(100.0, 10, currency_id=euro.id)
        dispute = self._dispute(item, 40.0)
        self.assertEqual((dispute.line_ids.amount, dispute.amount), (40.0, 13.33))
        action = self._about_to_be_done(self._action(self._plan(), self.debtor))
        line = action.line_ids
        self.assertEqual((line.amount_currency, line.amount), (60.0, 20.0))

    def test_a_whole_item_in_another_currency_leaves_nothing(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 3.0)])
        dispute = self._dispute(self._item(100.0, 10, currency_id=euro.id), 100.0)
        self.assertEqual(dispute.amount, 33.33)
        action = self._action(self._plan(), self.debtor)
        self.assertEqual(action.skip_reason, "disputed")

    def test_the_next_step_is_that_of_what_is_not_in_dispute(self):
        old, new = self._item(100.0, 12), self._item(50.0, 2)
        self._set_level(old.move_id, 2)
        self.env["credit.profile"]._prepare_collection(self.company)
        profile = self._profile(self.debtor)
        self.assertEqual(profile.next_step_id.name, "Call")
        dispute = self._dispute(old, 100.0)
        # the new one comes to its first step on day 5, in three days
        self.assertEqual(profile.next_step_id.name, "First")
        self.assertEqual(profile.next_step_date, self.today + timedelta(days=3))
        self.assertFalse(new.collection_disputed_amount)
        dispute._reject("No")
        self.assertEqual(profile.next_step_id.name, "Call")

    # === AFTER THE DISPUTE === #

    def test_after_a_rejection_dunning_goes_on_where_it_stood(self):
        item = self._item(100.0, 6)
        run = self._plan()
        run.action_start()
        self._mails(run)._postprocess_sent_message([], [])
        self.assertEqual(item.collection_level, 1)
        dispute = self._dispute(item, 100.0)
        # a month later, still disputed: nothing is done, no step is counted
        self._let_days_pass(item, 30)
        self.assertEqual(self._action(self._plan(), self.debtor).state, "skipped")
        self.assertEqual(item.collection_level, 1)
        dispute.with_user(self.member)._reject("Delivery note was signed")
        self.assertFalse(item.collection_disputed_amount)
        # not the first step again, and the second is not skipped
        action = self._action(self._plan(), self.debtor)
        self.assertEqual((action.state, action.step_id.name), ("planned", "Second"))

    def test_a_dispute_can_be_opened_again_when_it_is_still_open(self):
        item = self._item(100.0, 10)
        dispute = self._dispute(item, 60.0)
        dispute._reject("No")
        self.assertEqual(dispute.days_to_resolve, 0)
        dispute.with_user(self.collector).action_reopen()
        self.assertEqual(item.collection_disputed_amount, 60.0)
        dispute.with_user(self.collector).action_withdraw()
        self._dispute(item, 41.0)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            dispute.with_user(self.collector).action_reopen()

    def test_the_days_of_open_disputes_are_not_in_the_average(self):
        item = self._item(100.0, 10)
        early = self.today - timedelta(days=6)
        self._dispute(item, 10.0, open_date=early)._reject("No")
        self._dispute(item, 10.0, open_date=early - timedelta(days=90))
        # six days for the one that was closed
        groups = self.env["collection.dispute"]._read_group(
            [("profile_id", "=", self._profile(self.debtor).id)],
            ["reason_id"],
            ["days_to_resolve:avg", "amount:sum", "__count"],
        )
        self.assertEqual(groups, [(self.reason, 6.0, 20.0, 2)])

    # === PAID === #

    def test_a_dispute_whose_items_are_paid_is_withdrawn(self):
        first, second = self._item(100.0, 10), self._item(50.0, 8)
        dispute = self._dispute(first, 40.0, second, 50.0)
        self._payment(self.debtor, 100.0, first.move_id)
        self.assertEqual(dispute.state, "open")
        payment = self._payment(self.debtor, 50.0, second.move_id)
        self.assertEqual((dispute.state, dispute.is_paid), ("withdrawn", True))
        self.assertFalse(dispute.activity_ids)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual((dispute.state, dispute.is_paid), ("open", False))
        self.assertEqual(second.collection_disputed_amount, 50.0)

    def test_matching_without_disputes_reads_nothing_more(self):
        item = self._item(100.0, 10)
        disputes = type(self.env["collection.dispute"])
        self.patch(disputes, "_on_matched", lambda *args: self.fail("was asked"))
        self._payment(self.debtor, 100.0, item.move_id)
        self.assertTrue(item.reconciled)

    def test_an_invoice_that_is_reset_keeps_the_complaint_on_record(self):
        item = self._item(100.0, 10)
        dispute = self._dispute(item, 40.0)
        item.move_id.button_draft()
        self.assertEqual(dispute.line_ids.invoice_name, dispute.invoice_names)
        self.assertEqual(dispute.amount, 40.0)
