from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CreditCommon

#: What nobody writes by hand, of customers.
PROFILE_FIGURES = {
    "available_credit",
    "average_days_late",
    "average_days_to_pay",
    "broken_promise_count",
    "collateral_amount",
    "collected_amount",
    "collected_up_to",
    "collector_date",
    "collector_rule_id",
    "collector_source",
    "delivered_amount",
    "deposit_amount",
    "draft_amount",
    "effective_limit",
    "exposure",
    "figures_date",
    "is_limited",
    "kept_promise_rate",
    "kept_promise_value_rate",
    "last_contact_date",
    "levels_strategy_id",
    "limit_used",
    "next_step_date",
    "next_step_id",
    "not_due_amount",
    "oldest_due_date",
    "order_amount",
    "overdue_amount",
    "overdue_days",
    "payer_type",
    "priority",
    "priority_parts",
    "revenue_amount",
    "risk_class_id",
    "risk_parts",
    "risk_score",
    "risk_score_date",
    "risk_scored_class_id",
    "steps_to_legal",
    "strategy_id",
    "temporary_until",
    "unapplied_amount",
    "uninsured_amount",
}

#: What only credit managers change, of customers.
POLICY = {
    "active",
    "check_policy",
    "company_id",
    "credit_limit",
    "credit_status",
    "group_id",
    "limit_policy",
    "partner_id",
    "status_reason_id",
}

#: The figures of credit groups.
GROUP_FIGURES = {
    "available_credit",
    "effective_limit",
    "exposure",
    "limit_used",
    "overdue_amount",
    "temporary_until",
}


@tagged("post_install", "-at_install")
class TestRecordMixin(CreditCommon):
    """What the addon alone writes: figures and states."""

    # === FIGURES === #

    def test_the_fields_say_what_is_a_figure(self):
        self.assertEqual(self.env["credit.profile"]._get_figures(), PROFILE_FIGURES)
        self.assertEqual(self.env["credit.group"]._get_figures(), GROUP_FIGURES)

    def test_the_fields_say_what_is_policy(self):
        profiles = self.env["credit.profile"]
        found = {name for name in profiles._fields if profiles._is_policy(name)}
        self.assertEqual(found, POLICY)

    def test_nobody_writes_a_figure(self):
        group = self.env["credit.group"].create({"name": "Group"})
        for user in (self.manager, self.env.ref("base.user_admin")):
            with self.assertRaisesRegex(AccessError, "from its members, not by hand"):
                group.with_user(user).write({"exposure": 1.0})
            with self.assertRaisesRegex(AccessError, "from the ledger, not by hand"):
                self._profile(self.customer).with_user(user).write({"exposure": 1.0})

    # === STATES === #

    def _stateful(self):
        mixin = self.env.registry["credit.record.mixin"]
        return [
            self.env[name]
            for name in sorted(self.env.registry)
            if issubclass(self.env.registry[name], mixin)
            and "state" in self.env[name]._fields
        ]

    def test_ways_lead_from_states_to_states(self):
        models = self._stateful()
        self.assertIn("credit.hold", [model._name for model in models])
        for model in models:
            states = set(model._fields["state"].get_values(self.env))
            for target, sources in model._get_state_ways().items():
                with self.subTest(model=model._name, target=target):
                    self.assertLessEqual({target, *(sources or ())}, states)
                    self.assertNotIn(target, sources or ())

    def test_who_comes_second_changes_nothing(self):
        changes = self.env["credit.limit.change"].create([{}, {}])
        self.assertEqual(changes[0]._set_state("cancelled"), changes[0])
        self.assertEqual(
            changes._set_state("cancelled", refusal_note="Too late"), changes[1]
        )
        self.assertEqual(changes.mapped("state"), ["cancelled", "cancelled"])
        self.assertEqual(changes.mapped("refusal_note"), [False, "Too late"])

    def test_who_may_not_go_there_stays(self):
        change = self.env["credit.limit.change"].create({})
        self.assertFalse(change._set_state("posted"))
        self.assertEqual(change.state, "draft")
        self.assertEqual(change._set_state("posted", allowed=("draft",)), change)
        self.assertEqual(change.state, "posted")
