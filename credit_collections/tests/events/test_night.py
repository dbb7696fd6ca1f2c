from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.events import credit_job_step
from ..common import MANAGER, CreditCommon

LOGGER = "odoo.addons.credit_collections.tools.batches"


@tagged("post_install", "-at_install")
class TestNight(CreditCommon):
    """The steps of the night: in order, each on its own, nothing lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._profile(cls._customer("First"))
        cls.second = cls._profile(cls._customer("Second"))
        cls.log = cls.env["credit.job.step"].sudo()
        cls.steps = {step.name: step for step in cls.profiles._get_night_steps()}

    def _night(self, **options):
        """Let the night be, that of the next day where one is over; return the calls by
        which it commits."""
        nights = self.log.search([("job", "=", "night")])
        if "open" not in nights.mapped("state"):
            nights.day = self.today - timedelta(days=1)
        with self._as_job(**options) as commits:
            self.profiles.sudo()._cron_assign_segments()
        return commits.call_args_list

    @contextmanager
    def _recorded(self, failing=None, error=None):
        """Record which steps were done, instead of doing them; some fail."""
        done = []

        def do(step, env, root=None, profiles=None, after=0):
            if step.name == failing:
                raise error or ValueError("broken")
            done.append((step.name, root))
            return iter(())  # no parts

        with patch.object(credit_job_step.Step, "do", do):
            yield done

    def _here(self, done):
        return [name for name, root in done if root == self.company]

    def _of(self, name, job="night"):
        return self.log.search(
            [
                ("job", "=", job),
                ("name", "=", name),
                ("company_id", "in", (False, self.company.id)),
            ]
        )

    # === ORDER === #

    def test_the_steps_of_the_night_are_done_in_order(self):
        with self._recorded() as done:
            self._night()
        self.assertEqual(
            self._here(done),
            [
                "history",
                "scores",
                "segments",
                "collectors",
                "levels",
                "next_steps",
                "priorities",
                "reviews",
            ],
        )

    def test_the_steps_of_the_hour_are_done_in_order_and_groups_last(self):
        with self._recorded() as done, self._as_job():
            self.profiles.sudo()._cron_refresh()
        self.assertEqual(
            self._here(done),
            ["profiles", "figures", "contacts", "priorities", "collectors"],
        )
        self.assertEqual(done[-1][0], "groups")
        self.assertEqual(len([name for name, _root in done if name == "groups"]), 1)

    def test_every_step_says_why_it_stands_there_and_has_a_title(self):
        steps = [
            *self.profiles._get_night_steps(),
            *self.profiles._get_hourly_steps(),
        ]
        self.assertFalse([step.name for step in steps if not step.why])
        self.assertLessEqual({step.name for step in steps}, set(self.log._get_titles()))

    # === FAILURES === #

    def test_each_step_that_fails_leaves_the_others_done_and_is_on_record(self):
        for failing in self.steps:
            with (
                self.subTest(failing),
                self._recorded(failing) as done,
                mute_logger(LOGGER),
            ):
                self._night()
                self.assertEqual(
                    self._here(done), [name for name in self.steps if name != failing]
                )
                self.assertEqual(self._of(failing).state, "failed")
                self.assertIn("broken", self._of(failing).error)
                others = [name for name in self.steps if name != failing]
                for name in others:
                    self.assertEqual(self._of(name).state, "done")

    def test_what_a_failing_step_wrote_is_taken_back(self):
        def write_history(profiles, root, partner_ids):
            self.first.sudo().note = "half done"
            self.env.flush_all()
            raise ValueError("broken")

        profiles = type(self.profiles)
        with (
            patch.object(profiles, "_write_history", write_history),
            mute_logger(LOGGER),
        ):
            self._night()
        self.assertFalse(self.first.note)
        self.assertEqual(self._of("scores").state, "done")

    def test_what_failed_is_done_again_the_next_night(self):
        with self._recorded("scores"), mute_logger(LOGGER):
            self._night()
        with self._recorded() as done:
            self._night()
        self.assertIn("scores", self._here(done))
        self.assertEqual(self._of("scores").state, "done")
        self.assertFalse(self._of("scores").error)

    def test_a_step_that_others_keep_busy_stays_open_and_goes_first_the_next_time(self):
        with (
            self._recorded("scores", SerializationFailure()),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            self._night()
        rollback.assert_called()
        self.assertEqual(self._of("scores").state, "open")
        with self._recorded() as done:
            self._night()
        self.assertEqual(self._here(done), ["scores"])
        self.assertEqual(self._of("scores").state, "done")

    def test_a_customer_that_fails_is_left_out_alone(self):
        written = []

        def write_next_steps(profiles, root):
            if self.first in profiles:
                raise ValueError("broken")
            written.extend(profiles)

        profiles = type(self.profiles)
        with (
            patch.object(profiles, "_write_next_steps_of", write_next_steps),
            mute_logger(LOGGER),
        ):
            self._night()
        self.assertNotIn(self.first, written)
        self.assertIn(self.second, written)
        step = self._of("next_steps")
        self.assertEqual(step.state, "failed")
        self.assertIn("First: broken", step.error)
        self.assertNotIn("Second", step.error)

    # === BATCHES === #

    def test_every_step_and_every_batch_is_committed(self):
        customers = self.profiles.search([("company_id", "=", self.company.id)])
        self.assertGreater(len(customers), 1)
        with patch.object(credit_job_step, "BATCH", 1), self._recorded() as done:
            commits = self._night()
        batches = self._here(done).count("next_steps")
        self.assertEqual(batches, len(customers))
        self.assertEqual(self._here(done).count("levels"), batches)
        by_customers = ("segments", "levels", "next_steps")
        all_batches = len([name for name, _root in done if name in by_customers])
        steps = len(self.log.search([("job", "=", "night")]))
        # one for the beginning, one for each step, and one for each batch
        self.assertEqual(len(commits), 1 + steps + all_batches)
        # each of them is work done, or Odoo takes the job for one that is stuck
        self.assertEqual([call.args for call in commits[1:]], [(1,)] * len(commits[1:]))
        remaining = [call.kwargs["remaining"] for call in commits]
        self.assertEqual(remaining[0], steps)
        self.assertEqual(remaining, sorted(remaining, reverse=True))
        self.assertEqual(remaining[-1], 0)

    def test_a_night_that_runs_out_of_time_goes_on_where_it_stopped(self):
        with self._recorded() as done:
            self._night(left=lambda: int(len(done) < 2))
            self.assertEqual(len(done), 2)
            self._night()
        self.assertEqual(self._here(done), list(self.steps))

    def test_what_was_left_for_a_day_is_done_anew_with_all_the_rest(self):
        answers = iter([1, 0])
        with self._recorded() as done:
            self._night(left=lambda: next(answers))
        self.env.flush_all()
        a_day_ago = fields.Datetime.now() - timedelta(days=1)
        self.cr.execute("UPDATE credit_job_step SET create_date = %s", [a_day_ago])
        self.log.invalidate_model()
        with self._recorded() as done:
            self._night()
        self.assertEqual(self._here(done), list(self.steps))

    def test_a_step_goes_on_after_the_last_batch_that_was_done(self):
        with patch.object(credit_job_step, "BATCH", 1), self._recorded() as done:
            self._night()
        step = self._of("next_steps")
        step.write({"state": "open", "last_id": self.first.id})
        with patch.object(credit_job_step, "BATCH", 1), self._recorded() as done:
            self._night()
        left = self.profiles.search(
            [("company_id", "=", self.company.id), ("id", ">", self.first.id)]
        )
        self.assertEqual(len(self._here(done)), len(left))

    # === RIGHTS === #

    def test_credit_managers_see_what_failed_and_change_nothing(self):
        self.assertTrue(self.manager.has_group(MANAGER))
        with self._recorded(), mute_logger(LOGGER):
            self._night()
        steps = self.log.with_user(self.manager)
        self.assertTrue(steps.search([("company_id", "=", self.company.id)]))
        self.assertTrue(steps.has_access("read"))
        self.assertFalse(steps.has_access("write"))
        self.assertFalse(self.log.with_user(self.salesperson).has_access("read"))

    def test_steps_of_other_companies_are_not_seen(self):
        other = self._create_company(name="Other")
        with self._recorded():
            self._night()
        seen = self.log.with_user(self.manager).search([])
        self.assertTrue(self.log.search([("company_id", "=", other.id)]))
        self.assertNotIn(other, seen.company_id)
