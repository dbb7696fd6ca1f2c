from contextlib import closing

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .matching_common import MatchingCommon


@tagged("post_install", "-at_install")
class TestMatching(MatchingCommon):
    """What settled an item is said once: each kind, as each of those who ask sees it.

    The claim is 1,000, due ten days ago, promised in full, in a case, and comes from an
    order that was released.
    """

    #: What all say of a claim that nothing has settled: it is ten days late by now.
    NOTHING = {
        "promise": ("open", 1000.0, 0.0),
        "case": ("open", False, 0.0),
        "payer": ("slow", 10.0),
        "month": (0.0, 0.0),
        "board": 0.0,
        "outcome": ("open", 0.0),
        "record": (0, 0.0),
    }
    #: All of it came in money, ten days late.
    MONEY = {
        "promise": ("kept", 1000.0, 1000.0),
        "record": (0, 1.0),
        "case": ("closed", "paid", 1000.0),
        "payer": ("slow", 10.0),
        "month": (1000.0, 0.0),
        "board": 1000.0,
        "outcome": ("paid", 0.0),
    }
    #: Nobody owes it any more, and nobody lost anything.
    TAKEN_BACK = {
        **NOTHING,
        "promise": ("cancelled", 0.0, 0.0),
        "payer": ("new", 0.0),
        "case": ("closed", "credited", 0.0),
        "outcome": ("paid", 0.0),
    }
    #: All of it was given up.
    GIVEN_UP = {
        **NOTHING,
        "promise": ("cancelled", 0.0, 0.0),
        "payer": ("new", 0.0),
        "case": ("closed", "written_off", 0.0),
        "month": (0.0, 1000.0),
        "outcome": ("written_off", 1000.0),
    }

    def _assert_seen(self, invoice, expected):
        seen = self._seen(invoice)
        reason = seen.pop("reason")
        is_off = expected["promise"][0] == "cancelled" and expected["month"][1]
        self.assertEqual(reason, self.written_off if is_off else reason.browse())
        self.assertEqual(seen, {key: expected[key] for key in seen})

    def _assert_each(self, table):
        """Settle the claim in each way, look, and take that back again."""
        invoice = self._claim()
        collector = self._profile(invoice.partner_id).collector_id
        for name, settle, expected in table:
            # closing it takes it all back: the next one finds the claim as it was
            with self.subTest(name), closing(self.env.cr.savepoint()):
                settle(invoice)
                self._assert_seen(invoice, expected)
                self._profile(invoice.partner_id).collector_id = collector
                invoice.line_ids.remove_move_reconcile()
                self._assert_seen(invoice, self.NOTHING)

    # === EACH KIND, ALL OF IT === #

    def test_money_is_a_payment_however_it_was_booked(self):
        cash = self.company_data["default_journal_cash"]
        liquidity = self.bank.default_account_id
        self._assert_each(
            [
                ("payment", self._pay, self.MONEY),
                (
                    "payment in cash",
                    lambda invoice: self._pay(invoice, journal_id=cash.id),
                    self.MONEY,
                ),
                ("two for one", self._pay_in_parts, self.MONEY),
                ("line of a statement", self._statement_line, self.MONEY),
                (
                    "entry on the bank account",
                    lambda invoice: self._entry(invoice, 1000.0, (liquidity, 1000.0)),
                    self.MONEY,
                ),
                (
                    "set off against what we owe",
                    lambda invoice: self._entry(
                        invoice, 1000.0, (self.payable, 1000.0)
                    ),
                    self.MONEY,
                ),
            ]
        )

    def _pay_in_parts(self, invoice):
        for amount in (300.0, 700.0):
            self._pay(invoice, amount)

    def test_one_payment_for_several_invoices_pays_each_of_them(self):
        invoice = self._claim()
        other = self._receivable(invoice.partner_id, 250.0, due_in=-10)
        self._payment(invoice.partner_id, 1250.0, invoice + other)
        expected = {**self.MONEY, "month": (1250.0, 0.0), "board": 1250.0}
        self._assert_seen(invoice, expected)

    def test_what_nobody_owes_any_more_is_no_payment(self):
        self._assert_each(
            [
                ("credit note", self._credit, self.TAKEN_BACK),
                (
                    "reversal of the invoice",
                    lambda invoice: invoice._reverse_moves(
                        [{"invoice_date": self.today}], cancel=True
                    ),
                    self.TAKEN_BACK,
                ),
                ("moved to another receivable", self._move, self.TAKEN_BACK),
            ]
        )

    def _move(self, invoice):
        """Let another receivable account have the item: of doubtful customers, say."""
        doubtful = self.receivable.copy({"name": "Doubtful", "code": "DOUBT"})
        self._entry(invoice, 1000.0, (doubtful, 1000.0))

    def test_a_write_off_is_no_payment_anywhere(self):
        asset = self.company_data["default_account_assets"]
        self._assert_each(
            [
                ("bad debt", self._write_off, self.GIVEN_UP),
                (
                    "against an allowance",
                    lambda invoice: self._entry(invoice, 1000.0, (asset, 1000.0)),
                    self.GIVEN_UP,
                ),
                (
                    "booked in the journal of the bank",
                    lambda invoice: self._write_off(invoice, journal_id=self.bank.id),
                    self.GIVEN_UP,
                ),
            ]
        )

    # === PARTS === #

    def test_the_rest_that_a_payment_writes_off_is_no_money(self):
        for amount in (1.0, 400.0):
            rest = 1000.0 - amount
            expected = {
                **self.NOTHING,
                # what came counts as received, and nobody is blamed for the rest
                "promise": ("cancelled", amount, amount),
                "case": ("closed", "mixed", amount),
                "payer": ("slow", 10.0),
                "month": (amount, rest),
                "board": amount,
                "outcome": ("written_off", rest),
            }
            self._assert_each(
                [
                    (
                        f"dialog, {amount}",
                        lambda invoice, amount=amount: self._pay_off(invoice, amount),
                        expected,
                    ),
                    (
                        f"payment of {amount} and an entry",
                        lambda invoice, amount=amount, rest=rest: (
                            self._pay(invoice, amount),
                            self._write_off(invoice, rest),
                        ),
                        expected,
                    ),
                ]
            )

    def test_parts_leave_the_rest_open(self):
        self._assert_each(
            [
                (
                    "paid",
                    lambda invoice: self._pay(invoice, 400.0),
                    {
                        **self.NOTHING,
                        "promise": ("open", 1000.0, 400.0),
                        "case": ("open", False, 400.0),
                        "month": (400.0, 0.0),
                        "board": 400.0,
                    },
                ),
                (
                    "credited",
                    lambda invoice: self._credit(invoice, 400.0),
                    {**self.NOTHING, "promise": ("open", 600.0, 0.0)},
                ),
                (
                    "written off",
                    lambda invoice: self._write_off(invoice, 400.0),
                    {
                        **self.NOTHING,
                        "promise": ("open", 600.0, 0.0),
                        "month": (0.0, 400.0),
                        "outcome": ("written_off", 400.0),
                    },
                ),
                (
                    "paid and credited",
                    lambda invoice: (
                        self._credit(invoice, 400.0),
                        self._pay(invoice, 600.0),
                    ),
                    {
                        **self.MONEY,
                        "promise": ("kept", 600.0, 600.0),
                        "case": ("closed", "mixed", 600.0),
                        "month": (600.0, 0.0),
                        "board": 600.0,
                    },
                ),
            ]
        )

    def test_one_payment_for_two_invoices_shares_what_it_writes_off(self):
        first, second = self._claim(), self._receivable(amount=1000.0, due_in=-10)
        second.button_draft()
        second.partner_id = first.partner_id
        second.action_post()
        # 1,500 for 2,000: three quarters of each are money
        self._pay_off(first + second, 1500.0, group_payment=True)
        self._assert_seen(
            first,
            {
                **self.NOTHING,
                "promise": ("cancelled", 750.0, 750.0),
                "case": ("closed", "mixed", 750.0),
                "payer": ("slow", 10.0),
                "month": (1500.0, 500.0),
                "board": 1500.0,
                "outcome": ("written_off", 250.0),
            },
        )

    def test_a_fee_that_the_bank_keeps_is_not_the_money_of_the_customer(self):
        liquidity = self.bank.default_account_id
        self._assert_each(
            [
                (
                    "980 and a fee of 20",
                    lambda invoice: self._entry(
                        invoice, 1000.0, (liquidity, 980.0), (self.expense, 20.0)
                    ),
                    {
                        **self.NOTHING,
                        "promise": ("cancelled", 980.0, 980.0),
                        "case": ("closed", "mixed", 980.0),
                        "payer": ("slow", 10.0),
                        "month": (980.0, 20.0),
                        "board": 980.0,
                        "outcome": ("written_off", 20.0),
                    },
                )
            ]
        )

    # === DISCOUNT, EXCHANGE DIFFERENCE, INSTALMENTS === #

    def test_an_early_payment_discount_is_a_lower_price(self):
        invoice = self._claim()
        company = self.company
        loss = self.expense.copy({"name": "Cash discount", "code": "DISC"})
        company.account_journal_early_pay_discount_loss_account_id = loss
        self._pay_off(invoice, 980.0, writeoff_account_id=loss.id)
        self._assert_seen(
            invoice,
            {
                **self.MONEY,
                "promise": ("kept", 980.0, 980.0),
                "case": ("closed", "mixed", 980.0),
                "month": (980.0, 0.0),
                "board": 980.0,
            },
        )

    def _foreign_claim(self, later_rate):
        """Return a claim of 2,000 that was worth 1,000, and is worth less or more."""
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        debtor = self._debtor("Foreign")
        invoice = self._receivable(debtor, 2000.0, due_in=-10, currency_id=euro.id)
        self._profile(debtor).collector_id = self.collector
        self._promise(self._items(debtor))
        self._items(debtor).with_user(self.collector)._open_case()
        self.setup_other_currency("EUR", rates=[(str(self.today), later_rate)])
        return invoice, euro

    def test_an_exchange_difference_is_neither_paid_nor_written_off(self):
        # 2,000 are worth 500 when they come; 500 are the loss of the exchange
        invoice, euro = self._foreign_claim(later_rate=4.0)
        self._pay(invoice, 2000.0, currency_id=euro.id)
        expected = {
            **self.MONEY,
            "promise": ("kept", 2000.0, 2000.0),
            "case": ("closed", "paid", 500.0),
            "month": (500.0, 0.0),
            "board": 500.0,
            "outcome": (False, 0.0),
        }
        self._assert_seen(invoice, expected)

    def test_an_exchange_loss_is_no_money_however_what_came_was_booked(self):
        # 2,000 are worth 500 when they come, and were worth 1,000: 500 came
        for pay in (
            self._pay_foreign,
            self._pay_foreign_in_parts,
            self._transfer_foreign,
            self._pay_in_our_currency,
            self._pay_by_the_dialog,
        ):
            with self.subTest(pay.__name__), closing(self.env.cr.savepoint()):
                invoice, euro = self._foreign_claim(later_rate=4.0)
                pay(invoice, euro)
                self.assertEqual(invoice.amount_residual, 0.0)
                seen = self._seen(invoice)
                self.assertEqual(seen["promise"], ("kept", 2000.0, 2000.0))
                self.assertEqual(seen["case"], ("closed", "paid", 500.0))
                self.assertEqual(seen["month"], (500.0, 0.0))
                self.assertEqual(seen["board"], 500.0)

    def _pay_foreign(self, invoice, euro):
        self._pay(invoice, 2000.0, currency_id=euro.id)

    def _pay_foreign_in_parts(self, invoice, euro):
        for amount in (500.0, 1500.0):
            self._pay(invoice, amount, currency_id=euro.id)

    def _transfer_foreign(self, invoice, euro):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.today,
                "payment_ref": "Transfer",
                "partner_id": invoice.partner_id.id,
                "amount": 500.0,
                "foreign_currency_id": euro.id,
                "amount_currency": 2000.0,
                "counterpart_account_id": self.receivable.id,
            }
        )
        self._match(invoice, line.move_id)

    def _pay_in_our_currency(self, invoice, _euro):
        self._pay(invoice, 500.0)

    def _pay_by_the_dialog(self, invoice, _euro):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create(
            {
                "currency_id": self.company.currency_id.id,
                "payment_date": self.today,
                "amount": 500.0,
            }
        )._create_payments()

    def test_an_exchange_gain_is_no_more_money_than_what_was_owed(self):
        # 2,000 are worth 2,000 when they come; the ledger owed 1,000
        invoice, euro = self._foreign_claim(later_rate=1.0)
        self._pay(invoice, 2000.0, currency_id=euro.id)
        self.assertEqual(invoice.amount_residual, 0.0)
        seen = self._seen(invoice)
        self.assertEqual(seen["promise"], ("kept", 2000.0, 2000.0))
        self.assertEqual(seen["case"][:2], ("closed", "paid"))
        self.assertEqual(seen["month"][1], 0.0)

    def test_what_is_written_off_in_another_currency_is_said_in_it(self):
        invoice, euro = self._foreign_claim(later_rate=4.0)
        # 500 of 2,000 come (worth 125), 1,500 are written off (375); the exchange
        # took half of all: 500
        self._pay_off(invoice, 500.0, currency_id=euro.id)
        expected = {
            **self.NOTHING,
            "promise": ("cancelled", 500.0, 500.0),
            "case": ("closed", "mixed", 125.0),
            "payer": ("slow", 10.0),
            "month": (125.0, 375.0),
            "board": 125.0,
            "outcome": (False, 0.0),
        }
        self._assert_seen(invoice, expected)

    def test_instalments_of_an_invoice_are_settled_each_in_its_way(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half at once, half later",
                "line_ids": [
                    Command.create({"value_amount": 50.0, "nb_days": days})
                    for days in (0, 5)
                ],
            }
        )
        invoice = self._claim(invoice_payment_term_id=term.id)
        first, second = self._items(invoice.partner_id)
        payment = self._payment(invoice.partner_id, 500.0)
        (first + self._open_items(payment.move_id)).reconcile()
        entry = self._write_off(invoice, 500.0, match=False)
        (second + self._open_items(entry)).reconcile()
        self._assert_seen(
            invoice,
            {
                **self.NOTHING,
                "promise": ("cancelled", 500.0, 500.0),
                "case": ("closed", "mixed", 500.0),
                # the half that was due at once came ten days later
                "payer": ("slow", 10.0),
                "month": (500.0, 500.0),
                "board": 500.0,
                "outcome": ("written_off", 500.0),
            },
        )

    # === ENTRIES THAT TAKE OTHERS BACK === #

    def test_an_entry_that_is_reversed_was_not_paid(self):
        entry = self.env["account.move"].create(
            {
                "date": self._day(-10),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": self.customer.id,
                            "date_maturity": self._day(-10),
                            "debit": 100.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.bank.default_account_id.id,
                            "credit": 100.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        item = self._open_items(entry)
        promise = self._promise(item)
        case = item.with_user(self.collector)._open_case()
        entry._reverse_moves([{"date": self.today}], cancel=True)
        self.assertTrue(item.reconciled)
        self.assertEqual((promise.state, promise.due_amount), ("cancelled", 0.0))
        self.assertFalse(promise.cancel_reason_id)
        self.assertEqual(case.close_reason, "credited")
        profile = self._profile(self.customer)
        month = profile.payment_picture["months"][-1]
        self.assertEqual((month["amount"], month["written_off"]), (0.0, 0.0))

    def test_money_that_went_back_was_no_payment_of_the_customer(self):
        payment = self._payment(self.customer, 100.0)
        payment.move_id._reverse_moves([{"date": self.today}], cancel=True)
        back = self._payment(self.customer, -50.0)
        self._match(self._payment(self.customer, 50.0).move_id, back.move_id)
        month = self._profile(self.customer).payment_picture["months"][-1]
        self.assertEqual((month["amount"], month["written_off"]), (0.0, 0.0))


@tagged("post_install", "-at_install")
class TestWrittenOff(MatchingCommon):
    """Promises about items that are written off: nobody is praised, nobody blamed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._debtor("Debtor", (100.0, 1))
        cls.invoice = cls.debtor.invoice_ids
        cls.item = cls._items(cls.debtor)

    def _assert(self, promise, state, kept, reason=None):
        self.assertEqual(
            (promise.state, promise.kept_amount, promise.cancel_reason_id),
            (state, kept, reason or promise.cancel_reason_id.browse()),
        )

    def test_a_promise_of_100_that_is_written_off_is_cancelled_with_the_reason(self):
        promise = self._promise(self.item)
        self._write_off(self.invoice, 100.0)
        self._assert(promise, "cancelled", 0.0, self.written_off)
        self.assertEqual(promise.closed_on, self.today)
        self.assertFalse(promise.line_ids.suspended_until)
        self.assertIn("Cancelled: Written off", promise.message_ids[0].body)
        profile = self._profile(self.debtor)
        self.assertEqual(profile.broken_promise_count, 0)
        self.assertFalse(profile.kept_promise_rate)

    def test_an_invoice_written_off_one_day_late_makes_nobody_a_prompt_payer(self):
        self._write_off(self.invoice, 100.0)
        self.profiles.sudo()._write_history(self.company)
        self.assertEqual(self._profile(self.debtor).payer_type, "new")

    def test_it_is_open_again_when_the_write_off_is_taken_back(self):
        promise = self._promise(self.item)
        entry = self._write_off(self.invoice, 100.0)
        entry._reverse_moves([{"date": self.today}], cancel=True)
        self._assert(promise, "open", 0.0)
        self.assertFalse(promise.is_written_off)
        self.assertEqual(promise.line_ids.suspended_until, self._day(5))
        self._pay(self.invoice, 100.0)
        self._assert(promise, "kept", 100.0)

    def test_one_that_was_broken_before_stays_broken(self):
        for day in (0, -7):  # the entry is of a day after the last one, or before it
            debtor = self._debtor(f"Debtor {day}", (100.0, 12))
            promise = self._past(self._promise(self._items(debtor)), 6)
            self._night()
            self._assert(promise, "broken", 0.0)
            self._write_off(debtor.invoice_ids, 100.0, date=self._day(day))
            self.assertTrue(self._items(debtor).reconciled)
            self._night()
            self._assert(promise, "broken", 0.0)
            self.assertEqual(self._profile(debtor).broken_promise_count, 1)

    def test_one_that_was_kept_in_part_stays_so(self):
        promise = self._past(self._promise(self.item), 6)
        self._pay(self.invoice, 40.0, date=self._day(-2))
        self._assert(promise, "partly_kept", 40.0)
        self._write_off(self.invoice, 60.0)
        self._assert(promise, "partly_kept", 40.0)
        self.assertEqual(promise.due_amount, 100.0)

    def test_nobody_opens_it_again_by_hand(self):
        promise = self._promise(self.item)
        self._write_off(self.invoice, 100.0)
        with self.assertRaises(UserError):
            promise.action_reopen()

    def test_one_that_was_withdrawn_keeps_its_reason(self):
        promise = self._promise(self.item)
        promise._cancel(self.reason_mistake)
        entry = self._write_off(self.invoice, 100.0)
        self._night()
        self._assert(promise, "cancelled", 0.0, self.reason_mistake)
        entry.line_ids.remove_move_reconcile()
        self._assert(promise, "cancelled", 0.0, self.reason_mistake)

    def test_what_was_written_off_before_was_not_promised(self):
        self._write_off(self.invoice, 30.0)
        promise = self._promise(self.item)
        self._pay(self.invoice, 70.0)
        self._assert(promise, "kept", 70.0)

    def test_a_small_leftover_that_is_written_off_is_nothing(self):
        self.company.credit_overdue_tolerance = 0.5
        for paid, state in ((99.5, "kept"), (99.49, "cancelled")):
            debtor = self._debtor(f"Debtor {paid}", (100.0, 12))
            promise = self._promise(self._items(debtor))
            self._pay_off(debtor.invoice_ids, paid)
            self.assertEqual((promise.state, promise.kept_amount), (state, paid))

    def test_the_last_instalment_is_the_one_that_is_written_off(self):
        first = self._promise(self.item, days=5, amounts=[50.0])
        second = self._promise(
            self.item, days=12, amounts=[50.0], plan_id=first.id, instalment=2
        )
        self._pay(self.invoice, 50.0)
        self._write_off(self.invoice, 50.0)
        self._assert(first, "kept", 50.0)
        self._assert(second, "cancelled", 0.0, self.written_off)
        self.assertEqual(self._profile(self.debtor).kept_promise_rate, 1.0)

    def test_an_entry_on_the_bank_account_waits_like_a_payment_to_be_matched(self):
        promise = self._past(self._promise(self.item), 6)
        liquidity = self.bank.default_account_id
        for account, unapplied in ((self.expense, 0.0), (liquidity, 100.0)):
            entry = self._entry(
                self.invoice,
                100.0,
                (account, 100.0),
                match=False,
                date=self._day(-3),
            )
            self._night()
            self.assertEqual(promise.unapplied_amount, unapplied)
            self.assertEqual(promise.state, "open" if unapplied else "broken")
        self._match(self.invoice, entry)
        self._assert(promise, "kept", 100.0)
