from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeDecide(DisputeCommon):
    """From the proposal of a department to the credit note, and who is told when."""

    # === TWO STEPS === #

    def test_a_proposal_is_approved_into_a_draft_credit_note(self):
        item = self._item(100.0, 10)
        dispute = self._dispute(item, 40.0)
        self._propose(dispute, 30.0)
        self.assertEqual((dispute.state, dispute.is_proposed), ("review", True))
        self.assertFalse(dispute.credit_note_ids)
        self.assertEqual(item.collection_disputed_amount, 40.0)
        note = self._approve(dispute)
        self.assertEqual((note.state, note.move_type), ("draft", "out_refund"))
        self.assertEqual(
            (note.amount_total, note.reversed_entry_id), (30.0, item.move_id)
        )
        self.assertEqual(
            (dispute.state, dispute.approved_by_id), ("accepted", self.manager)
        )
        # what was not accepted is collected again, the rest when it is credited
        self.assertEqual(item.collection_disputed_amount, 30.0)

    def test_the_credit_note_is_posted_and_matched(self):
        item = self._item(100.0, 10)
        dispute = self._dispute(item, 40.0)
        self._propose(dispute, 40.0)
        note = self._approve(dispute)
        dispute.with_user(self.manager).action_post_credit_notes()
        self.assertEqual((note.state, note.payment_state), ("posted", "paid"))
        self.assertEqual(item.amount_residual, 60.0)
        self.assertFalse(item.collection_disputed_amount)
        action = self._action(self._plan(), self.debtor)
        self.assertEqual((action.amount, action.credit_amount), (60.0, 0.0))

    def test_a_credit_note_that_an_accountant_posts_counts_too(self):
        item = self._item(100.0, 10)
        dispute = self._dispute(item, 40.0)
        self._propose(dispute)
        note = self._approve(dispute)
        accountant = self._user("accountant", "account.group_account_invoice")
        note.with_user(accountant).action_post()
        self.assertEqual(item.amount_residual, 60.0)
        self.assertFalse(item.collection_disputed_amount)
        note.with_user(accountant).button_draft()
        self.assertEqual(item.collection_disputed_amount, 40.0)

    def test_a_whole_invoice_is_reversed_as_core_does(self):
        tax = self._tax(7.0)
        item = self._item(100.0, 10, invoice_line_ids=self._lines((100.0, tax)))
        dispute = self._dispute(item, 107.0)
        self._propose(dispute)
        note = self._approve(dispute)
        self.assertEqual((note.amount_total, note.amount_tax), (107.0, 7.0))
        self.assertEqual(
            note.invoice_line_ids.product_id, item.move_id.invoice_line_ids.product_id
        )
        dispute.with_user(self.manager).action_post_credit_notes()
        self.assertEqual(item.move_id.payment_state, "reversed")

    def test_the_instalment_in_dispute_is_credited(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": n}
                    )
                    for n in (0, 60)
                ],
            }
        )
        items = self._item(
            100.0,
            10,
            invoice_payment_term_id=term.id,
            invoice_date=self.today - timedelta(days=10),
        ).sorted("date_maturity")
        dispute = self._dispute(items[1], 20.0)
        self._propose(dispute)
        self._approve(dispute)
        dispute.with_user(self.manager).action_post_credit_notes()
        self.assertEqual(items.mapped("amount_residual"), [50.0, 30.0])

    # === TO THE CENT === #

    def _tax(self, percent, **values):
        return self.env["account.tax"].create(
            {"name": f"{percent} % {values}", "amount": percent, **values}
        )

    def _lines(self, *prices_and_taxes):
        return [
            Command.create(
                {
                    "name": f"Goods at {tax.amount}",
                    "price_unit": price,
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for price, tax in prices_and_taxes
        ]

    def test_credit_notes_are_right_to_the_cent_whatever_the_taxes(self):
        low, high = self._tax(7.0), self._tax(19.0)
        inside = self._tax(21.0, price_include_override="tax_included")
        for amount in (0.01, 0.02, 10.0, 33.33, 99.99, 123.45):
            item = self._item(
                1.0,
                10,
                invoice_line_ids=self._lines(
                    (33.33, low), (66.67, high), (17.99, inside)
                ),
            )
            dispute = self._dispute(item, amount)
            self._propose(dispute)
            note = self._approve(dispute)
            self.assertEqual(note.amount_total, amount)
            self.assertEqual(note.invoice_line_ids.tax_ids, low + high + inside)
            note.action_post()
            self.assertEqual(note.amount_total, amount)

    def test_the_lines_complained_about_lend_their_taxes(self):
        low, high = self._tax(7.0), self._tax(19.0)
        item = self._item(
            1.0, 10, invoice_line_ids=self._lines((100.0, low), (100.0, high))
        )
        about = item.move_id.invoice_line_ids[1]
        wizard = self._wizard(item)
        wizard.line_ids.write(
            {"invoice_line_ids": [Command.set(about.ids)], "amount": 59.5}
        )
        wizard.action_open()
        dispute = self._profile(self.debtor).dispute_ids
        self._propose(dispute)
        note = self._approve(dispute)
        # 59.50 with 19 % inside: 50.00 and 9.50
        self.assertEqual((note.amount_untaxed, note.amount_tax), (50.0, 9.5))
        self.assertEqual(note.invoice_line_ids.tax_ids, high)
        self.assertEqual(note.invoice_line_ids.name, "Goods at 19.0")

    def test_a_credit_note_is_in_the_currency_of_its_invoice(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 3.0)])
        item = self._item(100.0, 10, currency_id=euro.id)
        dispute = self._dispute(item, 40.0)
        self._propose(dispute, 10.01)
        note = self._approve(dispute)
        self.assertEqual((note.currency_id, note.amount_total), (euro, 10.01))
        dispute.with_user(self.manager).action_post_credit_notes()
        self.assertEqual(item.amount_residual_currency, 89.99)

    def test_two_invoices_are_two_credit_notes(self):
        first, second = self._item(100.0, 10), self._item(50.0, 8)
        dispute = self._dispute(first, 40.0, second, 10.0)
        self._propose(dispute)
        notes = self._approve(dispute)
        self.assertEqual(sorted(notes.mapped("amount_total")), [10.0, 40.0])
        dispute.with_user(self.manager).action_post_credit_notes()
        self.assertEqual((first + second).mapped("amount_residual"), [60.0, 40.0])

    # === WHO === #

    def test_who_opened_a_dispute_does_not_approve_it(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0, user=self.manager)
        self._propose(dispute)
        with self.assertRaisesRegex(AccessError, "another credit manager"):
            dispute.with_user(self.manager).action_approve()
        other = self._user("other_manager", "credit_collections.group_credit_manager")
        dispute.with_user(other).action_approve()
        self.assertEqual(dispute.state, "accepted")

    def test_neither_collectors_nor_members_approve(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        self._propose(dispute)
        for user in (self.collector, self.controller, self.member):
            with self.assertRaises(AccessError):
                dispute.with_user(user).action_approve()
            with self.assertRaises(AccessError):
                dispute.with_user(user).action_refuse()
        self.assertFalse(dispute.credit_note_ids)

    def test_a_manager_gives_a_proposal_back(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        self._propose(dispute)
        dispute.with_user(self.manager).action_refuse()
        self.assertEqual((dispute.state, dispute.is_proposed), ("review", False))
        with self.assertRaises(UserError):
            dispute.with_user(self.manager).action_approve()

    def test_nothing_above_the_disputed_amount_is_accepted(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        for amount, error in ((40.01, ValidationError), (0.0, UserError)):
            with self.assertRaises(error), self.env.cr.savepoint():
                self._propose(dispute, amount)
        self.assertEqual(dispute.state, "open")

    def test_what_is_decided_is_not_decided_again(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        dispute.with_user(self.member)._reject("No")
        for name in (
            "action_review",
            "action_accept",
            "action_reject",
            "action_withdraw",
        ):
            with self.assertRaisesRegex(UserError, "rejected already"):
                getattr(dispute.with_user(self.collector), name)()

    # === LATE === #

    def _late(self, days):
        """Let the deadline be so many days ago, and tell who has to know."""
        dispute = self.late
        dispute.sudo().deadline = self.today - timedelta(days=days)
        with self._as_job():
            self.env["collection.dispute"].sudo()._cron_escalate()
        late = self.env.ref("credit_collections.mail_activity_dispute_late")
        return dispute.activity_ids.filtered(
            lambda activity: activity.activity_type_id == late
        ).mapped("user_id.login")

    def test_the_lead_is_told_then_the_manager_each_once(self):
        self.company.credit_approver_id = self.manager
        self.late = self._dispute(self._item(100.0, 10), 40.0)
        self.assertEqual(self._late(0), [])
        self.assertEqual(self._late(1), ["dispute_lead"])
        self.assertEqual(self._late(1), ["dispute_lead"])
        both = ["credit_manager", "dispute_lead"]
        self.assertEqual(sorted(self._late(10)), both)
        self.assertEqual(sorted(self._late(20)), both)
        self.assertEqual(self.late.escalation_level, 2)

    # === TIERS === #

    def _tier(self, user, **values):
        return self.env["credit.approval.tier"].create(
            {
                "name": "Management",
                "document": "dispute_credit",
                "user_ids": [Command.set(user.ids)],
                **values,
            }
        )

    def test_a_tier_approves_credits_from_its_amount_on(self):
        director = self._user("credit_director", "base.group_user")
        self._tier(director, amount_from=40.0)
        # disputed 60, credited 39.99: a credit manager is enough
        small = self._dispute(self._item(100.0, 10), 60.0)
        self._propose(small, 39.99)
        small.with_user(self.manager).action_approve()
        self.assertEqual(small.state, "accepted")
        for amount in (40.0, 40.01):
            dispute = self._dispute(self._item(100.0, 10), 60.0)
            self._propose(dispute, amount)
            with self.assertRaisesRegex(AccessError, "waits for “Management”"):
                dispute.with_user(self.manager).action_approve()
            dispute.approval_id.with_user(director)._approve("Our mistake")
            self.assertEqual(dispute.state, "accepted")
            self.assertEqual(dispute.approved_by_id, director)
            self.assertEqual(dispute.credit_note_ids.amount_total, amount)

    def test_who_proposes_a_credit_to_a_tier_does_not_approve_it(self):
        other = self._user("second_manager", "credit_collections.group_credit_manager")
        self._tier(self.manager + other)
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        self._propose(dispute, user=self.manager)
        with self.assertRaisesRegex(AccessError, "another person"):
            dispute.with_user(self.manager).action_approve()
        dispute.with_user(other).action_approve()
        self.assertEqual(dispute.state, "accepted")

    def test_a_manager_approves_the_own_proposal_where_no_tier_is_set(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        self._propose(dispute, user=self.manager)
        dispute.with_user(self.manager).action_approve()
        self.assertEqual(dispute.state, "accepted")

    def test_another_proposal_replaces_the_first(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        self._propose(dispute, 30.0)
        first = dispute.approval_id
        self._propose(dispute, 20.0)
        self.assertEqual(first.state, "cancelled")
        self.assertEqual((dispute.approval_id.amount, first.amount), (20.0, 30.0))

    def test_a_withdrawn_dispute_waits_for_nobody(self):
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        self._propose(dispute)
        dispute.with_user(self.collector).action_withdraw()
        self.assertEqual(dispute.approval_state, "cancelled")
        self.assertFalse(dispute.approval_id.activity_ids)

    def test_what_a_member_takes_back_is_with_the_department_again(self):
        self._tier(self.manager)
        dispute = self._dispute(self._item(100.0, 10), 40.0)
        self._propose(dispute)
        dispute.approval_id.with_user(self.member).action_recall()
        self.assertEqual((dispute.state, dispute.is_proposed), ("review", False))
