from odoo.fields import Command

from odoo.addons.credit_collections.tests.common import CreditCommon

STOCK_USER = "stock.group_stock_user"


class DeliveryCommon(CreditCommon):
    """One customer with 100 overdue for ten days, a rule that holds deliveries to such
    customers, and goods in stock that cost 100 each. Orders pass."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("days_overdue", days=5, at_confirm=False, at_delivery=True)
        cls.late = cls._customer("Late", limit=5000.0)
        cls.overdue = cls._receivable(cls.late, 100.0, due_in=-10)
        cls.worker = cls._user("credit_stock", STOCK_USER)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Gear",
                "type": "consu",
                "is_storable": True,
                "list_price": 100.0,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.goods, cls.warehouse.lot_stock_id, 10000.0
        )

    @classmethod
    def _sold(cls, quantity=3, customer=None, price=100.0, product=None):
        """Return a confirmed order of goods, its delivery reserved."""
        order = cls._order(customer or cls.late, price * quantity, quantity)
        order.order_line.product_id = product or cls.goods
        order.order_line.write({"price_unit": price, "tax_ids": [Command.clear()]})
        order.action_confirm()
        if order.picking_ids:
            order.picking_ids.action_assign()
        return order

    def _validate(self, pickings, user=None):
        return pickings.with_user(user or self.worker).button_validate()

    def _held(self, **values):
        """Return an order whose delivery was stopped."""
        order = self._sold(**values)
        self._validate(order.picking_ids)
        self.assert_held(order)
        return order

    def assert_held(self, order):
        self.assertEqual(order.credit_hold_state, "held")
        self.assertNotIn("done", order.picking_ids.mapped("state"))

    def assert_shipped(self, order):
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})

    def _release(self, order, **values):
        hold = order.credit_hold_id.with_user(self.manager)
        return hold._release(self.release_reason, **values)
