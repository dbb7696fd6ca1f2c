from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleRights(RuleCommon):
    """Rules are read by those who collect and audit, and made by credit managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", "account.group_account_readonly")
        cls.rule = cls._rule(
            "days_overdue", name="Late", level="group", group_id=cls.group.id
        )

    def test_collectors_controllers_and_auditors_read_rules(self):
        for user in (self.collector, self.controller, self.auditor):
            rule = self.rule.with_user(user)
            self.assertIn("Holds", rule.description)
            self.assertEqual(rule.scope_name, "Holding")

    def test_they_neither_write_nor_make_nor_delete_them(self):
        for user in (self.collector, self.controller, self.auditor):
            rule = self.rule.with_user(user)
            with self.assertRaises(AccessError):
                rule.rule_type = "exclude"
            with self.assertRaises(AccessError):
                rule.create({"name": "Mine", "kind": "order_amount"})
            with self.assertRaises(AccessError):
                rule.unlink()

    def test_managers_make_exclusions(self):
        rules = self.env["credit.rule"].with_user(self.manager)
        rule = rules.create(
            {
                "name": "Old friends",
                "kind": "days_overdue",
                "rule_type": "exclude",
                "days": 90,
                "level": "customer",
                "profile_id": self.profile.id,
            }
        )
        self.assertIn("90 days", rule.description)
        rule.unlink()
        self.assertFalse(rule.exists())

    def test_salespeople_read_no_rule_and_are_held_by_it(self):
        with self.assertRaises(AccessError):
            self.rule.with_user(self.salesperson).read(["name"])
        self._receivable(self.customer, 10.0, due_in=-1)
        self._assert_held("days_overdue")

    def test_rules_of_other_companies_are_not_seen(self):
        self.rule.write(
            {"company_id": self._create_company(name="Other").id, "level": "all"}
        )
        found = self.env["credit.rule"].with_user(self.manager).search([])
        self.assertNotIn(self.rule, found)

    # === CREDIT STATUS === #

    def test_managers_hold_everything_and_note_a_status(self):
        profile = self.profile.with_user(self.manager)
        profile.status_reason_id = self.watched
        profile.action_hold_everything()
        self.assertEqual(profile.credit_status, "all")
        profile.action_note_status()
        self.assertEqual(profile.credit_status, "none")
        self.assertEqual(profile.status_reason_id, self.watched)

    def test_controllers_and_salespeople_do_neither(self):
        self.profile.status_reason_id = self.watched
        for user in (self.controller, self.salesperson):
            profile = self.profile.with_user(user)
            with self.assertRaises(AccessError):
                profile.action_hold_everything()
            with self.assertRaises(AccessError):
                profile.action_note_status()

    def test_a_customer_with_everything_on_hold_is_held(self):
        self.rule.active = False
        self._rule("manual")
        self.profile.status_reason_id = self.watched
        self.profile.action_hold_everything()
        self._assert_held("manual", "Watched")

    def test_the_rule_about_holds_is_asked_everywhere_while_everything_is_held(self):
        rules = self.env["credit.rule"]
        manual = self._rule("manual", at_confirm=False)

        def asked():
            engine_rules = rules._get_engine_rules(self.company.id, "confirm")
            return manual.id in [rule.id for rule in engine_rules]

        self.assertFalse(asked())
        self.profile.status_reason_id = self.watched
        self.profile.action_hold_everything()
        self.assertTrue(asked())
        self.profile.action_lift_hold()
        self.assertFalse(asked())
