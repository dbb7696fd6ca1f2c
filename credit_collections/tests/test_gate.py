from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestGate(CreditCommon):
    """Whatever asks for the confirmation of an order, the rules are asked first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule("limit_used", limit_share=1.0)
        cls.limited = cls._customer("Limited", limit=1000.0)

    def _confirm_as_salesperson(self, order):
        return order.with_user(self.salesperson).action_confirm()

    def test_an_order_that_just_fills_the_limit_is_confirmed(self):
        order = self._order(self.limited, 1000.0)
        self._confirm_as_salesperson(order)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.credit_hold_id)

    def test_an_order_one_cent_over_the_limit_is_held(self):
        order = self._order(self.limited, 1000.01)
        self._confirm_as_salesperson(order)
        self.assertEqual(order.state, "draft")
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        self.assertEqual(hold.line_ids.kind, "limit_used")
        self.assertEqual(hold.amount_over, 0.01)
        self.assertIn("0.01", hold.line_ids.message)
