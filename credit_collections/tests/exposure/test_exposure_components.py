from odoo.tests import tagged

from ..common import CreditCommon

EVERYTHING = {
    "overdue": 100.0,
    "not_due": 90.0,
    "unapplied": -30.0,
    "draft": 20.0,
    "order": 200.0,
    "deposit": -40.0,
}


@tagged("post_install", "-at_install")
class TestExposureComponents(CreditCommon):
    """A company chooses what counts. A customer with one of each:

    100 overdue, 50 not due, 30 unapplied, a draft of 20, an order of 200 with a down
    payment of 40 that is not due either: 340 in all.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._receivable(amount=100.0, due_in=-5)
        cls._receivable(amount=50.0, due_in=5)
        cls._payment(amount=30.0)
        cls._receivable(amount=20.0, post=False)
        cls._down_payment(cls._confirmed(amount=200.0), amount=40.0)
        cls.profile = cls._profile(cls.customer)

    def _leave_out(self, *names):
        self.company.write({f"credit_count_{name}": False for name in names})

    def _assert_left_out(self, *names):
        expected = {key: EVERYTHING[key] for key in EVERYTHING if key not in names}
        self.assertEqual(self._exposure(), expected)

    def test_everything_counts_by_default(self):
        self._assert_left_out()

    def test_overdue_receivables_can_be_left_out(self):
        self._leave_out("overdue")
        self._assert_left_out("overdue")

    def test_receivables_not_due_can_be_left_out(self):
        self._leave_out("not_due")
        self._assert_left_out("not_due")

    def test_unapplied_payments_can_be_left_out(self):
        self._leave_out("unapplied")
        self._assert_left_out("unapplied")

    def test_drafts_can_be_left_out(self):
        self._leave_out("draft")
        self._assert_left_out("draft")

    def test_deposits_can_be_left_out(self):
        self._leave_out("deposit")
        self._assert_left_out("deposit")

    def test_orders_can_be_left_out_and_their_deposits_with_them(self):
        self._leave_out("order")
        self._assert_left_out("order", "deposit")

    def test_everything_can_be_left_out(self):
        self._leave_out(*EVERYTHING)
        self._assert_left_out(*EVERYTHING)

    def test_a_switch_brings_the_stored_figures_up_to_date(self):
        self.profiles._refresh_figures(self.company)
        self.assertEqual(self.profile.exposure, 340.0)
        self._leave_out("order")
        self.assertEqual(self.profile.exposure, 180.0)
        self.assertEqual(self.profile.order_amount, 0.0)

    def test_the_picture_shows_only_what_counts(self):
        self._leave_out("draft", "delivered", "order")
        parts = self.profile.exposure_picture["parts"]
        self.assertEqual(
            [part["name"] for part in parts], ["overdue", "not_due", "unapplied"]
        )

    def test_the_age_of_the_debt_is_known_where_it_does_not_count(self):
        self._leave_out("overdue")
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertEqual(credit[self.customer.id].overdue_days, 5)

    def test_a_decision_sees_the_components_of_the_customer(self):
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertEqual(
            credit[self.customer.id].components, {**EVERYTHING, "delivered": 0.0}
        )
        self.assertEqual(credit[self.customer.id].exposure, 340.0)

    def test_a_decision_sees_zeros_where_a_customer_owes_nothing(self):
        stranger = self._customer("Stranger")
        credit = self.profiles._collect(self.company, stranger.ids)
        self.assertEqual(
            credit[stranger.id].components,
            dict.fromkeys((*EVERYTHING, "delivered"), 0.0),
        )

    def test_a_decision_can_leave_orders_out(self):
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id), ("state", "=", "sale")]
        )
        credit = self.profiles._collect(
            self.company, self.customer.ids, without_orders=order.ids
        )
        # the down payment is a receivable all the same: 340 - 200 + 40
        self.assertEqual(credit[self.customer.id].exposure, 180.0)
