from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from .common import RiskCommon


@tagged("post_install", "-at_install")
class TestRiskFacts(RiskCommon):
    """What is known about customers: each fact, and when it is not known."""

    def _fact(self, kind, customer=None):
        """Return one fact of a customer, as the score sees it."""
        self.factors.search([]).unlink()
        self._factor(kind)
        return self._facts(self._scored(customer))[kind]

    def _paid_late(self, days, terms):
        """Let the customer pay an invoice that was due so many days ago, today."""
        due = self.today - timedelta(days=days)
        invoice = self._receivable(
            due_in=-days, invoice_date=due - timedelta(days=terms)
        )
        self._payment(amount=100.0, invoices=invoice)

    def test_days_late_and_days_to_pay(self):
        self._paid_late(days=10, terms=30)
        self.assertEqual(self._fact("days_late"), 10.0)
        self.assertEqual(self._fact("days_to_pay"), 40.0)

    def test_who_paid_nothing_has_no_average_before_it_is_late(self):
        self._receivable(due_in=-5)
        self.assertIsNone(self._fact("days_late"))
        self.assertIsNone(self._fact("days_to_pay"))

    def test_who_owes_for_long_is_late_whatever_was_paid(self):
        for _invoice in range(4):
            self._payment(amount=50.0, invoices=self._receivable(amount=50.0))
        day = self.today - timedelta(days=180)
        self._receivable(amount=20000.0, due_in=-150, invoice_date=day)
        # 20000 x 150 / 20200, and x 180
        self.assertEqual(self._fact("days_late"), 148.5)
        self.assertEqual(self._fact("days_to_pay"), 178.2)

    def test_years_are_whole_on_the_anniversary(self):
        profile = self._profile(self.customer)
        since = self.today - relativedelta(years=5)
        profile.customer_since = since
        self.assertEqual(self._fact("customer_since"), 5.0)
        profile.customer_since = since + timedelta(days=1)
        # four years and eleven months
        self.assertEqual(self._fact("customer_since"), 4.92)
        profile.business_since = since - relativedelta(months=3)
        self.assertEqual(self._fact("business_since"), 5.25)

    def test_the_first_invoice_makes_a_customer(self):
        self.assertIsNone(self._fact("customer_since"))
        self._receivable(due_in=-40)
        self._receivable(due_in=-400)
        profile = self._scored()
        self.assertEqual(profile.customer_since, self.today - timedelta(days=400))
        self._receivable(due_in=-500)
        self.assertEqual(self._scored().customer_since, profile.customer_since)

    def test_days_sales_outstanding_of_a_year(self):
        # 50,000 of 150,000 are open: 50 / 150 x 365 = 121.67 days
        self._profile(self.customer).customer_since = self.today - timedelta(days=900)
        self._pay_all_but(50000.0, of=150000.0)
        self.assertEqual(self._fact("dso"), 121.7)

    def test_days_sales_outstanding_of_new_customers(self):
        self._pay_all_but(50000.0, of=150000.0)
        for days, expected in ((183, 61.0), (283, 94.3)):
            since = self.today - timedelta(days=days)
            self._profile(self.customer).customer_since = since
            self.assertEqual(self._fact("dso"), expected)

    def test_without_sales_there_are_no_days_of_sales(self):
        self._receivable(amount=100.0, due_in=-400)
        self.assertIsNone(self._fact("dso"))

    def _pay_all_but(self, left, of):
        invoice = self._receivable(amount=of, due_in=-20)
        self._payment(amount=of - left, invoices=invoice)

    def test_the_average_balance_is_that_of_all_days(self):
        # 365 days ending today: 73 of them owe 1,000 (the last 73), 292 owe nothing
        # but a euro of long ago
        self._receivable(amount=1.0, due_in=-900)
        self._receivable(amount=1000.0, due_in=-72)
        # 1 + 1000 x 73 / 365 = 201
        self.assertEqual(self._fact("average_balance"), 201.0)

    def test_the_average_balance_of_new_customers_is_that_of_their_days(self):
        self._receivable(amount=1000.0, due_in=-9)
        self._receivable(amount=500.0, due_in=-4)
        # 10 days of 1,000 and 5 of 500: (10000 + 2500) / 10
        self.assertEqual(self._fact("average_balance"), 1250.0)

    def test_what_a_day_s_payment_took_is_gone_that_day(self):
        invoice = self._receivable(amount=1000.0, due_in=-9)
        self._payment(amount=1000.0, invoices=invoice)
        # nine days of 1,000, and the day of the payment
        self.assertEqual(self._fact("average_balance"), 900.0)

    def test_the_share_that_is_overdue(self):
        self._receivable(amount=50.0, due_in=-5)
        self._receivable(amount=150.0, due_in=5)
        self.assertEqual(self._fact("overdue_share"), 0.25)

    def test_who_owes_nothing_any_more_has_nothing_overdue(self):
        self._paid_late(days=1, terms=0)
        self.assertEqual(self._fact("overdue_share"), 0.0)

    def test_only_limited_customers_use_a_limit(self):
        self._receivable(amount=80.0)
        self.assertIsNone(self._fact("limit_used"))
        self._profile(self.customer).write(
            {"limit_policy": "limited", "credit_limit": 100.0}
        )
        self.assertEqual(self._fact("limit_used"), 0.8)

    def test_payments_that_bounced(self):
        self._receivable(amount=500.0)
        self.assertEqual(self._fact("bounced_payments"), 0.0)
        self._payment(amount=10.0)
        self._payment(amount=10.0).action_reject()
        self._payment(
            amount=10.0, date=self.today - timedelta(days=366)
        ).action_reject()
        self.assertEqual(self._fact("bounced_payments"), 1.0)
        reversed_one = self._payment(amount=20.0)
        self.assertTrue(reversed_one.move_id)
        reversed_one.move_id._reverse_moves(cancel=True)
        self.assertEqual(self._fact("bounced_payments"), 2.0)

    def test_open_disputes(self):
        invoice = self._receivable(amount=500.0)
        self.assertEqual(self._fact("open_disputes"), 0.0)
        reason = self.env["credit.reason"].search(
            [("kind", "=", "dispute"), ("department_id", "!=", False)], limit=1
        )
        item = self._open_items(invoice).with_user(self.collector)
        dispute = item._open_dispute(
            {"reason_id": reason.id}, [{"move_line_id": item.id, "amount": 9.0}]
        )
        self.assertEqual(self._fact("open_disputes"), 1.0)
        dispute.action_withdraw()
        self.assertEqual(self._fact("open_disputes"), 0.0)

    def test_words(self):
        self.customer.country_id = self.env.ref("base.be")
        self.assertEqual(self._fact("country"), str(self.env.ref("base.be").id))
        self.assertIsNone(self._fact("status"))
        self._profile(self.customer).write(
            {"credit_status": "orders", "external_rating": " a1"}
        )
        self.assertEqual(self._fact("status"), "orders")
        self.assertEqual(self._fact("rating"), "A1")

    def test_good_behaviour_of_who_never_bought_is_not_known(self):
        newcomer = self._customer("Newcomer")
        for kind in (
            "overdue_share",
            "overdue_days",
            "broken_promises",
            "open_disputes",
            "bounced_payments",
            "revenue",
        ):
            self.assertIsNone(self._fact(kind, newcomer), kind)

    def test_facts_in_words(self):
        profile = self._profile(self.customer)
        be = self.env.ref("base.be")
        for kind, fact, words in (
            ("overdue_share", 0.25, "25 %"),
            ("customer_since", 4.92, "4.9 years"),
            ("broken_promises", 2.0, "2"),
            ("country", str(be.id), be.name),
            ("status", "orders", "Orders on hold"),
            ("rating", "A1", "A1"),
            ("dso", None, "not known"),
        ):
            self.assertEqual(profile._risk_words(kind, fact), words)
