from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..risk.common import RiskCommon


@tagged("post_install", "-at_install")
class TestAutomaticLimit(RiskCommon):
    """Limits by class and facts, proposed as one change to approve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._factor("rating", ("A1", 10), ("A2", 20), ("B", 40), default_score=80)
        cls.automatic = cls.env["credit.automatic.limit"]
        cls.good = cls.automatic.create(
            {
                "name": "Good",
                "class_ids": [Command.set(cls.class_a.ids)],
                "max_revenue": 5000.0,
                "line_ids": [
                    Command.create(
                        {"kind": "business_since", "value": 5, "credit_limit": 100000.0}
                    ),
                    Command.create(
                        {
                            "kind": "business_since",
                            "value": 10,
                            "credit_limit": 200000.0,
                        }
                    ),
                    Command.create(
                        {
                            "kind": "rating",
                            "comparison": "=",
                            "rating": "a1",
                            "credit_limit": 50000.0,
                        }
                    ),
                ],
            }
        )

    def _rated(self, name, rating="A2", years=0, **values):
        profile = self._profile(self._customer(name, **values))
        since = self.today - relativedelta(years=years)
        profile.write(
            {"external_rating": rating, "business_since": years and since or False}
        )
        return profile

    def _propose(self, user=None, **values):
        wizards = self.env["credit.automatic.limit.propose"]
        wizard = wizards.with_user(user or self.controller).create(values)
        action = wizard.action_propose()
        change = self.env["credit.limit.change"].browse(action["res_id"])
        return {line.profile_id: line.new_limit for line in change.line_ids}, change

    def test_years_and_ratings_are_worth_limits(self):
        old = self._rated("Old", years=10)
        grown = self._rated("Grown", years=5)
        top = self._rated("Top", rating="A1")
        self._rated("Young", years=4)  # no line fits
        self._rated("Fair", rating="B", years=12)  # another class
        limits, change = self._propose()
        expected = {old: 200000.0, grown: 100000.0, top: 50000.0}
        self.assertEqual(limits, expected)
        self.assertEqual((change.kind, change.state), ("automatic", "draft"))
        self.assertEqual(set(change.line_ids.mapped("new_policy")), {"limited"})
        self.assertEqual(old.limit_policy, "default")

    def test_customers_with_a_large_turnover_are_left_to_a_person(self):
        old = self._rated("Old", years=10)
        large = self._rated("Large", years=10)
        for profile, amount in ((old, 5000.0), (large, 5000.01)):
            self._receivable(profile.partner_id, amount)
        self.profiles.sudo()._write_history(self.company)
        self.assertEqual(self._propose()[0], {old: 200000.0})

    def test_who_has_that_limit_is_left_out(self):
        self._rated("Same", years=10, limit=200000.0)
        less = self._rated("Less", years=10, limit=199999.99)
        self.assertEqual(self._propose()[0], {less: 200000.0})

    def test_only_raise_or_only_lower(self):
        raised = self._rated("Raised", years=10, limit=100.0)
        lowered = self._rated("Lowered", years=10, limit=900000.0)
        unlimited = self._rated("Unlimited by default", years=10)
        self.assertEqual(list(self._propose(direction="raise")[0]), [raised])
        self.env["credit.limit.change"].search([]).unlink()
        self.assertEqual(
            set(self._propose(direction="lower")[0]), set(lowered + unlimited)
        )

    def test_what_a_person_decided_is_left_alone(self):
        for policy in ("unlimited", "none"):
            self._rated(policy, years=10).limit_policy = policy
        shared = self._rated("Shared", years=10)
        shared.group_id = self.env["credit.group"].create({"name": "Group"})
        with self.assertRaises(UserError):
            self._propose()

    def test_the_base_is_for_whom_no_line_fits(self):
        self.good.write({"has_base": True, "base_limit": 0.0})
        young = self._rated("Young", years=1)
        self.assertEqual(self._propose()[0], {young: 0.0})

    def test_limits_of_classes_count_where_wished(self):
        self.class_b.suggested_limit = 700.0
        fair = self._rated("Fair", rating="B")
        with self.assertRaises(UserError):
            self._propose()
        self.assertEqual(self._propose(suggested=True)[0], {fair: 700.0})

    def test_amounts_in_another_currency_are_converted(self):
        foreign = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        self.good.currency_id = foreign
        old = self._rated("Old", years=10)
        # two of the foreign currency are worth one of the company's
        self.assertEqual(self._propose()[0], {old: 100000.0})

    def test_a_customer_is_not_proposed_twice(self):
        first = self._rated("First", years=10)
        self._propose()
        second = self._rated("Second", years=10)
        limits, change = self._propose()
        self.assertEqual(list(limits), [second])
        change.search([]).unlink()
        self.assertEqual(set(self._propose()[0]), set(first + second))

    def test_classes_can_be_chosen(self):
        self._rated("Old", years=10)
        with self.assertRaises(UserError):
            self._propose(class_ids=self.class_b.ids)

    def test_the_month_proposes_for_every_company(self):
        old = self._rated("Old", years=10)
        with self._as_job():
            self.automatic.sudo()._cron_propose()
        line = self.env["credit.limit.change.line"].search(
            [("profile_id", "=", old.id)]
        )
        self.assertEqual(line.new_limit, 200000.0)

    def test_a_hundred_customers_take_as_many_queries_as_one(self):
        self._rated("First", years=10)
        self.env.flush_all()

        def propose():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wishes = self.automatic._propose(self.company)
            self.env.flush_all()
            return wishes, self.env.cr.sql_log_count - before

        propose()[0].unlink()  # fills the caches of the server
        change, queries = propose()
        change.unlink()
        for number in range(99):
            self._rated(f"Customer {number}", years=10)
        self.env.flush_all()
        change, more = propose()
        self.assertEqual(len(change.line_ids), 100)
        self.assertLessEqual(more, queries + 2)  # lines are read in pages

    def test_words_can_only_be_equal(self):
        with self.assertRaises(ValidationError):
            self.good.line_ids[2].comparison = ">="
        with self.assertRaises(ValidationError):
            self.good.line_ids[2].rating = " "

    def test_collectors_and_auditors_propose_nothing(self):
        self._rated("Old", years=10)
        for user in (self.collector, self.auditor, self.salesperson):
            with self.assertRaises(AccessError):
                self._propose(user=user)

    def test_managers_set_automatic_limits_others_do_not(self):
        self.good.with_user(self.manager).max_revenue = 1.0
        for user in (self.controller, self.collector, self.auditor, self.salesperson):
            with self.assertRaises(AccessError):
                self.good.with_user(user).max_revenue = 2.0
        self.assertEqual(self.good.with_user(self.auditor).max_revenue, 1.0)
