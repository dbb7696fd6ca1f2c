from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestUnusedFeatures(CreditCommon):
    """What nobody has is not asked for, until somebody has it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._profile(cls.customer)
        cls.env["credit.limit.change"].sudo().search([]).state = "cancelled"
        cls.env["credit.limit.change"].search([]).unlink()
        cls.env["credit.collateral"].search([]).unlink()
        cls.env["credit.profile"].search([]).group_id = False
        cls.env["credit.group"].with_context(active_test=False).search([]).unlink()
        cls.env.registry.clear_cache()

    def _unused(self):
        return self.company._credit_pot().unused

    def test_without_any_none_of_them_is_asked_for(self):
        self.assertEqual(self._unused(), {"collateral", "group", "temporary"})

    def test_from_the_first_group_on_groups_are_asked_for(self):
        self._unused()
        self.env["credit.group"].create({"name": "First", "credit_limit": 100.0})
        self.assertEqual(self._unused(), {"collateral", "temporary"})

    def test_archived_groups_still_have_members(self):
        self._unused()
        group = self.env["credit.group"].create({"name": "First", "credit_limit": 1.0})
        group.active = False
        self.env.registry.clear_cache()
        self.assertEqual(self._unused(), {"collateral", "temporary"})

    def test_from_the_first_collateral_on_it_is_asked_for(self):
        self._unused()
        kind = self.env.ref("credit_collections.credit_collateral_type_bank")
        self.env["credit.collateral"].create(
            {"profile_id": self.profile.id, "type_id": kind.id, "amount": 5.0}
        )
        self.assertNotIn("collateral", self._unused())

    def test_only_temporary_limits_are_temporary(self):
        self._unused()
        change = self.env["credit.limit.change"].create({"kind": "permanent"})
        self.assertIn("temporary", self._unused())
        change.kind = "temporary"
        self.assertNotIn("temporary", self._unused())

    def test_a_temporary_change_by_the_default_of_a_screen(self):
        self._unused()
        changes = self.env["credit.limit.change"]
        changes.with_context(default_kind="temporary").create({})
        self.assertNotIn("temporary", self._unused())

    def test_deposits_count_from_the_first_down_payment_on(self):
        lines = self.env["sale.order.line"]
        lines.search([("is_downpayment", "=", True)]).is_downpayment = False
        self.env.registry.clear_cache()
        self.assertNotIn("deposit", self.company._credit_pot().components)
        order = self._order()
        self.assertNotIn("deposit", self.company._credit_pot().components)
        order.order_line = [
            Command.create({"name": "Down payment", "is_downpayment": True})
        ]
        self.assertIn("deposit", self.company._credit_pot().components)
