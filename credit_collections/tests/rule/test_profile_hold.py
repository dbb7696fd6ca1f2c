from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestProfileHold(CreditCommon):
    """A credit manager puts a customer on hold, and lifts the hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule("manual")
        cls.profile = cls._profile(cls.customer).with_user(cls.manager)
        cls.reason = cls.env["credit.reason"].create(
            {"name": "Insolvent", "kind": "status"}
        )

    def _hold(self):
        self.profile.status_reason_id = self.reason
        self.profile.action_set_on_hold()

    def _confirm(self):
        order = self._order(amount=100.0)
        order.with_user(self.salesperson).action_confirm()
        return order

    # === SET === #

    def test_a_hold_needs_a_reason(self):
        with self.assertRaisesRegex(UserError, "reason"):
            self.profile.action_set_on_hold()
        self.assertEqual(self.profile.credit_status, "none")

    def test_a_hold_of_many_needs_a_reason_for_each(self):
        self.profile.status_reason_id = self.reason
        other = self._profile(self._customer("Other"))
        with self.assertRaises(UserError):
            (self.profile + other).action_set_on_hold()
        self.assertEqual(self.profile.credit_status, "none")

    def test_a_hold_with_a_reason(self):
        self._hold()
        self.assertEqual(self.profile.credit_status, "orders")

    def test_a_hold_stops_orders(self):
        self._hold()
        order = self._confirm()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.credit_hold_id.line_ids.kind, "manual")

    def test_a_decision_knows_of_the_hold(self):
        self._hold()
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertTrue(credit[self.customer.id].on_hold)

    def test_the_button_asks_for_the_reason(self):
        action = self.profile.action_put_on_hold()
        self.assertEqual(
            (action["res_model"], action["res_id"], action["target"]),
            ("credit.profile", self.profile.id, "new"),
        )

    @mute_logger("odoo.sql_db")
    def test_a_reason_in_use_is_not_deleted(self):
        self._hold()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.reason.unlink()

    # === LIFT === #

    def test_a_hold_that_is_lifted_leaves_nothing_behind(self):
        self._hold()
        self.profile.status_review_date = self.today
        self.profile.action_lift_hold()
        self.assertEqual(self.profile.credit_status, "none")
        self.assertFalse(self.profile.status_reason_id)
        self.assertFalse(self.profile.status_review_date)

    def test_orders_pass_after_the_hold(self):
        self._hold()
        self.profile.action_lift_hold()
        self.assertEqual(self._confirm().state, "sale")

    def test_lifting_looks_at_the_orders_that_were_held(self):
        self._hold()
        hold = self._confirm().credit_hold_id
        self.profile.action_lift_hold()
        self.assertTrue(hold.is_ready)

    def test_lifting_a_hold_that_is_none_changes_nothing(self):
        self.profile.action_lift_hold()
        self.assertEqual(self.profile.credit_status, "none")

    # === WHO MAY === #

    def test_a_controller_may_not_set_a_hold(self):
        profile = self.profile.with_user(self.controller)
        with self.assertRaises(AccessError):
            profile.action_put_on_hold()
        with self.assertRaises(AccessError):
            profile.write({"credit_status": "orders"})
        with self.assertRaises(AccessError):
            profile.write({"status_reason_id": self.reason.id})

    def test_a_controller_may_not_lift_a_hold(self):
        self._hold()
        with self.assertRaises(AccessError):
            self.profile.with_user(self.controller).action_lift_hold()
        self.assertEqual(self.profile.credit_status, "orders")

    def test_a_salesperson_may_do_neither(self):
        profile = self.profile.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            profile.action_put_on_hold()
        with self.assertRaises(AccessError):
            profile.action_lift_hold()
