from psycopg2.errors import ExclusionViolation

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.date_utils import relativedelta

from .common import LimitCommon


@tagged("post_install", "-at_install")
class TestLimitChangeTemporary(LimitCommon):
    """Limits from a day to a day, never two for one day, and ended early."""

    def test_a_temporary_limit_leaves_the_limit_of_the_customer_alone(self):
        line = self._raised().line_ids
        self.assertEqual(line.state, "posted")
        self.assertEqual(self.profile.credit_limit, 1000.0)
        self.assertFalse(self.profile.limit_expiry_date)
        self.assertEqual(line.old_effective_limit, 1000.0)
        self.assertEqual(self.profile.temporary_limit_count, 1)

    def test_by_default_it_is_for_a_month_from_today_on(self):
        line = self._change("temporary", new_limit=5000.0).line_ids
        self.assertEqual(line.date_from, self.today)
        self.assertEqual(line.date_to, self.today + relativedelta(months=1))

    def test_it_may_be_lower_and_begin_later(self):
        line = self._raised(limit=100.0, start=5, end=6).line_ids
        self.assertEqual(line.state, "posted")
        self.assertEqual(line.date_from, self._day(5))

    def test_while_it_is_in_force_the_end_of_the_other_one_stops_nothing(self):
        self._archive_rules()
        self._rule("limit_expired", days=0)
        self.profile.sudo().limit_expiry_date = self._day(-5)
        partner = self.profile.partner_id
        order = self._order(partner, 10.0)
        order.action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        self._raised(start=0, end=10)
        order = self._order(partner, 10.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    # === OF A GROUP === #

    def _group_line(self, group, limit=5000.0):
        return {"lines": [{"group_id": group.id, "new_limit": limit}]}

    def test_a_group_has_a_temporary_limit_too(self):
        group = self._steel(9.0)
        line = self._posted("temporary", **self._group_line(group)).line_ids
        self.assertEqual((line.state, line.old_limit), ("posted", 9.0))
        self.assertEqual(group.credit_limit, 9.0)
        self.assertFalse(group.expiry_date)
        with self.assertRaisesRegex(UserError, "Steel: the days share some with"):
            self._posted("temporary", **self._group_line(group, 1.0))
        cancel = self._posted("cancel", **self._group_line(group)).line_ids
        self.assertEqual(cancel.temporary_id, line)
        self.assertEqual((cancel.old_limit, line.state), (5000.0, "cancelled"))

    def test_two_groups_and_a_customer_do_not_get_in_the_way_of_each_other(self):
        groups = self.env["credit.group"].create([{"name": "Steel"}, {"name": "Wood"}])
        for group in groups:
            change = self._posted("temporary", **self._group_line(group))
            self.assertEqual(change.state, "posted")
        self.assertEqual(self._raised().state, "posted")

    # === NEVER TWO FOR ONE DAY === #

    def test_two_that_share_a_day_are_refused(self):
        first = self._raised(start=0, end=10)
        for start, end in ((10, 20), (-5, 0), (3, 4), (-5, 20)):
            change = self._change(
                "temporary",
                new_limit=100.0,
                date_from=self._day(start),
                date_to=self._day(end),
            )
            with self.assertRaisesRegex(UserError, f"share some with.*{first.name}"):
                change.with_user(self.manager).action_submit()
            self.assertEqual(change.state, "draft")

    def test_one_after_the_other_is_fine(self):
        self._raised(start=0, end=10)
        self.assertEqual(self._raised(start=11, end=20).state, "posted")

    def test_another_customer_is_another_matter(self):
        self._raised()
        other = self._profile(self._customer("Other"))
        self.assertEqual(self._raised(profile_id=other.id).state, "posted")

    def test_two_in_one_change_are_refused(self):
        line = {"profile_id": self.profile.id, "new_limit": 5000.0}
        change = self._change("temporary", lines=[line, line])
        with self.assertRaisesRegex(UserError, "share some with"):
            change.with_user(self.manager).action_submit()

    def test_one_that_waits_to_be_posted_counts_too(self):
        waiting = self._change("temporary", new_limit=5000.0)
        waiting.is_posted_when_approved = False
        waiting.with_user(self.manager).action_submit()
        self.assertEqual(waiting.state, "approved")
        with self.assertRaisesRegex(UserError, f"share some with.*{waiting.name}"):
            self._raised()

    def test_one_that_is_only_proposed_does_not_count(self):
        self._change("temporary", new_limit=5000.0)
        self.assertEqual(self._raised().state, "posted")

    def test_the_database_refuses_what_two_people_do_at_once(self):
        # neither sees the other's; the second one to be written fails
        first, second = (
            self._change("temporary", new_limit=limit).line_ids for limit in (1.0, 2.0)
        )
        first.sudo().state = "posted"
        self.env.flush_all()
        with (
            self.assertRaises(ExclusionViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            second.sudo().state = "posted"
            second.flush_recordset()

    # === ENDED EARLY === #

    def test_a_temporary_limit_is_ended_early(self):
        line = self._raised(start=-5, end=10).line_ids
        cancel = self._posted("cancel")
        self.assertEqual(cancel.line_ids.temporary_id, line)
        self.assertEqual(line.date_to, self._day(-1))
        self.assertEqual(line.state, "posted")
        # what it was stays on record
        self.assertEqual(cancel.line_ids.old_limit, 5000.0)
        self.assertEqual(cancel.line_ids.old_expiry_date, self._day(10))
        self.assertEqual(self.profile.temporary_limit_count, 0)

    def test_a_temporary_limit_is_ended_on_a_day_to_come(self):
        line = self._raised(start=0, end=10).line_ids
        self._posted("cancel", date_from=self._day(4))
        self.assertEqual(line.date_to, self._day(3))
        self.assertEqual(line.state, "posted")

    def test_one_that_would_only_begin_never_counts(self):
        line = self._raised(start=5, end=10).line_ids
        self._posted("cancel")
        self.assertEqual(line.state, "cancelled")
        self.assertIn(line, self.profile.limit_history_ids)

    def test_the_days_are_free_again(self):
        self._raised(start=0, end=10)
        self._posted("cancel")
        self.assertEqual(self._raised(start=0, end=10).state, "posted")

    def test_the_one_in_force_is_ended_before_those_to_come(self):
        now = self._raised(start=0, end=3).line_ids
        self._raised(start=5, end=10)
        self.assertEqual(self._change("cancel").line_ids.temporary_id, now)

    def test_nothing_to_cancel(self):
        with self.assertRaisesRegex(UserError, "no temporary limit in force"):
            self._change("cancel")

    def test_what_is_over_is_not_cancelled(self):
        self._raised(start=0, end=3)
        change = self._change("cancel")
        with (
            freeze_time(self._day(4)),
            self.assertRaisesRegex(UserError, "no temporary limit in force"),
        ):
            change.with_user(self.manager).action_submit()

    # === MERGED === #

    def test_the_limits_of_merged_customers_come_together(self):
        double = self._customer("Double")
        other = self._profile(double)
        mine = self._raised(start=0, end=10).line_ids
        theirs = self._raised(start=5, end=15, profile_id=other.id).line_ids
        later = self._raised(start=20, end=25, profile_id=other.id).line_ids
        both = self._change(
            lines=[
                {"profile_id": self.profile.id, "new_limit": 7.0},
                {"profile_id": other.id, "new_limit": 9.0},
            ]
        )
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizards._merge((self.customer + double).ids, self.customer, extra_checks=False)
        self.assertEqual((mine + theirs + later).profile_id, self.profile)
        self.assertEqual(
            (mine + theirs + later).mapped("state"), ["posted", "cancelled", "posted"]
        )
        self.assertEqual(both.line_ids.mapped("state"), ["draft", "cancelled"])
        both.with_user(self.manager).action_submit()
        self.assertEqual(self.profile.credit_limit, 7.0)
