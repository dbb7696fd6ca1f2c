from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import RiskCommon


@tagged("post_install", "-at_install")
class TestReviewDue(RiskCommon):
    """What comes up within the days of the policy, and who is told of it, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dues = cls.env["credit.review.due"]
        cls.profile = cls._profile(cls.customer)
        cls.company.credit_review_days = 30
        cls.company.credit_approver_id = cls.manager

    def _day(self, days):
        return self.today + timedelta(days=days)

    def _found(self, user=None):
        """Return ``{(kind, customer): days left}`` of what is on the list."""
        self.env.flush_all()
        self.dues.invalidate_model()  # as the next request sees it
        found = self.dues.with_user(user or self.collector).search(
            [("company_id", "=", self.company.id)]
        )
        return {(one.kind, one.profile_id.id): one.days_left for one in found}

    def _temporary(self, days, profile=None):
        """Return the line of a posted temporary limit that ends in so many days."""
        change = self.env["credit.limit.change"].create(
            {
                "kind": "temporary",
                "line_ids": [
                    Command.create(
                        {
                            "profile_id": (profile or self.profile).id,
                            "new_limit": 5.0,
                            "date_from": self._day(-60),
                            "date_to": self._day(days),
                        }
                    )
                ],
            }
        )
        change.line_ids.sudo().state = "posted"
        change.sudo().state = "posted"
        return change.line_ids

    def test_companies_look_ahead_each_for_its_own_days(self):
        other = self._create_company(name="Other")
        other.credit_review_days = 60
        for days, shown in ((30, True), (31, False), (60, False)):
            self.profile.next_review_date = self._day(days)
            self.assertEqual(bool(self._found()), shown, days)
        there = self._profile(self.customer, other)
        for days, shown in ((60, True), (61, False)):
            there.next_review_date = self._day(days)
            self.env.flush_all()
            self.dues.invalidate_model()
            found = self.dues.sudo().search([("profile_id", "=", there.id)])
            self.assertEqual(bool(found), shown, days)

    def test_what_is_far_ahead_is_not_read(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.flush_all()
        plan = SQL("EXPLAIN (COSTS OFF) %s", self.dues._table_query)
        lines = "\n".join(row[0] for row in self.env.execute_query(plan))
        for column in ("next_review_date", "limit_expiry_date"):
            self.assertRegex(lines, rf"Index Cond: \(\(*{column} <= ")

    def test_reviews_come_up_ahead_and_stay_until_they_are_done(self):
        for days, shown in ((31, False), (30, True), (0, True), (-100, True)):
            self.profile.next_review_date = self._day(days)
            expected = {("review", self.profile.id): days} if shown else {}
            self.assertEqual(self._found(), expected)

    def test_the_policy_says_how_many_days_ahead(self):
        self.profile.next_review_date = self._day(31)
        self.company.credit_review_days = 31
        self.assertEqual(len(self._found()), 1)
        self.company.credit_review_days = 0
        self.assertFalse(self._found())

    def test_limits_that_expire_come_up(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 5.0})
        for days, shown in ((31, False), (30, True), (-5, True)):
            self.profile.sudo().limit_expiry_date = self._day(days)
            self.assertEqual(bool(self._found()), shown, days)
        self.profile.limit_policy = "unlimited"
        self.assertFalse(self._found())

    def test_temporary_limits_that_end_come_up_until_they_have_ended(self):
        for days, shown in ((31, False), (30, True), (0, True), (-1, False)):
            line = self._temporary(days)
            self.assertEqual(bool(self._found()), shown, days)
            line.sudo().state = "cancelled"

    def test_temporary_limits_that_were_not_posted_do_not_come_up(self):
        self._temporary(5).sudo().state = "draft"
        self.assertFalse(self._found())

    def test_collateral_that_ends_comes_up_once_it_is_validated(self):
        kind = self.env["credit.collateral.type"].search([], limit=1)
        collateral = self.env["credit.collateral"].create(
            {
                "profile_id": self.profile.id,
                "type_id": kind.id,
                "guarantor_id": self.env["res.partner"].create({"name": "Insurer"}).id,
                "amount": 1000.0,
                "date_from": self._day(-400),
                "date_to": self._day(30),
            }
        )
        self.assertFalse(self._found())
        collateral.with_user(self.manager).action_validate()
        self.assertEqual(self._found(), {("collateral", self.profile.id): 30})
        collateral.sudo().date_to = self._day(31)
        self.assertFalse(self._found())

    def test_groups_come_up_once(self):
        group = self.env["credit.group"].create(
            {"name": "Group", "expiry_date": self._day(10)}
        )
        self.profile.group_id = group
        self._profile(self._customer("Member")).group_id = group
        self.assertEqual(self._found(), {("group", self.profile.id): 10})
        due = self.dues.search([("kind", "=", "group"), ("res_id", "=", group.id)])
        self.assertEqual(due.action_open()["res_model"], "credit.group")
        self.assertEqual(due.document, "Group")

    def test_archived_customers_do_not_come_up(self):
        self.profile.next_review_date = self._day(1)
        self.profile.active = False
        self.assertFalse(self._found())

    def test_the_list_opens_what_it_is_about(self):
        line = self._temporary(5)
        self.env.flush_all()
        due = self.dues.search([("profile_id", "=", self.profile.id)])
        action = due.with_user(self.manager).action_open()
        self.assertEqual(action["res_model"], "credit.limit.change")
        self.assertEqual(action["res_id"], line.change_id.id)

    def test_reviews_are_done_from_the_list(self):
        self.profile.next_review_date = self._day(1)
        self.env.flush_all()
        due = self.dues.search([("profile_id", "=", self.profile.id)])
        with self.assertRaises(AccessError):
            due.with_user(self.collector).action_review_done()
        due.with_user(self.controller).action_review_done()
        self.assertEqual(self.profile.last_review_date, self.today)
        self.assertFalse(self._found())

    def test_limits_are_not_reviewed_by_a_click(self):
        self._temporary(5)
        self.env.flush_all()
        due = self.dues.search([("profile_id", "=", self.profile.id)])
        with self.assertRaises(UserError):
            due.with_user(self.controller).action_review_done()

    # === WHO SEES THE LIST === #

    def test_collectors_auditors_and_managers_see_it_salespeople_do_not(self):
        self.profile.next_review_date = self._day(1)
        for user in (self.collector, self.auditor, self.controller, self.manager):
            self.assertEqual(len(self._found(user)), 1)
        with self.assertRaises(AccessError):
            self._found(self.salesperson)

    def test_other_companies_are_not_seen(self):
        other = self._create_company(name="Other")
        self._profile(self.customer, other).sudo().next_review_date = self.today
        self.env.flush_all()
        self.assertFalse(
            self.dues.with_user(self.manager).search([("company_id", "=", other.id)])
        )

    # === ACTIVITIES === #

    def _tell(self):
        return self.profiles.sudo()._tell_of_reviews(self.company)

    def test_the_manager_is_told_once(self):
        self.profile.next_review_date = self._day(10)
        activity = self._tell()
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.date_deadline, self._day(10))
        self.assertEqual(activity.res_id, self.profile.id)
        self.assertIn("Review of the customer", activity.summary)
        self.assertFalse(self._tell())

    def test_who_did_the_task_is_not_told_again(self):
        self.profile.next_review_date = self._day(10)
        self._tell()._action_done()
        self.assertFalse(self._tell())

    def test_another_day_is_told_again(self):
        self.profile.next_review_date = self._day(10)
        self._tell()
        self.profile.next_review_date = self._day(11)
        self.assertEqual(self._tell().date_deadline, self._day(11))

    def test_everything_that_ends_on_a_day_is_told(self):
        self.profile.next_review_date = self._day(10)
        self._temporary(10)
        self.assertEqual(len(self._tell()), 2)

    def test_a_review_done_closes_the_task(self):
        self.profile.next_review_date = self._day(10)
        activity = self._tell()
        self.profile.with_user(self.controller).action_review_done()
        self.assertFalse(activity.exists() and activity.active)

    def test_the_night_tells(self):
        self.profile.next_review_date = self._day(10)
        self.profiles._prepare_collection(self.company)
        self.assertEqual(self.profile.activity_ids.user_id, self.manager)

    def test_a_hundred_reviews_take_as_many_queries_as_one(self):
        self.profile.next_review_date = self._day(1)
        self.env.flush_all()

        def tell():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            activities = self._tell()
            self.env.flush_all()
            return activities, self.env.cr.sql_log_count - before

        tell()  # fills the caches of the server
        self.profile.next_review_date = self._day(2)
        self.env.flush_all()
        _activity, queries = tell()
        many = self.env["res.partner"].create(
            [{"name": f"Due {number}", "is_company": True} for number in range(100)]
        )
        self.profiles._ensure(self.company, many.ids).next_review_date = self._day(3)
        self.env.flush_all()
        activities, more = tell()
        self.assertEqual(len(activities), 100)
        self.assertLessEqual(more, queries + 2)
