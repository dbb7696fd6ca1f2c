from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command, Domain
from odoo.tests import freeze_time, tagged

from ...models.events import credit_job_step
from ..promise.common import PromiseCommon

LOS_ANGELES, AUCKLAND, TOKYO = (
    "America/Los_Angeles",
    "Pacific/Auckland",
    "Asia/Tokyo",
)
#: Noon of 31 January in Los Angeles, 9 o'clock of 1 February in Auckland.
NOON = "2024-01-31 20:00:00"
#: The last second of 31 January in Los Angeles, and the first of 1 February.
LAST, MIDNIGHT = "2024-02-01 07:59:59", "2024-02-01 08:00:00"
JANUARY_31 = fields.Date.to_date("2024-01-31")
FEBRUARY_1 = fields.Date.to_date("2024-02-01")


@tagged("post_install", "-at_install")
class TestCompanyDay(PromiseCommon):
    """What is due, ends or is valid does so by the day of its company, for all."""

    freeze_time = freeze_time(NOON)
    shares_books = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = LOS_ANGELES
        cls.other = cls.setup_other_company()["company"]
        cls.other.partner_id.tz = AUCKLAND
        cls.other.collection_promise_grace_days = 0
        users = cls.collector + cls.manager
        users.write({"tz": AUCKLAND, "company_ids": [Command.link(cls.other.id)]})

    def _abroad(self, records, user=None):
        """Return records as a user sees them who is in Auckland."""
        user = user or self.collector
        companies = (self.company + self.other).ids
        return records.with_user(user).with_context(
            tz=AUCKLAND, allowed_company_ids=companies
        )

    # === THE DAY === #

    def test_each_company_has_its_own_day_at_every_second(self):
        days = {
            "2024-01-31 07:59:59": ("2024-01-30", "2024-01-31"),
            "2024-01-31 08:00:00": ("2024-01-31", "2024-01-31"),
            "2024-01-31 10:59:59": ("2024-01-31", "2024-01-31"),
            "2024-01-31 11:00:00": ("2024-01-31", "2024-02-01"),
            "2024-02-01 00:00:00": ("2024-01-31", "2024-02-01"),
            LAST: ("2024-01-31", "2024-02-01"),
            MIDNIGHT: ("2024-02-01", "2024-02-01"),
        }
        for moment, expected in days.items():
            for zone in (False, "UTC", TOKYO):
                with freeze_time(moment):
                    found = [
                        str(company.with_context(tz=zone)._credit_today())
                        for company in self.company + self.other
                    ]
                self.assertEqual(tuple(found), expected)

    def test_branches_have_the_day_of_their_root_company(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        branch.partner_id.tz = AUCKLAND
        self.assertEqual(branch._credit_today(), JANUARY_31)

    def test_the_setting_counts_where_the_address_has_no_time_zone(self):
        self.company.credit_timezone = AUCKLAND
        self.assertEqual(self.company._credit_today(), JANUARY_31)
        self.company.partner_id.tz = False
        self.assertEqual(self.company._credit_today(), FEBRUARY_1)
        self.company.credit_timezone = False
        self.assertEqual(self.company._credit_today(), JANUARY_31)

    def test_the_day_takes_no_query(self):
        self.company._credit_today()
        companies = self.env["res.company"]
        companies._credit_days()
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.company._credit_today()
            companies._credit_day_domain("date", "<=")

    def test_the_domain_and_the_statement_know_the_day_of_each_company(self):
        profiles = self.profiles.union(
            self._profile(self.customer), self._profile(self.customer, self.other)
        )
        profiles.sudo().next_review_date = FEBRUARY_1
        chosen = [("id", "in", profiles.ids)]
        by_day = self.env["res.company"]._credit_day_domain
        for moment, expected in ((LAST, profiles[1]), (MIDNIGHT, profiles)):
            with freeze_time(moment):
                due = by_day("next_review_date", "<=") & Domain(chosen)
                self.assertEqual(self.profiles.search(due), expected)
                self.assertEqual(profiles.filtered_domain(due), expected)
                coming = by_day("next_review_date", "<=", days=1)
                self.assertEqual(profiles.filtered_domain(coming), profiles)
                found = self.env["credit.review.due"].search(
                    [("kind", "=", "review"), ("profile_id", "in", profiles.ids)]
                )
                left = {one.profile_id: one.days_left for one in found}
                self.assertEqual(left[profiles[0]], int(moment == LAST))
                self.assertEqual(left[profiles[1]], 0)
            self.env["credit.review.due"].invalidate_model()

    # === WHAT ENDS === #

    def _promised(self, company, day):
        debtor = self._customer("Debtor", phone="+1 555 0100")
        due = company._credit_today() - timedelta(days=12)
        self._receivable(debtor, 100.0, company_id=company.id, invoice_date_due=due)
        items = self._items(debtor)
        promise = self._abroad(self.env["collection.promise"]).create(
            {
                "profile_id": self._profile(debtor, company).id,
                "currency_id": items.currency_id.id,
                "date": day,
                "line_ids": [
                    Command.create({"move_line_id": items.id, "amount": 100.0})
                ],
            }
        )
        return promise.sudo()

    def test_promises_are_made_and_broken_by_the_day_of_the_company(self):
        promise = self._promised(self.company, JANUARY_31)
        self.assertEqual(promise.made_on, JANUARY_31)
        for moment, state in ((LAST, "open"), (MIDNIGHT, "broken")):
            with freeze_time(moment):
                self._abroad(promise).sudo()._evaluate()
                self.assertEqual(promise.state, state)
        self.assertEqual(promise.closed_on, FEBRUARY_1)

    def test_two_companies_in_one_job(self):
        here = self._promised(self.company, FEBRUARY_1)
        there = self._promised(self.other, FEBRUARY_1)
        self.assertEqual((here.made_on, there.made_on), (JANUARY_31, FEBRUARY_1))
        states = {
            "2024-02-01 10:59:59": ("open", "open"),
            "2024-02-01 11:00:00": ("open", "broken"),
            "2024-02-02 07:59:59": ("open", "broken"),
            "2024-02-02 08:00:00": ("broken", "broken"),
        }
        for moment, expected in states.items():
            with freeze_time(moment), self._as_job():
                self.env["collection.promise"].sudo()._cron_evaluate()
            self.assertEqual((here.state, there.state), expected, moment)

    def test_steps_are_due_and_runs_are_of_the_day_of_the_company(self):
        debtor = self._debtor("Debtor")
        # due on 27 January, and so for the first step on 1 February
        self._receivable(debtor, 100.0, due_in=-4)
        for moment, day, count in ((LAST, JANUARY_31, 0), (MIDNIGHT, FEBRUARY_1, 1)):
            with freeze_time(moment):
                run = self._abroad(self.env["collection.run"], self.manager).create(
                    {"company_id": self.company.id}
                )
                self.env["collection.segment"]._assign(self.company)
                run.action_plan()
                self.assertEqual(run.date, day)
                found = self._action(run, debtor).filtered(
                    lambda action: action.state == "planned"
                )
                self.assertEqual(len(found), count, moment)

    def test_exclusions_end_by_the_day_of_the_company(self):
        item = self._open_items(self._receivable(amount=100.0, due_in=-5))
        item.sudo().collection_excluded_until = FEBRUARY_1
        for moment, days in ((LAST, 5), (MIDNIGHT, 6)):
            with freeze_time(moment):
                self.env.invalidate_all()
                seen = self._abroad(item)
                self.assertEqual(seen.collection_days_overdue, days)
                self.assertEqual(seen.collection_status == "excluded", moment == LAST)

    def test_releases_and_temporary_limits_end_by_the_day_of_the_company(self):
        self._rule("limit_used", limit_share=1.0)
        limited = self._customer("Limited", limit=100.0)
        order = self._order(limited, 500.0)
        order.action_confirm()
        hold = order.credit_hold_id
        self._abroad(hold, self.manager)._release(
            self.release_reason, confirm=False, valid_days=0
        )
        self.assertEqual(hold.valid_until, JANUARY_31)
        profile = self._profile(limited)
        change = self.env["credit.limit.change"].create(
            {
                "kind": "temporary",
                "line_ids": [
                    Command.create(
                        {
                            "profile_id": profile.id,
                            "new_limit": 300.0,
                            "date_from": JANUARY_31,
                            "date_to": JANUARY_31,
                        }
                    )
                ],
            }
        )
        self._abroad(change, self.manager).action_submit()
        for moment, limit in ((LAST, 300.0), (MIDNIGHT, 100.0)):
            with freeze_time(moment):
                standing = self._abroad(self.profiles, self.salesperson).sudo()
                standing = standing._collect(self.company, limited.ids)[limited.id]
                self.assertEqual(standing.limit, limit)
                today = self._abroad(order).company_id._credit_today()
                self.assertEqual(order._credit_is_released(today), moment == LAST)

    def test_items_are_overdue_by_the_day_of_the_company(self):
        self._receivable(amount=100.0, due_in=0)
        profile = self._profile(self.customer)
        for moment, overdue in ((LAST, 0.0), (MIDNIGHT, 100.0)):
            with freeze_time(moment):
                self._abroad(self.profiles).sudo()._refresh_figures(
                    self.company, self.customer.ids
                )
                self.assertEqual(profile.overdue_amount, overdue)

    # === JOBS === #

    @contextmanager
    def _nights(self):
        """Record whose night is done."""
        done = []

        def do(step, env, root=None, profiles=None, after=0):
            done.append((step.name, root))
            return iter(())

        with patch.object(credit_job_step.Step, "do", do), self._as_job():
            yield done

    def _night(self, moment, cron=None):
        jobs = self.profiles.sudo().with_context(cron_id=cron and cron.id)
        with freeze_time(moment), self._nights() as done:
            jobs._cron_assign_segments()
        whose = [root for name, root in done if name == "history"]
        return [root for root in whose if root in self.company + self.other]

    def test_each_company_has_one_night_a_day_when_its_day_has_turned(self):
        nights = {
            NOON: [self.company, self.other],
            "2024-02-01 01:00:00": [],
            LAST: [],
            MIDNIGHT: [self.company],
            "2024-02-01 09:00:00": [],
            "2024-02-01 10:59:59": [],
            "2024-02-01 11:00:00": [self.other],
            "2024-02-01 12:00:00": [],
            "2024-02-02 08:00:00": [self.company],
        }
        for moment, expected in nights.items():
            self.assertEqual(self._night(moment), expected, moment)

    def test_who_runs_the_night_by_hand_means_now(self):
        cron = self.env.ref("credit_collections.ir_cron_collection_assign").sudo()
        cron.nextcall = "2024-01-31 21:00:00"
        self.assertEqual(self._night(NOON, cron), [self.company, self.other])
        self.assertEqual(self._night("2024-01-31 20:10:00"), [])
        self.assertEqual(
            self._night("2024-01-31 20:20:00", cron), [self.company, self.other]
        )
        self.assertEqual(self._night("2024-01-31 21:00:00", cron), [])

    def test_a_night_that_was_not_over_is_begun_anew_when_the_day_turns(self):
        self._night(NOON)
        log = self.env["credit.job.step"].sudo()
        mine = [("job", "=", "night"), ("company_id", "=", self.company.id)]
        log.search(mine).filtered(lambda one: one.name == "reviews").state = "open"
        self.assertEqual(self._night(MIDNIGHT), [self.company])
        self.assertEqual(set(log.search(mine).mapped("day")), {FEBRUARY_1})
        self.assertEqual(set(log.search(mine).mapped("state")), {"done"})

    def test_the_run_of_the_day_is_one_for_each_day_of_a_company(self):
        runs = self.env["collection.run"].sudo()
        dates = {
            NOON: [JANUARY_31],
            LAST: [JANUARY_31],
            MIDNIGHT: [FEBRUARY_1, JANUARY_31],
        }
        for moment, expected in dates.items():
            with freeze_time(moment), self._as_job():
                runs._cron_run()
            found = runs.search(
                [("company_id", "=", self.company.id), ("is_automatic", "=", True)]
            )
            self.assertEqual(found.mapped("date"), expected, moment)
