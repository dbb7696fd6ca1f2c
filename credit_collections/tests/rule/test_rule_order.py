from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleOrder(RuleCommon):
    """Which rules go before which; the tables are in the tests of the engine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 50 days overdue with 400
        cls._receivable(cls.customer, 400.0, due_in=-50)
        cls.block = cls._rule("days_overdue", name="Late", days=30)

    @classmethod
    def _exclude(cls, kind="days_overdue", **values):
        return cls._rule(kind, **{"rule_type": "exclude", "days": 60, **values})

    def test_1_an_exclusion_that_releases_lets_pass_whatever_else(self):
        self._rule("order_amount", amount=1.0)
        self._rule("manual")
        self.profile.status_reason_id = self.watched
        self.profile.action_set_on_hold()
        self.assertEqual(self._confirm().credit_hold_state, "held")
        self._exclude(releases=True)
        self._assert_passes()

    def test_2_levels_are_asked_from_narrow_to_wide(self):
        self._rule(
            "days_overdue", sequence=90, level="segment", segment_id=self.segment.id
        )
        own = self._rule(
            "days_overdue", sequence=99, level="customer", profile_id=self.profile.id
        )
        lines = self._confirm().credit_hold_id.line_ids
        self.assertEqual(lines.rule_id.mapped("level"), ["customer", "segment", "all"])
        self.assertEqual(lines.rule_id[0], own)

    def test_2_an_exclusion_affects_its_own_kind_only(self):
        self._rule("overdue_amount", amount=100.0, limit_share=0.0)
        self._exclude(level="customer", profile_id=self.profile.id)
        self._assert_held("overdue_amount")

    def test_3_a_narrower_exclusion_lifts_a_wider_block(self):
        for values in (
            {"level": "customer", "profile_id": self.profile.id},
            {"level": "group", "group_id": self.group.id},
            {"level": "segment", "segment_id": self.segment.id},
        ):
            exclusion = self._exclude(**values)
            self._assert_passes()
            exclusion.days = 49
            self._assert_held("days_overdue")
            exclusion.active = False

    def test_3_other_value_types_need_an_outright_release(self):
        exclusion = self._exclude(
            level="customer",
            profile_id=self.profile.id,
            value_type="amount",
            amount=400.0,
        )
        self._assert_held("days_overdue")
        exclusion.releases = True
        self._assert_passes()
        exclusion.amount = 399.99
        self._assert_held("days_overdue")

    def test_4_the_same_level_does_not_win(self):
        self._exclude(level="all")
        self._assert_held("days_overdue")
        self.block.write({"level": "group", "group_id": self.group.id})
        self._exclude(level="segment", segment_id=self.segment.id)
        self._assert_held("days_overdue")

    def test_rules_of_other_groups_segments_and_classes_are_not_asked(self):
        other = self.env["credit.group"].create({"name": "Others"})
        self.block.write({"level": "group", "group_id": other.id})
        self._assert_passes()
        self.block.write({"level": "all", "risk_class_ids": self.good.ids})
        self._assert_passes()
        self.block.write({"risk_class_ids": (self.good + self.risky).ids})
        self._assert_held("days_overdue")

    def test_a_class_that_is_archived_does_not_widen_a_rule(self):
        self.block.risk_class_ids = self.good
        self.good.active = False
        self.env.registry.clear_cache()
        self._assert_passes()

    # === RULES THAT MAKE NO SENSE === #

    def _assert_refused(self, error, kind="days_overdue", **values):
        with self.assertRaisesRegex(ValidationError, error):
            self._rule(kind, **values)

    def test_a_rule_of_a_level_says_who_it_is_for(self):
        self._assert_refused("customer", level="customer")
        self._assert_refused("group", level="group")
        self._assert_refused("segment", level="segment")

    def test_a_rule_that_names_something_names_it(self):
        self._assert_refused("Account Statuses", kind="account_status")
        self._assert_refused("Payment Terms", kind="payment_terms")
        self._assert_refused("Risk Classes", kind="risk_class")

    def test_a_rule_of_a_company_is_for_its_own_segments(self):
        other = self._create_company(name="Other")
        self.segment.company_id = other
        self._assert_refused(
            "another company",
            level="segment",
            segment_id=self.segment.id,
            company_id=self.company.id,
        )

    def test_a_hold_by_hand_is_lifted_not_excluded(self):
        self._assert_refused("lift it", kind="manual", rule_type="exclude")

    def test_what_does_not_belong_to_a_level_or_type_is_forgotten(self):
        rule = self._exclude(
            level="group", group_id=self.group.id, releases=True, value_type="amount"
        )
        rule.write({"level": "all", "rule_type": "block"})
        self.assertFalse(rule.group_id)
        self.assertFalse(rule.releases)
        self.assertEqual(rule.value_type, "days")

    # === WORDS === #

    def test_every_kind_and_type_says_what_it_does(self):
        fields = self.env["credit.rule"]._fields
        for kind in dict(fields["kind"].selection):
            for rule_type in ("block", "exclude"):
                if (kind, rule_type) == ("manual", "exclude"):
                    continue
                rule = self.env["credit.rule"].new(
                    {"kind": kind, "rule_type": rule_type, "days": 7, "count": 7}
                )
                self.assertRegex(rule.description, r"^(Holds|Keeps).*\.$")
                rule.releases = rule_type == "exclude"
                self.assertRegex(rule.description, r"^(Holds|Lets).*\.$")

    def test_an_exclusion_that_can_lift_nothing_says_so(self):
        exclusion = self._exclude(value_type="amount", amount=400.0)
        self.assertIn("lifts no rule about days", exclusion.description)
        exclusion.releases = True
        self.assertNotIn("lifts no rule", exclusion.description)

    def test_a_rule_says_when_it_is_checked(self):
        rule = self._rule("days_overdue", at_confirm=True, at_invoice=True)
        self.assertEqual(rule.checkpoint_names, "Order, Invoice")
        rule.at_confirm = False
        self.assertEqual(rule.checkpoint_names, "Invoice")
        rule.at_invoice = False
        self.assertEqual(rule.checkpoint_names, "Never")
