from datetime import timedelta

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

    def test_who_has_paid_nothing_yet_is_new(self):
        self._receivable(amount=100.0, due_in=-90)
        profile = self._history()
        self.assertEqual((profile.payer_type, profile.average_days_late), ("new", 0.0))

    def test_what_is_paid_in_part_only_does_not_count(self):
        invoice = self._receivable(amount=100.0, due_in=-50)
        self._payment(None, 99.0, invoice)
        self.assertEqual(self._history().payer_type, "new")

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
