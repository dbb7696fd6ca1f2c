from odoo.tests import tagged

from .common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseMoney(PromiseCommon):
    """Promises follow the money: when it comes, in part, late, or is taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._debtor("Debtor", (100.0, 12))
        cls.invoice = cls.debtor.invoice_ids
        cls.item = cls._items(cls.debtor)

    def _assert(self, promise, state, kept):
        self.assertEqual((promise.state, promise.kept_amount), (state, kept))

    # === PAYMENTS === #

    def test_money_keeps_a_promise_at_once(self):
        promise = self._promise(self.item)
        self._payment(self.debtor, 100.0, self.invoice)
        self._assert(promise, "kept", 100.0)
        self.assertEqual(promise.closed_on, self.today)
        self.assertFalse(promise.line_ids.suspended_until)

    def test_the_first_promise_of_all_is_kept(self):
        promises = self.env["collection.promise"]
        promises.search([]).unlink()
        self.env.registry.clear_cache()
        self._payment(self.debtor, 10.0, self.invoice)
        self.assertFalse(promises._credit_is_used())
        promise = self._promise(self.item)
        self._payment(self.debtor, 90.0, self.invoice)
        self._assert(promise, "kept", 90.0)

    def test_a_part_leaves_it_open_until_the_last_day(self):
        promise = self._promise(self.item)
        self._payment(self.debtor, 99.99, self.invoice)
        self._assert(promise, "open", 99.99)
        self._past(promise, 5)
        self._night()
        self._assert(promise, "open", 99.99)
        self._past(promise, 1)  # now the payment is later than the last day
        self._night()
        self._assert(promise, "broken", 0.0)

    def test_a_part_in_time_is_partly_kept(self):
        promise = self._past(self._promise(self.item), 6)
        self._payment(self.debtor, 40.0, self.invoice, date=self._day(-1))
        self._assert(promise, "partly_kept", 40.0)

    def test_the_last_part_keeps_it(self):
        promise = self._promise(self.item)
        for amount in (40.0, 60.0):
            self._payment(self.debtor, amount, self.invoice)
        self._assert(promise, "kept", 100.0)

    def test_money_from_before_the_promise_does_not_count(self):
        self._payment(self.debtor, 30.0, self.invoice)
        promise = self._promise(self.item)
        self.assertEqual(promise.amount, 70.0)
        self._payment(self.debtor, 69.0, self.invoice)
        self._assert(promise, "open", 69.0)
        self._payment(self.debtor, 1.0, self.invoice)
        self._assert(promise, "kept", 70.0)

    def test_money_within_the_grace_keeps_it_and_a_day_later_does_not(self):
        for days, state in ((-1, "kept"), (0, "broken")):
            debtor = self._debtor(f"Debtor {days}", (100.0, 12))
            promise = self._past(self._promise(self._items(debtor), days=0), 1)
            self._payment(debtor, 100.0, debtor.invoice_ids, date=self._day(days))
            self._night()
            self.assertEqual(promise.state, state)

    def test_an_overpayment_keeps_no_more_than_was_promised(self):
        promise = self._promise(self.item)
        self._payment(self.debtor, 130.0, self.invoice)
        self._assert(promise, "kept", 100.0)
        self.assertEqual(promise.unapplied_amount, 0.0)

    def test_more_on_a_part_that_was_promised_is_kept(self):
        promise = self._promise(self.item, amounts=[50.0])
        self._payment(self.debtor, 80.0, self.invoice)
        self._assert(promise, "kept", 50.0)

    # === NOT MATCHED === #

    def test_no_promise_is_broken_while_money_waits_to_be_matched(self):
        promise, payment = self._paid_and_not_matched()
        self.assertEqual(promise.unapplied_amount, 100.0)
        self._open_items(payment.move_id + self.invoice).reconcile()
        self._assert(promise, "kept", 100.0)
        self.assertEqual(promise.unapplied_amount, 0.0)

    def _paid_and_not_matched(self):
        """Return a promise whose day is over, and the money that came in time."""
        promise = self._promise(self.item)
        payment = self._payment(self.debtor, 100.0, date=self._day(-1))
        self._past(promise, 6)
        self._night()
        self._assert(promise, "open", 0.0)
        return promise, payment

    def test_it_is_broken_when_that_money_was_for_something_else(self):
        promise, payment = self._paid_and_not_matched()
        other = self._receivable(self.debtor, 100.0)
        self._open_items(payment.move_id + other).reconcile()
        self._assert(promise, "broken", 0.0)

    def test_it_is_broken_when_that_money_is_taken_back(self):
        promise, payment = self._paid_and_not_matched()
        payment.action_draft()
        self._assert(promise, "broken", 0.0)

    def test_it_is_broken_when_the_entry_of_that_money_is_reversed(self):
        promise, payment = self._paid_and_not_matched()
        payment.move_id._reverse_moves(cancel=True)
        self._assert(promise, "broken", 0.0)

    def test_the_run_leaves_a_customer_alone_whose_money_waits(self):
        self._paid_and_not_matched()
        action = self._action(self._plan(), self.debtor)
        self.assertEqual(action.skip_reason, "net_credit")

    def test_money_on_account_from_before_does_not_keep_it(self):
        self._payment(self.debtor, 100.0, date=self._day(-1))
        promise = self._promise(self.item)
        self._night()
        self._assert(promise, "open", 0.0)

    def test_a_credit_note_that_is_not_matched_is_no_money(self):
        promise = self._promise(self.item)
        self._receivable(self.debtor, -100.0)
        self._night()
        self._assert(promise, "open", 0.0)

    # === TAKEN BACK === #

    def test_it_opens_again_when_the_payment_is_taken_back(self):
        promise = self._promise(self.item)
        payment = self._payment(self.debtor, 100.0, self.invoice)
        payment.action_draft()
        payment.action_cancel()
        self._assert(promise, "open", 0.0)
        self.assertEqual(promise.line_ids.suspended_until, self._day(5))

    def test_it_opens_again_when_it_is_matched_no_more(self):
        promise = self._promise(self.item)
        self._payment(self.debtor, 100.0, self.invoice)
        self.item.remove_move_reconcile()
        self._assert(promise, "open", 0.0)

    def test_it_is_broken_when_that_happens_after_the_last_day(self):
        promise = self._promise(self.item)
        self._payment(self.debtor, 100.0, self.invoice)
        self.assertEqual(promise.state, "kept")
        self._past(promise, 6)
        self.item.remove_move_reconcile()
        self._assert(promise, "broken", 0.0)
        self.assertTrue(promise.sudo().activity_id)
        self.assertEqual(self._profile(self.debtor).broken_promise_count, 1)

    def test_a_reversed_payment_entry_counts_no_more(self):
        promise = self._promise(self.item)
        payment = self._payment(self.debtor, 100.0, self.invoice)
        payment.move_id._reverse_moves(cancel=True)
        self._assert(promise, "open", 0.0)

    # === CREDIT NOTES === #

    def test_a_credit_note_lowers_what_is_due(self):
        promise = self._promise(self.item)
        credit_note = self._receivable(self.debtor, -30.0)
        self._open_items(credit_note + self.invoice).reconcile()
        self._assert(promise, "open", 0.0)
        self.assertEqual(promise.due_amount, 70.0)
        self._payment(self.debtor, 70.0, self.invoice)
        self._assert(promise, "kept", 70.0)

    def test_what_is_credited_altogether_is_neither_kept_nor_broken(self):
        promise = self._promise(self.item)
        credit_note = self._receivable(self.debtor, -100.0)
        self._open_items(credit_note + self.invoice).reconcile()
        self._assert(promise, "cancelled", 0.0)
        self.assertFalse(self._profile(self.debtor).kept_promise_rate)
        self.item.remove_move_reconcile()
        self._assert(promise, "open", 0.0)

    # === INSTALMENTS === #

    def _plan_of_two(self):
        first = self._promise(self.item, days=5, amounts=[50.0])
        second = self._promise(
            self.item, days=12, amounts=[50.0], plan_id=first.id, instalment=2
        )
        return first, second

    def test_money_keeps_one_instalment_after_the_other(self):
        first, second = self._plan_of_two()
        self._payment(self.debtor, 50.0, self.invoice)
        self.assertEqual((first.state, second.state), ("kept", "open"))
        self.assertEqual(second.kept_amount, 0.0)
        self._payment(self.debtor, 50.0, self.invoice)
        self._assert(second, "kept", 50.0)

    def test_all_at_once_keeps_the_whole_plan(self):
        first, second = self._plan_of_two()
        self._payment(self.debtor, 100.0, self.invoice)
        self.assertEqual((first.state, second.state), ("kept", "kept"))

    def test_a_late_instalment_is_broken_and_its_money_counts_for_the_next(self):
        first, second = self._plan_of_two()
        self._past(first + second, 6)
        self._night()
        self.assertEqual((first.state, second.state), ("broken", "open"))
        self._payment(self.debtor, 50.0, self.invoice)
        self.assertEqual((first.state, second.state), ("broken", "kept"))

    # === CURRENCIES === #

    def test_a_promise_in_another_currency_is_kept_in_that_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        debtor = self._debtor("Euro")
        invoice = self._receivable(debtor, 80.0, due_in=-3, currency_id=euro.id)
        promise = self._promise(self._items(debtor))
        self.assertEqual((promise.currency_id, promise.amount), (euro, 80.0))
        # EUR 80 at 2 for 1
        self.assertEqual(promise.company_amount, 40.0)
        # paid with 20 of the company's currency = EUR 40
        self._payment(debtor, 20.0, invoice)
        self._assert(promise, "open", 40.0)
        self._payment(debtor, 40.0, invoice, currency_id=euro.id)
        self._assert(promise, "kept", 80.0)
        self.assertEqual(promise.company_kept_amount, 40.0)

    def test_the_wizard_takes_one_promise_per_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        self._receivable(self.debtor, 80.0, due_in=-3, currency_id=euro.id)
        profile = self._profile(self.debtor)
        context = profile.action_promise()["context"]
        wizard = self.env["collection.promise.make"].with_context(**context).create({})
        self.assertFalse(wizard.currency_id)
        wizard.action_make()
        amounts = {one.currency_id.name: one.amount for one in profile.promise_ids}
        self.assertEqual(amounts, {self.company.currency_id.name: 100.0, "EUR": 80.0})

    def test_unmatched_money_in_another_currency_does_not_keep_it(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        promise = self._promise(self.item)
        self._payment(self.debtor, 500.0, currency_id=euro.id)
        self._night()
        self._assert(promise, "open", 0.0)

    # === BRANCHES === #

    def test_items_of_branches_are_promised_with_those_of_the_root(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self.env.user.company_ids += branch
        self.collector.sudo().company_ids += branch
        invoice = self._receivable(self.debtor, 40.0, due_in=-10, company_id=branch.id)
        promise = self._promise(self._items(self.debtor))
        self.assertEqual((promise.company_id, promise.amount), (self.company, 140.0))
        self._payment(self.debtor, 100.0, self.invoice)
        self._assert(promise, "open", 100.0)
        self._payment(self.debtor, 40.0, invoice)
        self._assert(promise, "kept", 140.0)

    # === COST === #

    def _count(self, promises):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        promises._evaluate()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _promises(self, count):
        """Return a promise of each of so many customers."""
        debtors = self._debtors([f"Debtor {n}" for n in range(count)], (100.0, 12))
        promises = self.env["collection.promise"].sudo()
        return promises.concat(
            *(self._promise(self._items(debtor)).sudo() for debtor in debtors)
        )

    def test_judging_takes_as_many_statements_for_a_hundred_promises(self):
        promises = self._past(self._promises(101), 1)
        self._count(promises[:1])  # fills the caches
        one = self._count(promises[:1])
        self.assertEqual(self._count(promises), one)

    def test_breaking_takes_few_statements_more_for_a_hundred_promises(self):
        promises = self._promises(101)
        self._past(promises, 6)
        one = self._count(promises[:1])
        hundred = self._count(promises[1:])
        self.assertEqual(set(promises.mapped("state")), {"broken"})
        self.assertLessEqual(hundred, one + 10)

    def test_telling_customers_takes_as_many_statements_for_twenty_as_for_two(self):
        self.company.collection_promise_notice = "email"
        promises = self._past(self._promises(23), 6)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._tell_customers()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(promises[0])  # fills the caches
        two = count(promises[1:3])
        self.assertLessEqual(count(promises[3:]), two + 5)
        mails = self.env["mail.mail"].search(
            [("model", "=", "collection.promise"), ("res_id", "in", promises.ids)]
        )
        told = {mail.res_id: mail.recipient_ids for mail in mails}
        self.assertEqual(told, {one.id: one.profile_id.partner_id for one in promises})
        self.assertEqual(
            self.env["collection.interaction"].search_count(
                [("promise_id", "in", promises.ids)]
            ),
            23,
        )

    def test_a_text_that_fails_for_one_customer_does_not_stop_the_others(self):
        self.company.collection_promise_notice = "email"
        promises = self._past(self._promises(3), 6)
        bad = promises[1]
        template = self.env.ref("credit_collections.mail_template_promise_broken")
        template.subject = f"{{{{ 1 / (object.id - {bad.id}) }}}}"
        with self.assertLogs("odoo.addons.credit_collections", "WARNING"):
            promises._tell_customers()
        told = self.env["collection.interaction"].search(
            [("promise_id", "in", promises.ids)]
        )
        self.assertEqual(told.promise_id, promises - bad)
        self.assertIn("could not be told", bad.message_ids[0].body)

    def test_matching_costs_one_statement_where_nothing_is_promised(self):
        promises = self.env["collection.promise"]
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        promises._on_matched(self.item, self.debtor)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)

    # === REGISTERED, NOT BOOKED === #

    def test_a_registered_payment_waits_as_unapplied_money(self):
        promise = self._promise(self.item)
        payment = self._register_payment(self.invoice, 100.0)
        self.assertEqual((promise.state, promise.unapplied_amount), ("open", 100.0))
        payment.action_cancel()
        self.assertEqual(promise.unapplied_amount, 0.0)

    def test_where_it_does_not_count_it_keeps_no_promise(self):
        self.company.collection_count_registered = False
        promise = self._promise(self.item)
        self._register_payment(self.invoice, 100.0)
        promise._evaluate()
        self.assertEqual(promise.unapplied_amount, 0.0)
