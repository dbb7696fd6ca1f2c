from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.credit_collections.tests.run.common import CollectionCommon

RUNNER = "odoo.addons.credit_collections.models.events.credit_job_step"


@tagged("post_install", "-at_install")
class TestExtension(CollectionCommon):
    """What this addon adds, without a change of ours, works like what we have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._profile(cls.customer)

    def _uncommitted(self):
        cron = type(self.env["ir.cron"])
        return patch.object(cron, "_commit_progress", lambda *a, **k: 1)

    # === RULE KIND === #

    def _confirm(self, amount=100.0):
        order = self._order(amount=amount)
        order.with_user(self.salesperson).action_confirm()
        return order

    def test_a_rule_of_the_new_kind_holds_an_order_and_says_why(self):
        rule = self._rule("many_orders", count=1)
        self.assertEqual(
            rule.description, "Holds when the customer has more than 1 orders."
        )
        self.assertEqual([self._confirm().state, self._confirm().state], ["sale"] * 2)
        order = self._confirm()
        self.assertEqual(order.state, "draft")
        line = order.credit_hold_id.line_ids
        self.assertEqual(line.kind, "many_orders")
        self.assertEqual(
            line.message, "The customer has 2 orders already (allowed: 1)."
        )

    def test_an_exclusion_of_the_new_kind_lifts_it(self):
        self._rule("many_orders", count=0)
        exclusion = {"level": "customer", "profile_id": self.profile.id, "count": 5}
        rule = self._rule("many_orders", rule_type="exclude", **exclusion)
        self.assertIn("no more than 5 orders", rule.description)
        self.assertEqual([self._confirm().state, self._confirm().state], ["sale"] * 2)

    def test_the_new_fact_costs_no_statement_and_is_read_by_its_rule_alone(self):
        def count():
            order = self._order()
            order._credit_verdicts()
            self.env.flush_all()
            before = self.cr.sql_log_count
            order._credit_verdicts(lock=True)
            return self.cr.sql_log_count - before

        self._rule("limit_used")
        self.assertEqual(count(), 2)
        self._rule("many_orders", count=9)
        self.assertEqual(count(), 2)

    def test_the_form_asks_for_what_the_kind_needs(self):
        rule = self._rule("many_orders", count=1)
        self.assertEqual(rule.needed_fields, ",count,")

    # === CHANNEL === #

    def test_an_action_of_the_new_channel_is_planned_and_done(self):
        self.strategy.step_ids[0].channel = "messenger"
        debtor = self._debtor("Debtor", (100.0, 6))
        run = self._plan()
        action = self._action(run, debtor)
        self.assertEqual((action.channel, action.state), ("messenger", "planned"))
        self._about_to_be_done(action)
        action._do(action)
        self.assertEqual(action.state, "sent")
        self.assertIn("Dear Debtor", action.messenger_text)
        contact = self._profile(debtor).interaction_ids
        self.assertEqual((contact.channel, contact.is_reached), ("messenger", True))

    def test_the_new_channel_needs_its_address_and_its_text(self):
        self.strategy.step_ids[0].channel = "messenger"
        debtor = self._debtor("Debtor", (100.0, 6))
        debtor.phone = False
        action = self._action(self._plan(), debtor)
        self.assertEqual((action.state, action.skip_reason), ("skipped", "no_address"))
        self.assertEqual(self.strategy.step_ids[0].text_field, "mail_template_id")

    # === COMPONENT === #

    def _consign(self):
        contact = self.env["res.partner"].create(
            {"name": "Shop", "parent_id": self.customer.id}
        )
        contact.consigned_value = 250.0
        self._receivable(amount=100.0, due_in=9)

    def test_the_component_is_in_the_live_exposure(self):
        self._consign()
        for partner_ids in (self.customer.ids, None):
            row = self.profiles._exposure_map(self.company, partner_ids)
            self.assertEqual(row[self.customer.id]["consigned"], 250.0)
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertEqual(credit[self.customer.id].exposure, 350.0)

    def test_the_component_is_in_stored_figures_and_picture(self):
        self._consign()
        self.profiles._refresh_figures(self.company)
        self.assertEqual(self.profile.consigned_amount, 250.0)
        self.assertEqual(self.profile.exposure, 350.0)
        parts = {one["name"]: one for one in self.profile.exposure_picture["parts"]}
        self.assertEqual(parts["consigned"]["amount"], 250.0)
        self.assertEqual(parts["consigned"]["label"], "On Consignment")
        action = self.profile.action_open_component("consigned")
        records = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(records.mapped("consigned_value")), 250.0)

    def test_the_component_counts_only_where_the_company_says_so(self):
        self._consign()
        self.company.credit_count_consigned = False
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertEqual(credit[self.customer.id].exposure, 100.0)

    # === FIGURE === #

    def test_the_figure_is_stored_by_the_refresh(self):
        self._receivable(amount=-10.0)
        self.profiles._refresh_figures(self.company, self.customer.ids)
        self.assertEqual(self.profile.credit_note_count, 1)
        self._receivable(amount=-10.0)
        self.profiles._refresh_figures(self.company)
        self.assertEqual(self.profile.credit_note_count, 2)

    # === NIGHT === #

    def test_the_step_is_done_once_a_night_at_its_place(self):
        with self._uncommitted():
            self.profiles.sudo()._cron_assign_segments()
        self.assertEqual(self.profile.greeting_count, 1)
        steps = (
            self.env["credit.job.step"]
            .sudo()
            .search([("job", "=", "night"), ("company_id", "=", self.company.id)])
        )
        self.assertEqual(steps.mapped("name")[-2:], ["greet", "reviews"])
        self.assertEqual(set(steps.mapped("state")), {"done"})
        with self._uncommitted():
            self.profiles.sudo()._cron_assign_segments()
        self.assertEqual(self.profile.greeting_count, 1)
        steps.day = self.today - timedelta(days=1)
        with self._uncommitted():
            self.profiles.sudo()._cron_assign_segments()
        self.assertEqual(self.profile.greeting_count, 2)

    def test_one_customer_that_fails_is_left_out_alone_and_on_record(self):
        odd = self._profile(self._customer("Nobody's friend"))
        after = self._profile(self._customer("Friend"))
        with self._uncommitted(), mute_logger(RUNNER):
            self.profiles.sudo()._cron_assign_segments()
        profiles = self.profile + odd + after
        self.assertEqual(profiles.mapped("greeting_count"), [1, 0, 1])
        step = (
            self.env["credit.job.step"]
            .sudo()
            .search([("name", "=", "greet"), ("company_id", "=", self.company.id)])
        )
        self.assertEqual(step.state, "failed")
        self.assertIn("refuses to be greeted", step.error)
        self.assertIn("Nobody's friend", step.error)
        self.assertNotIn("Friend:", step.error)
