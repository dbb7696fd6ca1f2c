"""A held order sets nothing off in any addon before its release."""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.credit_collections.tests.common import LimitedCommon


@tagged("post_install", "-at_install")
class TestNoSideEffects(LimitedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False

    def _held(self, product, amount=1500.0):
        order = self._order(self.limited, amount)
        order.order_line.product_id = product
        order.order_line.price_unit = amount
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        return order

    def _release(self, order):
        hold = order.credit_hold_id.with_user(self.manager)
        self.assertFalse(hold._release(self.release_reason))
        self.assertEqual(order.state, "sale")

    def _product(self, **values):
        return self.env["product.product"].create(
            {"name": "Product", "taxes_id": [Command.clear()], **values}
        )

    # === STOCK === #

    def test_goods_move_only_after_the_release(self):
        order = self._held(self._product(type="consu", is_storable=True))
        self.assertFalse(order.picking_ids)
        self._release(order)
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 1.0)

    def test_what_is_added_to_a_confirmed_order_moves_only_after_the_release(self):
        order = self._order(self.limited, 1000.0, quantity=10)
        order.order_line.product_id = self._product(
            type="consu", is_storable=True, list_price=100.0
        )
        order.order_line.price_unit = 100.0
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 10.0)
        order.with_user(self.salesperson).order_line.product_uom_qty = 15
        self.assertEqual(order.credit_hold_state, "held")
        self.assertEqual(
            sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 10.0
        )
        self._release(order)
        self.assertEqual(
            sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 15.0
        )

    def test_an_order_imported_as_confirmed_moves_nothing_while_it_is_held(self):
        goods = self._product(type="consu", is_storable=True)
        line = Command.create(
            {"product_id": goods.id, "price_unit": 1500.0, "tax_ids": [Command.clear()]}
        )
        order = self.env["sale.order"].create(
            {"partner_id": self.limited.id, "state": "sale", "order_line": [line]}
        )
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))
        self.assertFalse(order.picking_ids)

    def test_a_good_order_imported_as_confirmed_moves_its_goods(self):
        goods = self._product(type="consu", is_storable=True)
        line = Command.create(
            {"product_id": goods.id, "price_unit": 500.0, "tax_ids": [Command.clear()]}
        )
        order = self.env["sale.order"].create(
            {"partner_id": self.limited.id, "state": "sale", "order_line": [line]}
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 1.0)

    # === PROJECT === #

    def test_a_project_starts_only_after_the_release(self):
        service = self._product(type="service", service_tracking="task_in_project")
        order = self._held(service)
        self.assertFalse(order.order_line.task_id)
        self.assertFalse(order.order_line.project_id)
        self._release(order)
        self.assertTrue(order.order_line.task_id)

    def test_a_service_added_to_a_confirmed_order_starts_only_after_the_release(self):
        order = self._order(self.limited, 1000.0)
        order.with_user(self.salesperson).action_confirm()
        service = self._product(type="service", service_tracking="task_in_project")
        line = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": service.id,
                "price_unit": 10.0,
                "tax_ids": [Command.clear()],
            }
        )
        self.assertEqual(order.credit_hold_state, "held")
        self.assertFalse(line.task_id)
        self._release(order)
        self.assertTrue(line.task_id)

    # === LOYALTY === #

    def test_loyalty_points_are_given_only_after_the_release(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "rule_ids": [
                    Command.create(
                        {"reward_point_mode": "money", "reward_point_amount": 1.0}
                    )
                ],
            }
        )
        order = self._order(self.limited, 1500.0)
        order._update_programs_and_rewards()
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        cards = program.coupon_ids
        self.assertEqual(sum(cards.mapped("points")), 0.0)
        self.assertFalse(cards.history_ids)
        self._release(order)
        self.assertEqual(sum(program.coupon_ids.mapped("points")), 1500.0)
