"""The jobs of hour and night, killed ten times, and what is left of them."""

import os
import signal

from committed import Committed
from forking import Forking

from odoo.tests import tagged

BATCH = 3
KILLS = 10

#: Does the jobs. Tells before each commit what it would commit; it goes on when it is
#: told to.
WORKER = """
    from odoo.addons.credit_collections.models.collector import credit_profile_priority
    from odoo.addons.credit_collections.models.collector import (
        collection_assignment_rule,
    )
    from odoo.addons.credit_collections.models.events import credit_job_step
    from odoo.addons.credit_collections.models.exposure import credit_profile_figures

    for module in (
        collection_assignment_rule,
        credit_job_step,
        credit_profile_figures,
        credit_profile_priority,
    ):
        module.BATCH = {batch}

    def work():
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {{}})
            cron = type(env["ir.cron"])
            commit = cron._commit_progress

            def slowly(self, *args, **kwargs):
                env.flush_all()
                cr.execute("SELECT count(*) FROM credit_job_step WHERE state = 'open'")
                print("written", cr.fetchone()[0], flush=True)
                sys.stdin.readline()
                cr.commit()
                return 1

            cron._commit_progress = slowly
            env["credit.profile"]._cron_refresh()
            env["credit.profile"]._cron_assign_segments()
"""


@tagged("post_install", "-at_install")
class TestKilledNight(Forking, Committed):
    """Whole slices are left, and the next call goes on with what is open."""

    customers = 10

    def _set_up_more(self, env, partners):
        env["credit.job.step"].search([]).unlink()
        profiles = env["credit.profile"].with_context(active_test=False)
        profiles.search([("partner_id", "in", partners.ids)]).unlink()
        others = profiles.search([("company_id", "=", self.company_id)])
        self.assertFalse(others, "slices are those of these customers alone")

    def _take_away(self, env):
        env["credit.job.step"].search([]).unlink()

    def _written(self):
        """Return how many customers have a profile, figures, a score and a priority."""
        with self._env() as env:
            env.cr.execute(
                """SELECT count(*), count(*) FILTER (WHERE overdue_amount = 100),
                          count(*) FILTER (WHERE payer_type IS NOT NULL),
                          count(*) FILTER (WHERE next_step_date IS NOT NULL),
                          count(*) FILTER (WHERE priority > 0)
                     FROM credit_profile WHERE partner_id = ANY(%s)""",
                [self.partner_ids],
            )
            return env.cr.fetchone()

    def test_ten_kills_leave_whole_slices_and_the_eleventh_call_ends_it(self):
        self._fork_with(WORKER, batch=BATCH)
        seen = set()
        for kill in range(KILLS):
            pid = self._begin()
            # one slice more than the time before last, so that every job gets on
            for _commit in range(2 + kill):
                word, *_left = self._hear()
                self.assertEqual(word, "written")
                self._tell("commit")
            self.assertEqual(self._hear()[0], "written")
            before = self._written()
            os.kill(pid, signal.SIGKILL)
            self.assertEqual(self._hear(), ["gone"])
            self.assertEqual(self._written(), before, "nothing of the slice is left")
            self.assertLessEqual(set(before), {0, 3, 6, 9, 10})
            seen.add(before)
        self.assertGreater(len(seen), 3, "the kills met different slices")
        self._begin()
        while (heard := self._hear()) != ["over"]:
            self.assertEqual(heard[0], "written")
            self._tell("commit")
        self.assertEqual(self._written(), (10, 10, 10, 10, 10))
        with self._env() as env:
            left = env["credit.job.step"].search([("state", "!=", "done")])
            self.assertFalse(left)
