from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryBeyond(DeliveryCommon):
    """Nothing leaves that nobody approved: after a rejection, beyond what was ordered,
    or earlier than the order counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._archive_rules()
        cls._rule("limit_used", limit_share=1.0)
        cls.buyer = cls._customer("Buyer", limit=400.0)

    def _ship(self, order, quantity):
        picking = order.picking_ids.filtered(lambda one: one.state != "done")
        picking.move_ids.quantity = quantity
        worker = picking.with_user(self.worker)
        worker.with_context(skip_backorder=True).button_validate()

    def test_a_hold_by_hand_that_is_rejected_lets_nothing_leave(self):
        order = self._sold(4, self.buyer)
        reason = self.env.ref("credit_collections.credit_reason_hold_talk")
        self.env["credit.hold"].with_user(self.controller)._force(order, reason)
        order.credit_hold_id.with_user(self.controller)._reject(self.reject_reason)
        self._ship(order, 4)
        self.assertFalse(order.order_line.qty_delivered)

    def test_a_payer_that_was_rejected_gets_nothing(self):
        order = self._sold(4, self.buyer)
        order.partner_invoice_id = self._customer("Nobody", limit=1.0)
        self.assert_held(order)
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        self._ship(order, 4)
        self.assertFalse(order.order_line.qty_delivered)

    def test_a_growth_that_was_rejected_does_not_leave(self):
        order = self._sold(4, self.buyer)
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 6
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        line.product_uom_qty = 5  # less than what was rejected, more than was approved
        line.product_uom_qty = 6
        order.picking_ids.action_assign()
        self._ship(order, 5)
        self.assertLessEqual(order.order_line.qty_delivered, 4)

    def test_what_was_delivered_is_not_written_by_call(self):
        order = self._sold(4, self.buyer)
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 6
        self.assert_held(order)
        line.qty_delivered = -2
        self.env.flush_all()
        order.picking_ids.action_assign()
        self._ship(order, 6)
        done = order.picking_ids.filtered(lambda one: one.state == "done")
        self.assertLessEqual(sum(done.move_ids.mapped("quantity")), 4)

    def test_more_leaves_than_was_ordered(self):
        order = self._sold(4, self.buyer)
        self.assertFalse(order.credit_hold_id)
        self._ship(order, 400)
        self.env.flush_all()
        self.assertTrue(
            order.credit_hold_id or order.order_line.qty_delivered <= 4,
            self._exposure(self.buyer),
        )

    def test_what_was_approved_leaves_after_the_growth_was_rejected(self):
        order = self._sold(4, self.buyer)
        order.order_line.with_user(self.salesperson).product_uom_qty = 6
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        self.assertFalse(order.picking_ids.credit_is_held)
        self._ship(order, 4)
        self.assertEqual(order.order_line.qty_delivered, 4)

    def test_more_than_was_ordered_leaves_where_the_credit_is_there(self):
        # 4 at 100 ordered of a limit of 400, 1 more is too much; of 500 it is not
        order = self._sold(4, self.buyer)
        self._ship(order, 5)
        self.assertEqual(order.credit_hold_id.checkpoint, "delivery")
        self.assertEqual(order.order_line.qty_delivered, 0)
        self._profile(self.buyer).credit_limit = 500.0
        self._ship(order, 5)
        self.assertEqual(order.order_line.qty_delivered, 5)
        self.assertEqual(order.credit_hold_state, "lapsed")
        self.assertEqual(sum(self._exposure(self.buyer).values()), 500.0)

    def test_with_the_quantity_that_was_ordered_it_leaves(self):
        order = self._sold(4, self.buyer)
        self._ship(order, 400)
        self._ship(order, 4)
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertEqual(order.credit_hold_state, "lapsed")

    def test_a_release_lets_leave_what_it_was_asked_for_and_no_more(self):
        order = self._sold(4, self.buyer)
        self._ship(order, 5)
        hold = order.credit_hold_id.with_user(self.manager)
        with patch.object(type(order.picking_ids), "_credit_continue"):
            hold._release(self.release_reason, tolerance=0.0)
        self._ship(order, 6)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self._ship(order, 5)
        self.assertEqual(order.order_line.qty_delivered, 0)  # asked anew
        order.credit_hold_id.with_user(self.manager)._release(self.release_reason)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_what_is_added_to_a_delivery_is_judged(self):
        order = self._sold(4, self.buyer)
        other = self.env["product.product"].create(
            {"name": "Wheel", "type": "consu", "is_storable": True, "list_price": 1.0}
        )
        stock = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(other, stock, 10.0)
        picking = order.picking_ids
        picking.move_ids = [
            Command.create(
                {
                    "product_id": other.id,
                    "product_uom_qty": 1.0,
                    "quantity": 1.0,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        self._validate(picking)
        self.assert_held(order)

    def test_what_leaves_early_is_judged_and_counts(self):
        order = self._late(50)
        order.picking_ids.action_assign()
        self._ship(order, 50)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assert_held(order)
        order.credit_hold_id.with_user(self.manager)._release(self.release_reason)
        self.assertEqual(order.order_line.qty_delivered, 50)
        self.assertEqual(sum(self._exposure(self.buyer).values()), 5000.0)

    def test_what_leaves_early_within_the_credit_counts(self):
        order = self._late(4)
        order.picking_ids.action_assign()
        self._ship(order, 4)
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertEqual(sum(self._exposure(self.buyer).values()), 400.0)

    def _late(self, quantity):
        """Return a confirmed order at 100 a piece for in 900 days."""
        self.company.credit_order_horizon_days = 30
        order = self._order(self.buyer, 100.0 * quantity, quantity)
        order.order_line.product_id = self.goods
        order.order_line.write({"price_unit": 100.0, "tax_ids": [Command.clear()]})
        order.commitment_date = self.today + timedelta(days=900)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, self._exposure(self.buyer)), ("sale", {}))
        return order
