from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestProfileHistory(CreditCommon):
    """Turnover, average delay and kind of payer of the last twelve months."""

    def _paid(self, amount, late, ago=10, customer=None):
        """Book an invoice that was paid ``ago`` days ago, so many days late."""
        invoice = self._receivable(customer, amount, due_in=-ago - late)
        day = self.today - timedelta(days=ago)
        self._payment(customer, amount, invoice, date=day)
        return invoice

    def _history(self, customer=None):
        profile = self._profile(customer or self.customer)
        self.profiles.sudo()._write_history(self.company)
        return profile

    def test_the_delay_is_weighted_by_the_amounts(self):
        self._paid(300.0, late=10)
        self._paid(100.0, late=30)
        # (300 × 10 + 100 × 30) / 400 = 15
        profile = self._history()
        self.assertEqual(profile.average_days_late, 15.0)
        self.assertEqual(profile.payer_type, "slow")

    def test_instalments_of_one_invoice_count_with_their_own_days(self):
        invoice = self._receivable(amount=100.0, due_in=-20)
        for amount, ago in ((40.0, 20), (60.0, 10)):
            day = self.today - timedelta(days=ago)
            self._payment(None, amount, invoice, date=day)
        # 40 × 0 + 60 × 10 = 600, of 100
        self.assertEqual(self._history().average_days_late, 6.0)

    def test_who_pays_early_has_a_negative_delay(self):
        self._paid(100.0, late=-5)
        self.assertEqual(self._history().average_days_late, -5.0)

    def test_kinds_of_payers_at_their_borders(self):
        kinds = {5: "prompt", 6: "slow", 30: "slow", 31: "late"}
        for late, kind in kinds.items():
            customer = self._customer(f"Payer {late}")
            self._paid(100.0, late=late, customer=customer)
            self.assertEqual(self._history(customer).payer_type, kind)

    def _assert_late(self, days, kind, customer=None):
        """Assert the average and the kind, of all customers at once and of this one."""
        profile = self._history(customer)
        at_once = (profile.average_days_late, profile.payer_type)
        self.assertEqual(at_once, (days, kind))
        self.assertFalse(
            self.profiles.sudo()._write_history(self.company, profile.partner_id.ids)
        )
        profile.sudo().write({"average_days_late": -1.0, "payer_type": False})
        self.profiles.sudo()._write_history(self.company, profile.partner_id.ids)
        alone = (profile.average_days_late, profile.payer_type)
        self.assertEqual(alone, (days, kind))

    def test_who_has_paid_nothing_and_owes_nothing_late_is_new(self):
        self._receivable(amount=100.0, due_in=1)
        self._assert_late(0.0, "new")

    def test_what_is_open_and_overdue_counts_up_to_today(self):
        for _invoice in range(4):
            self._paid(50.0, late=0)
        self._receivable(amount=20000.0, due_in=-150)
        # 20000 x 150 / 20200
        self._assert_late(148.5, "late")

    def test_who_pays_nothing_is_no_prompt_payer_at_any_border(self):
        kinds = {0: "new", 5: "new", 6: "slow", 30: "slow", 31: "late"}
        for late, kind in kinds.items():
            customer = self._customer(f"Debtor {late}")
            self._receivable(customer, 100.0, due_in=-late)
            self._assert_late(float(late), kind, customer)

    def test_days_to_pay_count_up_to_today_as_well(self):
        day = self.today - timedelta(days=40)
        self._receivable(amount=300.0, due_in=-10, invoice_date=day)
        self._paid(100.0, late=0, ago=5)
        # (300 x 40 + 100 x 0) / 400
        self.assertEqual(self._history().average_days_to_pay, 30.0)

    def test_what_was_paid_of_an_overdue_item_counts_beside_what_is_open(self):
        invoice = self._receivable(amount=1000.0, due_in=-50)
        day = self.today - timedelta(days=50)
        self._payment(None, 900.0, invoice, date=day)
        # (900 x 0 + 100 x 50) / 1000
        self._assert_late(5.0, "prompt")

    def test_of_what_is_not_due_yet_nothing_counts(self):
        invoice = self._receivable(amount=1000.0, due_in=50)
        self._payment(None, 900.0, invoice)
        self._assert_late(0.0, "new")

    def test_overdue_instalments_count_with_their_own_days(self):
        invoice = self._receivable(amount=100.0, due_in=20, post=False)
        invoice.invoice_payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "Today and in ten days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((25, 0), (25, 10), (50, 60))
                ],
            }
        )
        invoice.invoice_date = self.today - timedelta(days=30)
        invoice.action_post()
        # 25 x 30 + 25 x 20 = 1250, of 50; the rest is not due
        self._assert_late(25.0, "slow")

    def test_open_credit_notes_and_money_are_not_late(self):
        self._receivable(amount=-500.0, due_in=-90)
        self._payment(amount=200.0, date=self.today - timedelta(days=80))
        self._receivable(amount=100.0, due_in=-10)
        self._assert_late(10.0, "slow")

    def test_a_foreign_invoice_counts_as_it_is_booked(self):
        currency = self.setup_other_currency("GBP", rates=[("2000-01-01", 2.0)])
        self._receivable(amount=600.0, due_in=-20, currency_id=currency.id)
        self._receivable(amount=100.0, due_in=-40)
        # 600 are worth 300: (300 x 20 + 100 x 40) / 400
        self._assert_late(25.0, "slow")

    def test_what_branches_have_open_counts_and_what_others_have_does_not(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        other = self.setup_other_company()["company"]
        self._receivable(amount=30.0, due_in=-20, company_id=branch.id)
        self._receivable(amount=70.0, due_in=-90, company_id=other.id)
        self._assert_late(20.0, "slow")

    def test_what_is_disputed_is_not_late(self):
        invoice = self._receivable(amount=100.0, due_in=-40)
        self._receivable(amount=100.0, due_in=-10)
        item = self._open_items(invoice)
        item.sudo().collection_disputed_amount = 60.0
        # (40 x 40 + 100 x 10) / 140 = 18.57
        self._assert_late(18.6, "slow")
        item.sudo().collection_disputed_amount = 100.0
        self._assert_late(10.0, "slow")

    def test_small_leftovers_make_nobody_late(self):
        self.company.credit_overdue_tolerance = 1.0
        self._receivable(amount=1.0, due_in=-100)
        self._assert_late(0.0, "new")
        self._receivable(amount=1.01, due_in=-100)
        self._assert_late(100.0, "late")

    def test_a_debt_by_entry_counts_from_the_day_it_is_due(self):
        receivable = self.company_data["default_account_receivable"]
        day = self.today - timedelta(days=150)
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "date_maturity": day,
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        (receivable, 500.0),
                        (self.company_data["default_account_revenue"], -500.0),
                    )
                ],
            }
        )
        entry.action_post()
        self._assert_late(150.0, "late")
        self._payment(None, 500.0, entry, date=self.today)
        self._assert_late(150.0, "late")

    def test_what_a_credit_note_settled_was_not_paid(self):
        invoice = self._receivable(amount=100.0, due_in=-50)
        self._open_items(invoice + self._receivable(amount=-100.0)).reconcile()
        self.assertEqual(self._history().payer_type, "new")

    def test_only_twelve_months_count(self):
        self._paid(100.0, late=0, ago=364)
        self._paid(100.0, late=40, ago=365)
        profile = self._history()
        self.assertEqual(profile.average_days_late, 0.0)
        self.assertEqual(profile.revenue_amount, 100.0)

    def test_the_turnover_is_invoices_less_credit_notes(self):
        self._receivable(amount=250.0)
        self._receivable(amount=-50.0)
        self._receivable(amount=999.0, post=False)
        self.assertEqual(self._history().revenue_amount, 200.0)

    def test_contacts_count_with_their_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self._paid(100.0, late=7, customer=contact)
        profile = self._history()
        self.assertEqual(profile.average_days_late, 7.0)
        self.assertEqual(profile.revenue_amount, 100.0)

    def test_branches_count_with_their_root_company_and_others_do_not(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        other = self.setup_other_company()["company"]
        self._receivable(amount=30.0, company_id=branch.id)
        self._receivable(amount=70.0, company_id=other.id)
        self.assertEqual(self._history().revenue_amount, 30.0)

    def test_only_rows_that_change_are_written(self):
        self._paid(100.0, late=7)
        profile = self._history()
        history = self.profiles.sudo()._write_history
        self.assertFalse(history(self.company))
        self._paid(100.0, late=9)
        self.assertEqual(history(self.company), profile)

    def test_nobody_writes_it_by_hand(self):
        with self.assertRaises(AccessError):
            self._history().with_user(self.manager).payer_type = "prompt"

    def test_all_customers_take_one_query(self):
        self._history()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.profiles.sudo()._write_history(self.company)
