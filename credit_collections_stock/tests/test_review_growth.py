from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestReviewGrowth(DeliveryCommon):
    """Attacks of a reviewer (2026-12-01): each says what should be so."""

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

    def test_what_leaves_early_counts(self):
        self.company.credit_order_horizon_days = 30
        order = self._order(self.buyer, 5000.0, 50)
        order.order_line.product_id = self.goods
        order.order_line.write({"price_unit": 100.0, "tax_ids": [Command.clear()]})
        order.commitment_date = self.today + timedelta(days=900)
        order.with_user(self.salesperson).action_confirm()
        order.picking_ids.action_assign()
        self._ship(order, 50)
        self.assertEqual(order.order_line.qty_delivered, 50)
        self.env.flush_all()
        self.assertTrue(self._exposure(self.buyer))
