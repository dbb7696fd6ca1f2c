from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryRights(DeliveryCommon):
    """What people of the warehouse see of credit, and what a decision costs."""

    def test_a_stock_user_sees_that_it_waits_and_why_but_no_figures(self):
        order = self._held()
        picking = order.picking_ids.with_user(self.worker)
        self.assertTrue(picking.credit_is_held)
        self.assertEqual(picking.credit_hold_reason, "Days overdue")
        with self.assertRaises(AccessError):
            order.credit_hold_id.with_user(self.worker).read(["amount"])
        with self.assertRaises(AccessError):
            picking.read(["credit_hold_ids"])

    def test_a_stock_user_opens_the_form_of_a_held_delivery(self):
        order = self._held()
        picking = order.picking_ids.with_user(self.worker)
        view = picking.get_view(view_type="form")
        shown = [name for name in view["models"]["stock.picking"] if "credit" in name]
        self.assertEqual(sorted(shown), ["credit_hold_reason", "credit_is_held"])
        row = picking.web_read(dict.fromkeys(shown, {}))[0]
        self.assertEqual(
            (row["credit_is_held"], row["credit_hold_reason"]), (True, "Days overdue")
        )

    def test_a_stock_user_finds_what_is_held(self):
        order = self._held()
        good = self._sold(customer=self.customer)
        pickings = self.env["stock.picking"].with_user(self.worker)
        domain = [("id", "in", (order + good).picking_ids.ids)]
        held = pickings.search([*domain, ("credit_is_held", "=", True)])
        self.assertEqual(held, order.picking_ids)
        rest = pickings.search([*domain, ("credit_is_held", "=", False)])
        self.assertEqual(rest, good.picking_ids)

    def test_what_was_delivered_or_comes_back_is_not_marked(self):
        order = self._held()
        self._release(order)
        self.assertFalse(order.picking_ids.credit_is_held)
        self.assertFalse(order.picking_ids.credit_hold_reason)

    def test_a_credit_manager_without_rights_on_stock_releases(self):
        order = self._held()
        hold = order.credit_hold_id.with_user(self.manager)
        self.assertEqual(hold.stopped_summary, order.picking_ids.name)
        self._release(order)
        self.assert_shipped(order)

    def test_the_salesperson_opens_the_delivery_from_the_hold(self):
        order = self._held()
        action = order.credit_hold_id.with_user(self.salesperson).action_open_pickings()
        self.assertEqual(action["res_id"], order.picking_ids.id)

    # === SPEED === #

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, result

    def _pickings(self, number):
        pickings = self.env["stock.picking"]
        for n in range(number):
            customer = self._customer(f"{number} {n}", limit=1e6)
            self._profile(customer)
            pickings += self._sold(customer=customer).picking_ids
        return pickings

    def test_the_decision_on_twenty_takes_as_many_queries_as_that_on_one(self):
        counts = []
        for number in (2, 1, 20):  # the first one warms the caches
            pickings = self._pickings(number)
            count, held = self._count(pickings._credit_hold_broken)
            self.assertFalse(held)
            counts.append(count)
        self.assertEqual(counts[1], counts[2])

    def test_without_rules_a_decision_runs_no_statement_of_credit(self):
        self.rule.active = False
        pickings = self._pickings(3)
        pickings._credit_hold_broken()
        with self.assertQueryCount(0):
            self.assertFalse(pickings._credit_hold_broken())
