from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import LimitCommon


@tagged("post_install", "-at_install")
class TestLimitChangeInput(LimitCommon):
    """What can't be proposed is refused, in words that help."""

    def _assert_refused(self, words, kind="permanent", **values):
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            self._change(kind, **values)

    def _assert_not_submitted(self, words, kind="permanent", **values):
        change = self._change(kind, **values)
        with self.assertRaisesRegex(UserError, words):
            change.with_user(self.manager).action_submit()
        self.assertEqual(change.state, "draft")

    # === HOW MUCH === #

    def test_a_negative_limit(self):
        self._assert_refused("Customer: .*-0.01.* is negative", new_limit=-0.01)

    def test_an_absurd_limit(self):
        self._assert_refused("is no credit limit", new_limit=1e12)
        self.assertTrue(self._change(new_limit=1e12 - 1))

    def test_a_limit_above_the_highest_of_the_company(self):
        self.company.credit_limit_maximum = 50000.0
        self._assert_refused("above the highest limit.*50,000.00", new_limit=50000.01)
        self.assertTrue(self._change(new_limit=50000.0))

    def test_the_highest_limit_is_lowered_while_a_change_waits(self):
        change = self._change(user=self.controller, new_limit=50000.0)
        change.with_user(self.controller).action_submit()
        self.company.credit_limit_maximum = 40000.0
        with self.assertRaisesRegex(UserError, "above the highest limit"):
            change.with_user(self.manager).action_approve()

    # === WHEN === #

    def test_dates_reversed(self):
        self._assert_refused(
            "is before the first day",
            "temporary",
            new_limit=5.0,
            date_from=self._day(5),
            date_to=self._day(4),
        )

    def test_a_last_day_is_needed(self):
        self.company.credit_limit_validity_months = 0
        self._assert_not_submitted("the last day is missing", new_limit=5.0)

    def test_a_temporary_limit_needs_a_first_day(self):
        self._assert_not_submitted(
            "the first day is missing",
            "temporary",
            new_limit=5.0,
            date_from=False,
            date_to=self._day(3),
        )

    def test_a_last_day_that_is_over(self):
        self._assert_not_submitted(
            "is over already", new_limit=5.0, date_to=self._day(-1)
        )

    def test_a_last_day_that_passed_while_the_change_waited(self):
        change = self._change(new_limit=5.0, date_to=self._day(3))
        change.is_posted_when_approved = False
        change.with_user(self.manager).action_submit()
        with freeze_time(self._day(4)), self.assertRaisesRegex(UserError, "over alr"):
            change.with_user(self.manager).action_post()
        self.assertEqual(change.state, "approved")

    # === FOR WHOM === #

    def test_neither_customer_nor_group(self):
        self._assert_refused("no customer", lines=[{"new_limit": 5.0}])
        self._assert_refused(
            "needs a credit group", "group", lines=[{"new_limit": 5.0}]
        )

    def test_a_customer_and_a_group(self):
        group = self.env["credit.group"].create({"name": "Steel"})
        self._assert_refused("never for both", new_limit=5.0, group_id=group.id)

    def test_a_group_without_an_amount(self):
        group = self.env["credit.group"].create({"name": "Steel"})
        self._assert_refused(
            "have an amount",
            "group",
            lines=[{"group_id": group.id, "new_policy": "unlimited"}],
        )

    def test_a_temporary_limit_is_an_amount(self):
        for policy in ("default", "unlimited", "none"):
            self._assert_refused("is an amount", "temporary", new_policy=policy)

    def test_a_permanent_limit_of_a_group(self):
        group = self.env["credit.group"].create({"name": "Steel"})
        self._assert_refused("with “Group limit”", lines=[{"group_id": group.id}])

    def test_a_customer_twice(self):
        line = {"profile_id": self.profile.id, "new_limit": 5.0}
        with (
            self.assertRaisesRegex(Exception, "customer_uniq"),
            self.env.cr.savepoint(),
        ):
            self._change(lines=[line, line])

    def test_a_customer_of_another_company(self):
        there = self._profile(self.customer, self._create_company(name="Other"))
        self._assert_refused(
            "another company", lines=[{"profile_id": there.id, "new_limit": 5.0}]
        )

    def test_no_lines(self):
        change = self.changes.with_user(self.manager).create({"kind": "permanent"})
        with self.assertRaisesRegex(UserError, "has no lines"):
            change.action_submit()

    def test_a_branch_has_no_limits_of_its_own(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        with self.assertRaisesRegex(ValidationError, "Branch is a branch"):
            self.changes.create({"company_id": branch.id})

    def test_a_group_in_a_currency_without_a_rate(self):
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "q"})
        group = self.env["credit.group"].create(
            {"name": "Steel", "currency_id": currency.id}
        )
        line = {"group_id": group.id, "new_limit": 5.0}
        self._assert_not_submitted("XQQ, which has no exchange", "group", lines=[line])
        currency.rate_ids = [Command.create({"name": self.today, "rate": 2.0})]
        change = self._posted("group", lines=[line])
        self.assertEqual(change.state, "posted")

    # === ALL AT ONCE === #

    def test_everything_that_is_wrong_is_told_at_once(self):
        self.company.credit_limit_validity_months = 0
        others = [self._profile(self._customer(name)) for name in ("North", "South")]
        change = self._change(
            lines=[{"profile_id": one.id, "new_limit": 5.0} for one in others]
        )
        with self.assertRaises(UserError) as refusal:
            change.with_user(self.manager).action_submit()
        self.assertIn("North: the last day", str(refusal.exception))
        self.assertIn("South: the last day", str(refusal.exception))

    def test_the_highest_limit_itself_can_not_be_negative(self):
        with self.assertRaisesRegex(Exception, "credit_limit_change"):
            self.company.credit_limit_maximum = -1.0
            self.company.flush_recordset()
