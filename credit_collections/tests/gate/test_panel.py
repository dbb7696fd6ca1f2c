from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestPanel(LimitedCommon):
    """What an order says about its customer while it is written, and to whom."""

    def _panel(self, user=None, **values):
        """Return the panel of an order that is no record yet, as the form asks."""
        orders = self.env["sale.order"].with_user(user or self.salesperson)
        values = {
            "state": "draft",
            "partner_id": self.limited.id,
            "company_id": self.company.id,
            **values,
        }
        self.env.flush_all()
        self.env.invalidate_all()
        found = orders.onchange(values, list(values), {"credit_panel": {}})
        return found["value"].get("credit_panel")

    def test_salespeople_see_their_customers(self):
        self.limited.user_id = self.salesperson
        self.assertEqual(self._panel()["limit"], 1000.0)

    def test_the_panel_shows_no_customer_of_another_company(self):
        other = self._create_company(name="Other")
        self._profile(self.limited, other).write(
            {"limit_policy": "limited", "credit_limit": 4242.0}
        )
        self._rule("limit_used", limit_share=1.0, company_id=other.id)
        with suppress(AccessError):  # core may refuse it, too
            self.assertFalse(self._panel(company_id=other.id))

    def test_the_panel_shows_no_figures_of_a_colleagues_customer(self):
        self.limited.user_id = self.manager
        self.assertFalse(self._panel())

    def test_an_order_for_a_colleagues_customer_shows_the_verdict_alone(self):
        self.limited.user_id = self.manager
        order = self._order(self.limited, 1500.0, user_id=self.salesperson.id)
        as_seller = order.with_user(self.salesperson)
        bare = {"is_bare": True, "asked": False, "note": ""}
        self.assertEqual(
            as_seller.credit_panel, {"state": "broken", "reasons": [], **bare}
        )
        as_seller.action_confirm()
        as_seller.invalidate_recordset()
        panel = as_seller.credit_panel
        self.assertEqual((panel["state"], len(panel["reasons"])), ("held", 1))
        self.assertNotIn("limit", panel)
