from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryGrowth(DeliveryCommon):
    """The hold of a growth stops the growth, and nothing let through before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._archive_rules()
        cls._rule("limit_used", limit_share=1.0)
        cls.buyer = cls._customer("Buyer", limit=400.0)

    def _grown(self, **values):
        """Return an order of 4 that was raised, on hold."""
        order = self._sold(4, self.buyer)
        order.with_user(self.salesperson).order_line.write(
            values or {"product_uom_qty": 6}
        )
        self.assert_held(order)
        order.picking_ids.action_assign()
        return order

    def _ship(self, order, quantity):
        picking = order.picking_ids.filtered(lambda one: one.state != "done")
        picking.move_ids.quantity = quantity
        worker = picking.with_user(self.worker)
        worker.with_context(skip_backorder=True).button_validate()
        return picking

    def test_what_was_approved_may_leave_and_the_growth_waits(self):
        order = self._grown()
        picking = order.picking_ids
        self.assertEqual(picking.move_ids.product_uom_qty, 4)  # the growth waits
        self._ship(order, 5)  # more than was approved
        self.assertTrue(picking.credit_is_held)
        self.assertNotEqual(picking.state, "done")
        self._ship(order, 4)
        self.assertEqual((picking.state, order.order_line.qty_delivered), ("done", 4))
        self.assertEqual(order.credit_hold_state, "held")
        self._release(order)
        rest = order.picking_ids - picking
        self.assertEqual(rest.move_ids.product_uom_qty, 2)
        rest.action_assign()
        self._ship(order, 2)
        self.assertEqual(order.order_line.qty_delivered, 6)

    def test_what_became_dearer_leaves_only_as_far_as_it_was_approved(self):
        order = self._grown(price_unit=200.0)
        self._ship(order, 3)
        self.assertFalse(order.order_line.qty_delivered)
        self._ship(order, 2)  # 400, as approved
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_for_another_payer_nothing_leaves(self):
        order = self._sold(4, self.buyer)
        order.partner_invoice_id = self._customer("Nobody", limit=1.0)
        self.assert_held(order)
        self._ship(order, 1)
        self.assertFalse(order.order_line.qty_delivered)

    def test_a_growth_held_by_hand_too_stops_all(self):
        order = self._grown()
        reason = self.env.ref("credit_collections.credit_reason_hold_talk")
        self.env["credit.hold"].with_user(self.controller)._force(order, reason)
        self._ship(order, 4)
        self.assertFalse(order.order_line.qty_delivered)

    def test_a_growth_taken_back_lets_all_leave_at_once(self):
        order = self._grown()
        order.with_user(self.salesperson).order_line.product_uom_qty = 4
        self.assertEqual(order.credit_hold_state, "lapsed")
        self.assertFalse(order.picking_ids.credit_is_held)
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 4)
        self._ship(order, 4)
        self.assert_shipped(order)
