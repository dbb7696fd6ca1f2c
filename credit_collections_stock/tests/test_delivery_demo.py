from odoo.tests import TransactionCase, tagged

from odoo.addons.credit_collections.demo.stage import NAMESPACE
from odoo.addons.credit_collections.tests import prepared
from odoo.addons.credit_collections.tests.planner import SteadyPlanner


@tagged("post_install", "-at_install")
class TestDeliveryDemo(SteadyPlanner, TransactionCase):
    """The demo story has goods that wait, and goods that are not invoiced yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prepared.make_way(cls.env)  # the story has people of the same logins
        cls.env["credit.demo"]._load()
        cls.rule = cls.env.ref(f"{NAMESPACE}.rule_delivery")

    def test_deliveries_of_late_payers_wait(self):
        holds = self.env["credit.hold"].search(
            [("line_ids.rule_id", "=", self.rule.id)]
        )
        self.assertTrue(holds)
        self.assertEqual(set(holds.mapped("state")), {"held"})
        self.assertEqual(set(holds.picking_ids.mapped("credit_is_held")), {True})

    def test_others_were_delivered_and_not_invoiced(self):
        profiles = self.env["credit.profile"].search([("delivered_amount", ">", 0)])
        self.assertGreaterEqual(len(profiles), 5)

    def test_it_is_told_once(self):
        holds = self.env["credit.hold"].search_count([])
        self.env["credit.demo"]._load()
        self.assertEqual(self.env["credit.hold"].search_count([]), holds)
