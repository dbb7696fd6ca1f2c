from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureReceivables(CreditCommon):
    """What is booked: open items by due date, and money that is not matched yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instalments = cls.env["account.payment.term"].create(
            {
                "name": "30 % at once, 70 % in 30 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 30.0, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 70.0, "nb_days": 30}
                    ),
                ],
            }
        )

    def _entry(self, amount, customer=None, account=None, **values):
        """Book a manual journal entry: receivable against income."""
        values.setdefault("partner_id", (customer or self.customer).id)
        receivable = account or self.company_data["default_account_receivable"]
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {"account_id": receivable.id, "balance": amount, **values}
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    def _ledger(self, customer=None):
        """Return the sum of posted residuals, the way core sums them up."""
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", (customer or self.customer).id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(items.mapped("amount_residual"))

    # === DUE DATES === #

    def test_a_customer_who_owes_nothing_has_no_row(self):
        self.assertNotIn(
            self.customer.id, self.profiles._exposure_map(self.company, None)
        )

    def test_due_tomorrow_is_not_due(self):
        self._receivable(amount=100.0, due_in=1)
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_due_today_is_not_overdue(self):
        self._receivable(amount=100.0, due_in=0)
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_due_yesterday_is_overdue(self):
        self._receivable(amount=100.0, due_in=-1)
        self.assertEqual(self._exposure(), {"overdue": 100.0})

    def test_an_item_without_due_date_is_not_due(self):
        self._entry(70.0, date_maturity=False)
        self.assertEqual(self._exposure(), {"not_due": 70.0})

    def test_the_oldest_due_date_is_that_of_the_oldest_overdue_item(self):
        for days in (-3, -40, -7, 10):
            self._receivable(amount=10.0, due_in=days)
        row = self.profiles._exposure_map(self.company, self.customer.ids)
        self.assertEqual(
            row[self.customer.id]["oldest_due"], self.today - timedelta(days=40)
        )

    def test_nothing_overdue_has_no_oldest_due_date(self):
        self._receivable(amount=10.0, due_in=0)
        row = self.profiles._exposure_map(self.company, self.customer.ids)
        self.assertIsNone(row[self.customer.id]["oldest_due"])

    def test_an_overdue_credit_note_is_not_the_oldest_overdue_item(self):
        self._receivable(amount=-10.0, due_in=-40)
        self._receivable(amount=10.0, due_in=-3)
        row = self.profiles._exposure_map(self.company, self.customer.ids)
        self.assertEqual(
            row[self.customer.id]["oldest_due"], self.today - timedelta(days=3)
        )

    def test_the_day_of_the_figures_can_be_chosen(self):
        self._receivable(amount=100.0, due_in=5)
        later = self.today + timedelta(days=6)
        rows = self.profiles._exposure_map(self.company, self.customer.ids, later)
        self.assertEqual(rows[self.customer.id]["overdue"], 100.0)

    # === INSTALMENTS === #

    def test_each_instalment_counts_by_its_own_due_date(self):
        # 1000, ten days ago: 300 due at once are overdue, 700 are due in 20 days
        self._receivable(
            amount=1000.0,
            due_in=-10,
            invoice_payment_term_id=self.instalments.id,
        )
        self.assertEqual(self._exposure(), {"overdue": 300.0, "not_due": 700.0})

    def test_a_payment_of_the_first_instalment_leaves_the_second(self):
        invoice = self._receivable(
            amount=1000.0,
            due_in=-10,
            invoice_payment_term_id=self.instalments.id,
        )
        self._payment(amount=300.0, invoices=invoice)
        self.assertEqual(self._exposure(), {"not_due": 700.0})

    # === PAYMENTS AND CREDIT NOTES === #

    def test_a_partial_payment_leaves_the_rest(self):
        invoice = self._receivable(amount=100.0, due_in=-5)
        self._payment(amount=30.0, invoices=invoice)
        self.assertEqual(self._exposure(), {"overdue": 70.0})

    def test_a_full_payment_leaves_nothing(self):
        invoice = self._receivable(amount=100.0, due_in=-5)
        self._payment(amount=100.0, invoices=invoice)
        self.assertEqual(self._exposure(), {})

    def test_an_overpayment_leaves_the_surplus_unapplied(self):
        invoice = self._receivable(amount=100.0, due_in=-5)
        self._payment(amount=120.0, invoices=invoice)
        self.assertEqual(self._exposure(), {"unapplied": -20.0})

    def test_an_unapplied_payment_lowers_the_exposure(self):
        self._receivable(amount=100.0, due_in=-5)
        self._payment(amount=30.0)
        self.assertEqual(self._exposure(), {"overdue": 100.0, "unapplied": -30.0})

    def test_a_draft_payment_counts_nothing(self):
        payment = self._payment(amount=30.0)
        payment.action_draft()
        self.assertEqual(self._exposure(), {})

    def test_money_paid_back_cancels_an_overpayment(self):
        self._payment(amount=30.0)
        self._payment(amount=-30.0)
        exposure = self._exposure()
        self.assertEqual(sum(exposure.values()), 0.0)

    def test_an_unapplied_credit_note_lowers_the_exposure(self):
        self._receivable(amount=100.0, due_in=10)
        self._receivable(amount=-40.0)
        self.assertEqual(self._exposure(), {"not_due": 100.0, "unapplied": -40.0})

    def test_a_credit_note_matched_to_its_invoice_leaves_the_rest(self):
        invoice = self._receivable(amount=100.0, due_in=10)
        note = self._receivable(amount=-40.0)
        self._open_items(invoice + note).reconcile()
        self.assertEqual(self._exposure(), {"not_due": 60.0})

    def test_a_payment_that_is_unmatched_again_brings_the_invoice_back(self):
        invoice = self._receivable(amount=100.0, due_in=-5)
        self._payment(amount=100.0, invoices=invoice)
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self._exposure(), {"overdue": 100.0, "unapplied": -100.0})

    # === WHAT ELSE IS BOOKED === #

    def test_a_cancelled_invoice_counts_nothing(self):
        invoice = self._receivable(amount=100.0)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(self._exposure(), {})

    def test_a_sales_receipt_counts(self):
        self._receivable(amount=100.0, due_in=1, move_type="out_receipt")
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_a_manual_entry_counts(self):
        self._entry(70.0, date_maturity=self.today - timedelta(days=1))
        self.assertEqual(self._exposure(), {"overdue": 70.0})

    def test_all_receivable_accounts_count(self):
        other = self.copy_account(self.company_data["default_account_receivable"])
        self._receivable(amount=100.0, due_in=1)
        self._entry(70.0, account=other, date_maturity=self.today)
        self.assertEqual(self._exposure(), {"not_due": 170.0})

    def test_an_archived_receivable_account_counts(self):
        other = self.copy_account(self.company_data["default_account_receivable"])
        self._entry(70.0, account=other, date_maturity=self.today)
        other.active = False
        self.assertEqual(self._exposure(), {"not_due": 70.0})

    def test_an_archived_customer_still_owes(self):
        self._receivable(amount=100.0, due_in=1)
        self.customer.active = False
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_the_posted_parts_agree_with_core(self):
        # 100 + 250 + 70 - 30 of 250 paid - 45 credit note - 20 unapplied = 325
        invoice = self._receivable(amount=250.0, due_in=-9)
        self._receivable(amount=100.0, due_in=9)
        self._entry(70.0)
        self._payment(amount=30.0, invoices=invoice)
        self._receivable(amount=-45.0)
        self._payment(amount=20.0)
        posted = sum(self._exposure().values())
        self.assertEqual(posted, 325.0)
        self.assertAlmostEqual(posted, self._ledger())
        self.assertAlmostEqual(posted, self.customer.credit)
