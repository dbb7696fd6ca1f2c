from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleTry(RuleCommon):
    """The screen that shows which rules hold an order and why, and which do not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._receivable(cls.customer, 400.0, due_in=-50)
        cls.late = cls._rule("days_overdue", name="Late", days=30)
        cls.large = cls._rule("order_amount", name="Large", amount=500.0)
        cls.auditor = cls._user("auditor", "account.group_account_readonly")

    def _try(self, user=None, **values):
        wizards = self.env["credit.rule.try"].with_user(user or self.collector)
        return wizards.create({"profile_id": self.profile.id, **values})

    def _verdicts(self, wizard):
        return {line.rule_id: line.verdict for line in wizard.line_ids}

    def _why(self, wizard, rule):
        line = wizard.line_ids.filtered(lambda line: line.rule_id == rule)
        return line.why.replace("\xa0", " ")

    # === AN ORDER THAT MIGHT BE === #

    def test_it_says_which_rules_hold_and_which_are_not_reached(self):
        wizard = self._try(amount=500.0)
        self.assertEqual(
            self._verdicts(wizard), {self.late: "fired", self.large: "clear"}
        )
        self.assertEqual(wizard.verdict, "held")
        line = wizard.line_ids[0]
        self.assertEqual((line.found, line.allowed), ("50 days", "30 days"))
        self.assertIn("50 days overdue", line.why)

    def test_amounts_at_and_above_a_threshold(self):
        self.late.active = False
        for amount, verdict in ((500.0, "passes"), (500.01, "held")):
            self.assertEqual(self._try(amount=amount).verdict, verdict)

    def test_it_names_the_exclusion_that_lifts_a_rule(self):
        exclusion = self._rule(
            "days_overdue",
            name="Old friends",
            rule_type="exclude",
            days=60,
            level="group",
            group_id=self.group.id,
        )
        wizard = self._try(amount=10.0)
        self.assertEqual(
            self._verdicts(wizard),
            {exclusion: "lifts", self.late: "suppressed", self.large: "clear"},
        )
        self.assertIn("“Old friends”", self._why(wizard, self.late))
        self.assertIn("“Late”", self._why(wizard, exclusion))
        self.assertEqual(wizard.verdict, "passes")

    def test_it_says_why_an_exclusion_does_not_apply(self):
        values = {"rule_type": "exclude", "days": 60}
        wide = self._rule("days_overdue", name="Wide", **values)
        by_amount = self._rule(
            "days_overdue",
            level="customer",
            profile_id=self.profile.id,
            value_type="amount",
            amount=1000.0,
            **values,
        )
        idle = self._rule("order_amount", rule_type="exclude", amount=900.0)
        short = self._rule("days_overdue", rule_type="exclude", days=49)
        wizard = self._try(amount=10.0)
        verdicts = self._verdicts(wizard)
        self.assertEqual(
            [verdicts[rule] for rule in (wide, by_amount, idle, short)],
            ["too_wide", "other_value", "idle", "beyond"],
        )
        self.assertIn("wider rules only", self._why(wizard, wide))
        self.assertIn("outright", self._why(wizard, by_amount))

    def test_it_names_the_exclusion_that_lets_everything_pass(self):
        small = self._rule(
            "order_amount", name="Small", rule_type="exclude", amount=50, releases=True
        )
        wizard = self._try(amount=50.0)
        self.assertEqual(
            self._verdicts(wizard),
            {small: "releases", self.late: "skipped", self.large: "skipped"},
        )
        self.assertIn("“Small”", self._why(wizard, self.late))

    def test_it_says_why_an_overdue_amount_alone_does_not_hold(self):
        rule = self._rule("overdue_amount", amount=100.0, limit_share=0.8)
        self.assertIn("80 %", self._why(self._try(amount=10.0), rule))

    def test_a_step_is_shown_as_one_too_many(self):
        rule = self._rule("dunning_step", count=3)
        wizard = self._try(amount=10.0)
        line = wizard.line_ids.filtered(lambda line: line.rule_id == rule)
        self.assertEqual((line.found, line.allowed), ("0", "< 3"))

    def test_it_shows_rules_for_others(self):
        other = self._profile(self._customer("Other"))
        self.late.write({"level": "customer", "profile_id": other.id})
        self.assertEqual(self._verdicts(self._try(amount=10.0))[self.late], "elsewhere")

    def test_the_usual_terms_of_the_customer_are_proposed(self):
        self._rule("terms_better", name="Better")
        self.customer.property_payment_term_id = self._terms("Month", 30)
        with Form(self.env["credit.rule.try"].with_user(self.collector)) as form:
            form.profile_id = self.profile
            form.amount = 10.0
            self.assertEqual(form.payment_term_id.name, "Month")
            form.payment_term_id = self._terms("Quarter", 90)
        wizard = form.record
        self.assertIn("60 days longer", self._why(wizard, wizard.line_ids.rule_id[-1]))

    def test_the_button_of_a_customer_proposes_its_usual_terms(self):
        self.customer.property_payment_term_id = self._terms("Month", 30)
        action = self.profile.with_user(self.collector).action_try_rules()
        wizards = self.env["credit.rule.try"].with_user(self.collector)
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual(form.payment_term_id.name, "Month")
        self.assertEqual(form.amount, 1000.0)

    def test_what_is_changed_in_the_dialog_is_judged_at_once(self):
        form = Form(self.env["credit.rule.try"].with_user(self.collector))
        self.assertFalse(form.verdict)
        form.profile_id = self.profile
        form.amount = 501.0
        self.assertEqual(
            [line["verdict"] for line in form.line_ids._records], ["fired", "fired"]
        )
        self.assertEqual(form.verdict, "held")

    def test_a_negative_order_is_refused(self):
        with self.assertRaisesRegex(UserError, "negative"):
            self._try(amount=-1.0).line_ids.mapped("why")

    # === AN ORDER THAT THERE IS === #

    def test_an_order_is_judged_as_the_gate_judges_it(self):
        order = self._confirm(amount=600.0)
        wizard = self._try(order_id=order.id)
        self.assertEqual(wizard.profile_id, self.profile)
        self.assertEqual(wizard.amount, 600.0)
        fired = wizard.line_ids.filtered(lambda line: line.verdict == "fired")
        reasons = order.credit_hold_id.line_ids
        self.assertEqual(fired.rule_id, reasons.rule_id)
        self.assertEqual(fired.mapped("why"), reasons.mapped("message"))

    def test_a_released_order_says_so(self):
        order = self._confirm(amount=600.0)
        hold = order.credit_hold_id.with_user(self.manager)
        hold._release(self.release_reason, confirm=False)
        wizard = self._try(order_id=order.id)
        self.assertEqual(wizard.verdict, "released")
        self.assertIn("fired", wizard.line_ids.mapped("verdict"))

    def test_an_excluded_order_says_so(self):
        order = self._order(amount=600.0)
        order.with_user(self.manager)._credit_exclude("Letter of credit")
        wizard = self._try(order_id=order.id)
        self.assertEqual(wizard.verdict, "passes")
        self.assertIn("excluded", wizard.line_ids[0].why)

    def test_trying_writes_nothing(self):
        order = self._order(amount=600.0)
        count = self.profile.decision_count
        self._try(order_id=order.id)
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.decision_count, count)
        self.assertFalse(order.credit_hold_id)

    def test_the_buttons_open_it(self):
        order = self._confirm(amount=600.0)
        for record, key in (
            (self.profile, "default_profile_id"),
            (order, "default_order_id"),
            (order.credit_hold_id, "default_order_id"),
        ):
            action = record.with_user(self.manager).action_try_rules()
            self.assertEqual(action["res_model"], "credit.rule.try")
            self.assertIn(key, action["context"])

    # === WHO MAY === #

    def test_collectors_controllers_managers_and_auditors_try(self):
        for user in (self.collector, self.controller, self.manager, self.auditor):
            self.assertEqual(self._try(user, amount=10.0).verdict, "held")

    def test_salespeople_do_not(self):
        with self.assertRaises(AccessError):
            self._try(self.salesperson, amount=10.0)

    def test_customers_of_other_companies_are_not_tried(self):
        other = self._create_company(name="Other")
        there = self._profile(self.customer, other)
        with self.assertRaises(AccessError):
            self._verdicts(self._try(self.manager, profile_id=there.id, amount=10.0))
