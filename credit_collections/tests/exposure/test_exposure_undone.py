from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureUndone(CreditCommon):
    """What is set back to draft, or rejected, stays matched in Odoo 19. It settles
    nothing: the posted parts are the balance of the ledger."""

    def setUp(self):
        super().setUp()
        self.invoice = self._receivable(amount=100.0, due_in=-5)

    def _ledger(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(line.balance), 0)
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted' AND line.partner_id = %s
            """,
            [self.customer.id],
        )
        return float(self.env.cr.fetchone()[0])

    def _assert_booked(self, expected, ledger=100.0):
        """The figures, those without drafts, and the books: all say the same."""
        for counts_drafts in (True, False):
            self.company.credit_count_draft = counts_drafts
            self.assertEqual(self._exposure(), expected)
            everybody = self.profiles._exposure_map(self.company)
            one = self.profiles._exposure_map(self.company, self.customer.ids)
            self.assertEqual(everybody[self.customer.id], one[self.customer.id])
        self.assertEqual(self._ledger(), ledger)

    def _bank_line(self, amount=100.0):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.today,
                "payment_ref": "Transfer",
                "partner_id": self.customer.id,
                "amount": amount,
                "counterpart_account_id": self.company_data[
                    "default_account_receivable"
                ].id,
            }
        )
        self._open_items(line.move_id + self.invoice).reconcile()
        return line.move_id

    def _entry(self, amount=100.0):
        receivable = self.company_data["default_account_receivable"]
        expense = self.company_data["default_account_expense"]
        entry = self.env["account.move"].create(
            {
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "credit": amount,
                        }
                    ),
                    Command.create({"account_id": expense.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        self._open_items(entry + self.invoice).reconcile()
        return entry

    # === BACK TO DRAFT === #

    def test_a_payment_set_back_to_draft_pays_nothing(self):
        payment = self._payment(amount=100.0, invoices=self.invoice)
        self.assertEqual(self._exposure(), {})
        payment.action_draft()
        # what Odoo says
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self._assert_booked({"overdue": 100.0})
        payment.action_post()
        self.assertEqual(self._exposure(), {})

    def test_a_part_of_it_too(self):
        self._payment(amount=30.0, invoices=self.invoice)
        payment = self._payment(amount=50.0, invoices=self.invoice)
        payment.action_draft()
        self._assert_booked({"overdue": 70.0}, ledger=70.0)

    def test_an_item_that_is_not_due_is_not_overdue(self):
        self.invoice = self._receivable(amount=80.0, due_in=5)
        payment = self._payment(amount=80.0, invoices=self.invoice)
        payment.action_draft()
        self._assert_booked({"overdue": 100.0, "not_due": 80.0}, ledger=180.0)

    def test_a_line_of_a_statement_and_an_entry_too(self):
        for settle in (self._bank_line, self._entry):
            with self.subTest(settle.__name__):
                entry = settle()
                self.assertEqual(self._exposure(), {})
                entry.button_draft()
                self._assert_booked({"overdue": 100.0})
                entry.button_cancel()
                self._assert_booked({"overdue": 100.0})

    def test_a_credit_note_set_back_to_draft_lowers_drafts_alone(self):
        note = self._receivable(amount=-100.0)
        self._open_items(self.invoice + note).reconcile()
        note.button_draft()
        self.assertEqual(self._exposure(), {"overdue": 100.0, "draft": -100.0})
        self.company.credit_count_draft = False
        self.assertEqual(self._exposure(), {"overdue": 100.0})

    def test_an_invoice_set_back_to_draft_leaves_its_money_unapplied(self):
        self._payment(amount=100.0, invoices=self.invoice)
        self.invoice.button_draft()
        self.assertEqual(self._exposure(), {})
        self.company.credit_count_draft = False
        self.assertEqual(self._exposure(), {"unapplied": -100.0})

    def test_money_paid_back_that_is_set_back_to_draft_is_unapplied_again(self):
        money = self._payment(amount=40.0)
        back = self._payment(amount=-40.0)
        self._open_items(money.move_id + back.move_id).reconcile()
        back.action_draft()
        self._assert_booked({"overdue": 100.0, "unapplied": -40.0}, ledger=60.0)

    def test_an_invoice_and_its_payment_both_set_back_count_as_a_draft(self):
        payment = self._payment(amount=100.0, invoices=self.invoice)
        payment.action_draft()
        self.invoice.button_draft()
        self.assertEqual(self._exposure(), {"draft": 100.0})
        self.company.credit_count_draft = False
        self.assertEqual(self._exposure(), {})

    def test_the_money_of_somebody_else_pays_nothing_either(self):
        other = self._customer("Mother")
        payment = self._payment(other, 100.0, invoices=self.invoice)
        payment.action_draft()
        self._assert_booked({"overdue": 100.0})
        self.assertEqual(self._exposure(other), {})

    def test_a_rest_below_the_tolerance_is_late_with_what_is_undone(self):
        # 2 are left and make nobody late; 98 in draft make it 100
        self.company.credit_overdue_tolerance = 5.0
        payment = self._payment(amount=98.0, invoices=self.invoice)
        self.assertEqual(self._late(), (0.0, 0))
        payment.action_draft()
        self.assertEqual(self._late(), (100.0, 5))

    def _late(self):
        known = self.profiles._collect(self.company, self.customer.ids)
        credit = known[self.customer.id]
        return credit.overdue_amount, credit.overdue_days

    # === REJECTED === #

    def test_a_payment_that_the_bank_rejects_pays_nothing(self):
        payment = self._payment(amount=100.0, invoices=self.invoice)
        payment.action_reject()
        self.assertEqual(payment.move_id.state, "posted")
        # its entry is in the books until somebody takes it back
        self._assert_booked({"overdue": 100.0}, ledger=0.0)

    def test_what_is_left_of_it_is_no_money(self):
        payment = self._payment(amount=130.0, invoices=self.invoice)
        self.assertEqual(self._exposure(), {"unapplied": -30.0})
        payment.action_reject()
        self._assert_booked({"overdue": 100.0}, ledger=-30.0)

    def test_a_rejected_payment_that_is_matched_with_nothing_is_none(self):
        self._payment(amount=60.0).action_reject()
        self._assert_booked({"overdue": 100.0}, ledger=40.0)

    # === CURRENCIES === #

    def test_without_drafts_an_exchange_difference_is_what_the_ledger_says(self):
        # 100 in a currency worth 1.0 when billed and 0.7206 when paid, and the invoice
        # goes back to draft: the money is 72.06, whatever the difference is
        self.company.credit_count_draft = False
        other = self.setup_other_currency(
            "CAD", rates=[("2000-01-01", 1.0), (self.today, 100.0 / 72.06)]
        )
        self.invoice.button_cancel()
        self.invoice = self._receivable(amount=100.0, due_in=-5, currency_id=other.id)
        for is_before in (False, True):
            with self.subTest(matched_before_the_draft=is_before):
                if is_before:
                    self.invoice.line_ids.remove_move_reconcile()
                    self.invoice.action_post()
                else:
                    self.invoice.button_draft()
                self._payment(amount=100.0, invoices=self.invoice, currency_id=other.id)
                if is_before:
                    self.invoice.button_draft()
                booked = sum(
                    self._exposure().get(name, 0.0)
                    for name in ("overdue", "not_due", "unapplied")
                )
                self.assertAlmostEqual(booked, self._ledger(), 2)
                self.assertNotEqual(booked, 0.0)

    # === HOW IT IS FOUND === #

    def _assert_undone_for(self, *customers):
        expected = {customer.id for customer in customers}
        self.assertEqual(self.company._credit_pot().undone, expected)

    def test_only_whose_payment_is_undone_is_asked_for_it(self):
        payment = self._payment(amount=100.0, invoices=self.invoice)
        self._assert_undone_for()
        payment.action_draft()
        self._assert_undone_for(self.customer)
        payment.action_post()
        self._assert_undone_for()
        payment.action_reject()
        self._assert_undone_for(self.customer)
        payment.action_cancel()
        self._assert_undone_for()

    def test_a_payment_that_is_rejected_before_it_is_matched(self):
        payment = self._payment(amount=100.0)
        payment.action_reject()
        self._assert_undone_for(self.customer)
        other = self._receivable(self._customer("Other"), 100.0)
        self._open_items(payment.move_id + other).reconcile()
        self._assert_undone_for(other.partner_id)
        other.line_ids.remove_move_reconcile()
        self._assert_undone_for(self.customer)

    def test_a_draft_that_is_paid(self):
        draft = self._receivable(amount=100.0, post=False)
        self._assert_undone_for()
        payment = self._payment(amount=100.0, invoices=draft)
        self._assert_undone_for(self.customer)
        payment.move_id.line_ids.remove_move_reconcile()
        self._assert_undone_for()

    def test_a_contact_that_comes_to_another_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self._payment(contact, 100.0).action_reject()
        self._assert_undone_for(self.customer)
        mother = self._customer("Mother")
        contact.parent_id = mother
        self._assert_undone_for(mother)

    def test_the_decision_about_others_asks_for_nothing(self):
        other = self._customer("Other")
        self._payment(amount=100.0, invoices=self.invoice).action_draft()
        pot = self.company._credit_pot()
        self.assertFalse(pot.about([other.id]).undone)
        self.assertTrue(pot.about([other.id, self.customer.id]).undone)
