from odoo.tests import tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestHoldRefused(LimitedCommon):
    """What is rejected of a confirmed order stays where it is."""

    def _refused(self, quantity):
        """Return an order of 10 at 100 whose growth was rejected, and the hold."""
        order = self._order(self.limited, 1000.0, quantity=10)
        order.with_user(self.salesperson).action_confirm()
        order.order_line.with_user(self.salesperson).product_uom_qty = quantity
        hold = order.credit_hold_id
        hold.with_user(self.manager)._reject(self.reject_reason)
        return order, hold

    def _force(self, order):
        reason = self.env.ref("credit_collections.credit_reason_hold_talk")
        self.env["credit.hold"].with_user(self.manager)._force(order, reason)
        return order.credit_hold_id

    def test_a_rejected_growth_is_not_free(self):
        order = self._order(self.limited, 1000.0, quantity=10)
        order.with_user(self.salesperson).action_confirm()
        order.order_line.with_user(self.salesperson).product_uom_qty = 15
        hold = order.credit_hold_id
        self.assertEqual((hold.state, hold.checkpoint), ("held", "change"))
        hold.with_user(self.manager)._reject(self.reject_reason, note="no")
        self.assertFalse(order.order_line._credit_free())

    def test_a_rejected_growth_is_not_what_was_approved(self):
        order = self._order(self.limited, 1000.0, quantity=10)
        order.with_user(self.salesperson).action_confirm()
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 15
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        line.product_uom_qty = 16
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        may_leave = hold._may_leave(order.order_line, 1500.0)
        line.product_uom_qty = 15
        self.assertEqual((may_leave, hold.state), (False, "held"))

    def test_a_rejected_hold_by_hand_of_a_confirmed_order_stays(self):
        order = self._confirmed(self.limited, 100.0)
        hold = self._force(order)
        self.assertFalse(order.order_line._credit_free())
        hold.with_user(self.manager)._reject(self.reject_reason, note="no")
        self.assertFalse(order.order_line._credit_free())

    def test_what_was_approved_before_goes_on_when_the_growth_is_rejected(self):
        order, hold = self._refused(15)
        self.assertTrue(hold._may_leave(order.order_line, 1000.0))
        self.assertFalse(hold._may_leave(order.order_line, 1000.01))

    def test_taking_a_rejected_growth_back_ends_it(self):
        order, hold = self._refused(15)
        order.order_line.with_user(self.salesperson).product_uom_qty = 10
        self.assertEqual((hold.state, hold.is_over), ("rejected", True))
        self.assertEqual(order.order_line._credit_free(), order.order_line)

    def test_less_than_what_was_rejected_is_asked_about_anew(self):
        order, hold = self._refused(15)
        order.order_line.with_user(self.salesperson).product_uom_qty = 12
        again = order.credit_hold_id
        self.assertNotEqual(again, hold)
        self.assertEqual(again.state, "held")
        self.assertTrue(again._may_leave(order.order_line, 1000.0))
        self.assertFalse(again._may_leave(order.order_line, 1200.0))
        again.with_user(self.manager)._release(self.release_reason)
        self.assertEqual(order.order_line._credit_free(), order.order_line)

    def test_a_rejected_growth_that_fits_by_now_goes_on_with_the_next_change(self):
        order, _hold = self._refused(15)
        self._profile(self.limited).credit_limit = 2000.0
        order.order_line.with_user(self.salesperson).product_uom_qty = 14
        self.assertEqual(order.order_line._credit_free(), order.order_line)

    def test_after_a_rejected_growth_the_release_before_it_counts_again(self):
        order = self._order(self.limited, 1500.0, quantity=15)
        order.with_user(self.salesperson).action_confirm()
        first = order.credit_hold_id
        first.with_user(self.manager)._release(self.release_reason, tolerance=0.1)
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 20
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        line.product_uom_qty = 15
        self.assertEqual(order.credit_hold_id, first)
        line.product_uom_qty = 21
        line.product_uom_qty = 15
        self.assertEqual(order.credit_hold_id, first)
        self.assertEqual(order.order_line._credit_free(), order.order_line)

    def test_what_was_rejected_by_hand_goes_on_when_it_is_held_and_released(self):
        order = self._confirmed(self.limited, 100.0)
        self._force(order).with_user(self.manager)._reject(self.reject_reason)
        self._force(order).with_user(self.manager)._release(self.release_reason)
        self.assertEqual(order.order_line._credit_free(), order.order_line)

    def test_an_order_that_is_confirmed_anew_is_judged_anew(self):
        order, hold = self._refused(15)
        order._action_cancel()
        order.action_draft()
        order.order_line.product_uom_qty = 9
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertTrue(hold.is_over)
        self.assertEqual(order.order_line._credit_free(), order.order_line)

    def test_a_rejected_quotation_that_passes_later_is_not_withheld(self):
        order = self._order(self.limited, 1500.0)
        order.with_user(self.salesperson).action_confirm()
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        self._profile(self.limited).credit_limit = 2000.0
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line._credit_free(), order.order_line)
