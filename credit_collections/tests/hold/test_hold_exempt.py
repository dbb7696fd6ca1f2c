from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestHoldExempt(LimitedCommon):
    """Orders that no rule looks at, and overdue items that are too small to count."""

    def _confirm(self, order):
        order.with_user(self.salesperson).action_confirm()
        return order.credit_hold_state or order.state

    # === COMPANIES OF THE DATABASE === #

    def _sister(self):
        sister = self.env["res.company"].create({"name": "Sister"}).partner_id
        sister.property_account_receivable_id = self.company_data[
            "default_account_receivable"
        ]
        self._profile(sister).write({"limit_policy": "none"})
        return sister

    def test_a_company_of_the_database_needs_no_credit(self):
        self.assertEqual(self._confirm(self._order(self._sister(), 5000.0)), "sale")

    def test_a_company_of_the_database_is_checked_where_the_policy_says_so(self):
        self.company.credit_skip_intercompany = False
        self.assertEqual(self._confirm(self._order(self._sister(), 5000.0)), "held")

    def test_one_that_is_to_be_checked_always_is_held(self):
        sister = self._sister()
        self._profile(sister).check_policy = "always"
        self.assertEqual(self._confirm(self._order(sister, 5000.0)), "held")

    def test_a_contact_of_a_company_of_the_database_is_one_too(self):
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self._sister().id}
        )
        self.assertEqual(self._confirm(self._order(buyer, 5000.0)), "sale")

    def test_a_sister_that_was_put_on_hold_is_held(self):
        self._rule("manual")
        sister = self._sister()
        profile = self._profile(sister)
        profile.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_review"
        )
        profile.action_set_on_hold()
        self.assertEqual(self._confirm(self._order(sister, 5.0)), "held")

    # === BY CHOICE === #

    def test_orders_of_a_customer_who_is_never_checked_pass(self):
        self._profile(self.limited).with_user(self.manager).check_policy = "never"
        self.assertEqual(self._confirm(self._order(self.limited, 5000.0)), "sale")

    def test_a_controller_does_not_decide_that(self):
        profile = self._profile(self.limited).with_user(self.controller)
        with self.assertRaises(AccessError):
            profile.check_policy = "never"

    # === SMALL LEFTOVERS === #

    def _late(self, *amounts, tolerance, rule="days_overdue", **values):
        """Tell whether an order of a customer with such overdue items is held."""
        self.company.credit_overdue_tolerance = tolerance
        self.env["credit.rule"].search([]).active = False
        self._rule(rule, limit_share=0.0, **values)
        customer = self._customer(f"Late {amounts} {tolerance}")
        for amount in amounts:
            self._receivable(customer, amount, due_in=-90)
        return self._confirm(self._order(customer, 10.0)) == "held"

    def test_a_leftover_up_to_the_tolerance_makes_nobody_late(self):
        for amount, late in ((0.99, False), (1.0, False), (1.01, True)):
            self.assertEqual(self._late(amount, tolerance=1.0), late, amount)

    def test_without_a_tolerance_every_cent_counts(self):
        self.assertTrue(self._late(0.01, tolerance=0.0))

    def test_what_is_left_of_a_paid_invoice_is_a_leftover(self):
        self.company.credit_overdue_tolerance = 0.05
        self._rule("days_overdue")
        invoice = self._receivable(self.customer, 500.0, due_in=-90)
        self._payment(self.customer, 499.95, invoices=invoice)
        self.assertEqual(self._confirm(self._order(self.customer, 10.0)), "sale")

    def test_leftovers_are_no_overdue_amount_either(self):
        # 5 × 1 is ignored; with 100 more the 100 count, not 105
        self.assertFalse(
            self._late(*[1.0] * 5, tolerance=1.0, rule="overdue_amount", amount=4.0)
        )
        self.assertFalse(
            self._late(100.0, 1.0, tolerance=1.0, rule="overdue_amount", amount=100.0)
        )
        self.assertTrue(
            self._late(100.01, 1.0, tolerance=1.0, rule="overdue_amount", amount=100.0)
        )

    def test_leftovers_take_credit_and_show_all_the_same(self):
        self.company.credit_overdue_tolerance = 1.0
        self._receivable(self.limited, 1.0, due_in=-90)
        self.assertEqual(self._exposure(self.limited), {"overdue": 1.0})
        profile = self._profile(self.limited)
        profile._refresh_figures(self.company)
        self.assertEqual((profile.overdue_amount, profile.overdue_days), (1.0, 90))

    def test_a_negative_tolerance_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.company.credit_overdue_tolerance = -1.0
            self.env.flush_all()

    # === PREPAID === #

    def test_of_an_order_invoiced_and_paid_in_advance_only_the_rest_needs_credit(self):
        # 2,500 with 60 % = 1,500 paid in advance leave 1,000; a cent more is too much
        for amount, state in ((2500.0, "sale"), (2500.01, "held")):
            customer = self._customer(f"Advance {amount}", limit=1000.0)
            self._payment(customer, 1500.0)
            self.assertEqual(self._confirm(self._order(customer, amount)), state)

    # === COST === #

    def test_a_decision_on_an_exempt_order_takes_two_queries(self):
        order = self._order(self._sister(), 5000.0)
        order._credit_verdicts()
        self.env.flush_all()
        before = self.cr.sql_log_count
        order._credit_verdicts(lock=True)
        self.assertEqual(self.cr.sql_log_count - before, 2)
