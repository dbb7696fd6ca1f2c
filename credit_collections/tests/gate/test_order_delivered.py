from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestOrderDelivered(LimitedCommon):
    """What customers have takes credit: beyond the order, and however early."""

    def _service(self):
        return self.env["product.product"].create(
            {
                "name": "Advice",
                "type": "service",
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
        )

    def _order_of_service(self, amount, **values):
        order = self._order(self.limited, amount, **values)
        order.order_line.product_id = self._service()
        order.order_line.write({"price_unit": amount, "tax_ids": [Command.clear()]})
        return order

    def test_more_delivered_than_ordered_is_judged(self):
        order = self._order_of_service(1000.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        order.order_line.with_user(self.salesperson).qty_delivered = 50
        self.env.flush_all()
        self.assertEqual(order.credit_hold_state, "held", self._exposure(self.limited))

    def test_what_is_delivered_counts_however_late_it_was_to_be(self):
        self.company.credit_order_horizon_days = 30
        order = self._order_of_service(
            5000.0, commitment_date=self.today + timedelta(days=900)
        )
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        order.order_line.with_user(self.salesperson).qty_delivered = 1
        self.env.flush_all()
        self.assertTrue(self._exposure(self.limited))

    def test_of_a_late_order_only_what_was_delivered_counts(self):
        # 10 pieces at 100 for in 900 days, 3 of them delivered
        self.company.credit_order_horizon_days = 30
        late = self.today + timedelta(days=900)
        order = self._order_of_service(100.0, quantity=10, commitment_date=late)
        order.action_confirm()
        self.assertEqual(self._exposure(self.limited), {})
        order.order_line.with_user(self.salesperson).qty_delivered = 3
        self.assertFalse(order.credit_hold_id)
        self.assertEqual(sum(self._exposure(self.limited).values()), 300.0)
        order._create_invoices().action_post()
        self.assertEqual(self._exposure(self.limited), {"not_due": 300.0})

    def test_what_is_delivered_early_is_judged(self):
        self.company.credit_order_horizon_days = 30
        late = self.today + timedelta(days=900)
        order = self._order_of_service(100.0, quantity=50, commitment_date=late)
        order.with_user(self.salesperson).action_confirm()
        line = order.order_line.with_user(self.salesperson)
        line.qty_delivered = 10
        self.assertFalse(order.credit_hold_id)
        line.qty_delivered = 11
        self.assertEqual(order.credit_hold_state, "held")
        line.qty_delivered = 10
        self.assertEqual(order.credit_hold_state, "lapsed")

    def test_more_delivered_than_will_be_invoiced_takes_no_credit(self):
        order = self._order_of_service(1000.0)
        order.order_line.product_id.invoice_policy = "order"
        order.with_user(self.salesperson).action_confirm()
        order.order_line.with_user(self.salesperson).qty_delivered = 50
        self.assertFalse(order.credit_hold_id)
        self.assertEqual(sum(self._exposure(self.limited).values()), 1000.0)
