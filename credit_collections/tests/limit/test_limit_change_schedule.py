from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import LimitCommon


@tagged("post_install", "-at_install")
class TestLimitChangeSchedule(LimitCommon):
    """Limits that begin on a day to come; the customer has one of 1,000 today."""

    def _scheduled(self, limit=2500.0, start=5, **values):
        """Return the posted line of a limit that begins in so many days."""
        line = self._posted(
            new_limit=limit, date_from=self._day(start), **values
        ).line_ids
        self.assertEqual((line.state, line.change_id.state), ("scheduled", "posted"))
        return line

    def _night(self, day):
        """Let the job of a day run."""
        with freeze_time(self._day(day)), self._as_job():
            self.changes._cron_take_force()
        self.env.invalidate_all()

    # === THE DAY === #

    def test_it_counts_from_its_first_day_on_and_not_a_day_before(self):
        line = self._scheduled(start=5)
        expected = {4: 1000.0, 5: 2500.0, 6: 2500.0}
        for day, limit in expected.items():
            self._night(day)
            self.assertEqual(self.profile.effective_limit, limit, f"day {day}")
            self.assertEqual(self.profile.credit_limit, limit, f"day {day}")
        self.assertEqual(line.state, "posted")

    def test_what_it_replaced_is_kept_of_that_day(self):
        line = self._scheduled(start=5)
        self.assertFalse(line.posted_date)
        # meanwhile: another limit, and more debts, 600 + 150
        self._posted(new_limit=1200.0)
        self._receivable(amount=150.0, due_in=5)
        self._night(5)
        self.assertRecordValues(
            line,
            [
                {
                    "posted_date": self._day(5),
                    "date_from": self._day(5),
                    "old_policy": "limited",
                    "old_limit": 1200.0,
                    "old_effective_limit": 1200.0,
                    "old_exposure": 750.0,
                }
            ],
        )
        self.assertEqual(self.profile.limit_date, self._day(5))
        self.assertEqual(self.profile.limit_expiry_date, line.date_to)
        self.assertIn("count now", "".join(line.change_id.message_ids.mapped("body")))

    def test_a_job_that_runs_twice_or_late_changes_nothing_more(self):
        line = self._scheduled(start=5)
        self._night(7)
        self.assertEqual(self.profile.credit_limit, 2500.0)
        self._posted(new_limit=1700.0)
        self._night(8)
        self.assertEqual(self.profile.credit_limit, 1700.0)
        self.assertEqual(line.posted_date, self._day(7))

    def test_today_is_no_day_to_come(self):
        line = self._posted(new_limit=2500.0, date_from=self.today).line_ids
        self.assertEqual(line.state, "posted")
        self.assertEqual(self.profile.credit_limit, 2500.0)

    def test_only_limits_that_stay_begin_later(self):
        expected = {
            ("permanent", -1): "posted",
            ("permanent", 1): "scheduled",
            ("automatic", 1): "scheduled",
            ("temporary", 1): "posted",
        }
        for (kind, start), state in expected.items():
            profile = self._profile(self._customer(f"{kind} {start}"))
            vals = {"profile_id": profile.id, "new_limit": 5.0}
            vals["date_from"] = self._day(start)
            change = self._posted(kind, lines=[vals])
            self.assertEqual(change.line_ids.state, state, f"{kind} {start}")

    def test_the_validity_begins_with_the_first_day(self):
        self.company.credit_limit_validity_months = 12
        line = self._scheduled(start=5)
        self.assertEqual((line.date_to - self._day(5)).days // 365, 1)

    # === TOGETHER WITH OTHERS === #

    def test_one_change_posts_what_begins_today_and_schedules_the_rest(self):
        other = self._profile(self._customer("Other"))
        change = self._posted(
            lines=[
                {"profile_id": self.profile.id, "new_limit": 1100.0},
                {
                    "profile_id": other.id,
                    "new_limit": 400.0,
                    "date_from": self._day(3),
                },
            ]
        )
        self.assertEqual(change.line_ids.mapped("state"), ["posted", "scheduled"])
        self._posted(new_limit=1300.0)
        self._night(3)
        self.assertEqual(other.credit_limit, 400.0)
        # what was posted with it before is not posted again
        self.assertEqual(self.profile.credit_limit, 1300.0)

    def test_of_two_days_that_are_here_the_later_one_counts_last(self):
        second = self._scheduled(3000.0, start=6)
        first = self._scheduled(2000.0, start=5)
        self._night(6)
        self.assertEqual(self.profile.credit_limit, 3000.0)
        self.assertEqual((first.old_limit, second.old_limit), (1000.0, 2000.0))

    def test_two_limits_for_the_same_day_are_refused(self):
        self._scheduled(start=5)
        change = self._change(new_limit=7.0, date_from=self._day(5))
        with self.assertRaisesRegex(UserError, "another limit begins on"):
            change.with_user(self.manager).action_submit()
        self.assertEqual(change.state, "draft")

    def test_a_limit_scheduled_meanwhile_is_found_when_posting(self):
        change = self._change(new_limit=7.0, date_from=self._day(5))
        change.is_posted_when_approved = False
        change.with_user(self.manager).action_submit()
        self._scheduled(start=5)
        with self.assertRaisesRegex(UserError, "another limit begins on"):
            change.with_user(self.manager).action_post()

    def test_a_temporary_limit_goes_before_it_until_its_last_day(self):
        self._raised(limit=5000.0, start=0, end=6)
        self._scheduled(start=5)
        for day, limit in {5: 5000.0, 6: 5000.0, 7: 2500.0}.items():
            self._night(day)
            with freeze_time(self._day(day)):
                self.profile.action_refresh()
                self.assertEqual(self.profile.effective_limit, limit, f"day {day}")

    def test_the_limit_of_a_group_begins_later_too(self):
        group = self._steel(9.0)
        line = self._posted(
            "group",
            lines=[
                {
                    "group_id": group.id,
                    "new_limit": 90.0,
                    "date_from": self._day(2),
                }
            ],
        ).line_ids
        self.assertEqual((line.state, group.credit_limit), ("scheduled", 9.0))
        self._night(1)
        self.assertEqual(group.credit_limit, 9.0)
        self._night(2)
        self.assertEqual((line.state, group.credit_limit), ("posted", 90.0))
        self.assertEqual(line.old_limit, 9.0)

    def test_merged_customers_have_one_limit_a_day(self):
        other = self._profile(self._customer("Double"))
        mine = self._scheduled(start=5)
        same, later = (
            self._scheduled(400.0, start=day, profile_id=other.id) for day in (5, 6)
        )
        other.sudo()._merge_into(self.profile.sudo())
        self.assertEqual(mine.state, "scheduled")
        self.assertEqual((same.state, later.state), ("cancelled", "scheduled"))

    # === CANCELLED, AND TROUBLE === #

    def test_it_is_cancelled_before_it_begins(self):
        line = self._scheduled(start=5)
        line.with_user(self.manager).action_cancel_scheduled()
        self._night(5)
        self.assertEqual(line.state, "cancelled")
        self.assertEqual(self.profile.credit_limit, 1000.0)
        # another one may take its day
        self._scheduled(3000.0, start=5)

    def test_what_counts_is_not_cancelled_any_more(self):
        line = self._scheduled(start=5)
        self._night(5)
        with self.assertRaisesRegex(UserError, "not scheduled any more"):
            line.with_user(self.manager).action_cancel_scheduled()

    def test_who_proposed_it_and_managers_cancel_it(self):
        change = self._change(
            user=self.controller, new_limit=7.0, date_from=self._day(5)
        )
        change.with_user(self.controller).action_submit()
        change.with_user(self.manager).action_approve()
        line = change.line_ids
        self.assertEqual(line.state, "scheduled")
        stranger = self._user("stranger", "credit_collections.group_credit_controller")
        collector = self.collector
        for user in (stranger, collector, self.salesperson):
            with self.assertRaises(AccessError):
                line.with_user(user).action_cancel_scheduled()
        for user, expected in (
            (stranger, False),
            (collector, False),
            (self.controller, True),
            (self.manager, True),
        ):
            self.assertEqual(line.with_user(user).may_cancel_scheduled, expected)
        line.with_user(self.controller).action_cancel_scheduled()
        self.assertEqual(line.state, "cancelled")

    def test_one_that_fails_stops_none_of_the_others_and_is_tried_again(self):
        bad = self._scheduled(start=5)
        other = self._profile(self._customer("Other"))
        good = self._scheduled(400.0, start=5, profile_id=other.id)
        put_in_force = type(self.changes)._put_in_force

        def fail(change, *args):
            if change == bad.change_id:
                raise ValueError("No paper left")
            return put_in_force(change, *args)

        with (
            patch.object(type(self.changes), "_put_in_force", fail),
            mute_logger(
                "odoo.addons.credit_collections.models.limit.credit_limit_change_schedule"
            ),
        ):
            self._night(5)
        self.assertEqual((bad.state, good.state), ("scheduled", "posted"))
        self.assertIn(
            "No paper left", "".join(bad.change_id.message_ids.mapped("body"))
        )
        self._night(6)
        self.assertEqual(bad.state, "posted")

    def test_a_hundred_begin_with_as_many_statements_as_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Many {number}", "is_company": True} for number in range(102)]
        )
        profiles = self.profiles._ensure(self.company, partners.ids)
        self._posted(
            lines=[{"profile_id": one.id, "new_limit": 5.0} for one in profiles]
        )
        counts = []
        for day, some in ((1, profiles[:1]), (2, profiles[1:2]), (3, profiles[2:])):
            self._posted(
                lines=[
                    {
                        "profile_id": one.id,
                        "new_limit": 7.0,
                        "date_from": self._day(day),
                    }
                    for one in some
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._night(day)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(set(profiles.mapped("credit_limit")), {7.0})
        self.assertLessEqual(counts[2], counts[1])
