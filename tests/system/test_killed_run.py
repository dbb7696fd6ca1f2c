"""A collection run whose process is killed in the middle, and goes on."""

import signal
import time
from contextlib import contextmanager
from unittest.mock import patch

from committed import Committed

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.credit_collections.models.run import collection_run_plan

BATCH = 3

#: Does the run batch by batch, commits each, and tells after each mail what it does.
WORKER = """
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {{}})
        run = env["collection.run"].browse({run_id})
        actions = type(env["collection.action"])
        record = actions._write_levels

        def slowly(self):
            record(self)
            env.flush_all()
            print("written", flush=True)
            sys.stdin.readline()  # the other side says when to commit, or kills

        actions._write_levels = slowly
        runs = type(run)
        do_batch = runs._do_batch
        runs._do_batch = lambda self: do_batch(self, {batch})
        # as the job does: each batch is committed, and who loses a race goes
        run._do_batches()
"""


class CommittedRun(Committed):
    """A planned run of the customers."""

    def _set_up_more(self, env, partners):
        self._strategy(env, partners)
        run = env["collection.run"].create({"company_id": self.company_id})
        self.run_id = run.id
        run.action_plan()
        others = run.action_ids.filtered(
            lambda action: action.partner_id not in partners
        )
        others.unlink()  # this database may hold more debtors

    def _strategy(self, env, partners):
        template = env["mail.template"].create(
            {
                "name": "Killed",
                "model_id": env["ir.model"]._get_id("collection.action"),
                "subject": "Reminder",
                "use_default_to": False,
                "partner_to": "{{ object.partner_id.id }}",
                "body_html": "<p>Pay</p>",
            }
        )
        step = {
            "name": "First",
            "days": 5,
            "channel": "email",
            "mail_template_id": template.id,
        }
        strategy = env["collection.strategy"].create(
            {"name": "Killed", "step_ids": [Command.create(step)]}
        )
        segment = env["collection.segment"].create(
            {"name": "Killed", "strategy_id": strategy.id, "sequence": 9999}
        )
        profiles = env["credit.profile"]._ensure(env.company, partners.ids)
        profiles.write(
            {"segment_id": segment.id, "is_segment_fixed": True, "segment_note": "x"}
        )
        self.made = [("collection.segment", segment.id)]
        self.made += [("collection.strategy", strategy.id)]
        self.made += [("mail.template", template.id)]

    def _take_away(self, env):
        run = env["collection.run"].browse(self.run_id)
        mails = env["mail.mail"].search(
            [("collection_action_id", "in", run.action_ids.ids)]
        )
        mails.unlink()
        run.state = "draft"
        run.unlink()


@tagged("post_install", "-at_install")
class TestKilledRun(CommittedRun):
    """A run that is being done."""

    def setUp(self):
        super().setUp()
        with self._env() as env:
            env["collection.run"].browse(self.run_id).state = "running"

    # === PROCESSES === #

    def _worker(self):
        """Return a process of its own that does the run."""
        return self._process(WORKER, run_id=self.run_id, batch=BATCH)

    def _next(self, worker):
        """Wait until the worker has written a batch; tell whether it has."""
        return worker.stdout.readline().startswith("written")

    def _commit(self, worker):
        worker.stdin.write("\n")
        worker.stdin.flush()

    def _contacts(self):
        """Return the states of the actions, and how many mails each customer got."""
        with self._env() as env:
            run = env["collection.run"].browse(self.run_id)
            mails = env["mail.mail"].search([("recipient_ids", "in", self.partner_ids)])
            got = sorted(mail.recipient_ids.id for mail in mails)
            items = env["account.move"].browse(self.move_ids).line_ids
            levels = items.filtered("date_maturity").mapped("collection_level")
            return run.state, run.action_ids.mapped("state"), got, levels

    # === TESTS === #

    def test_nobody_is_contacted_twice_and_nobody_is_forgotten(self):
        worker = self._worker()
        self.assertTrue(self._next(worker))
        self._commit(worker)  # the first batch is done
        self.assertTrue(self._next(worker))  # the second is written, not committed
        worker.send_signal(signal.SIGKILL)
        worker.wait(20)

        state, states, got, _levels = self._contacts()
        self.assertEqual(state, "running")
        self.assertEqual(states.count("queued"), BATCH)
        self.assertEqual(len(got), BATCH, "the killed batch left no mail behind")

        again = self._worker()
        while self._next(again):
            self._commit(again)
        self.assertEqual(again.wait(60), 0)

        state, states, got, levels = self._contacts()
        self.assertEqual((state, set(states)), ("done", {"queued"}))
        self.assertEqual(got, sorted(self.partner_ids))
        self.assertEqual(levels, [1] * self.customers)

    def test_two_workers_share_a_run(self):
        first, second = self._worker(), self._worker()
        self.assertTrue(self._next(first))  # holds its batch, not committed
        self.assertTrue(self._next(second))  # got another one without waiting
        deadline = time.monotonic() + 60
        for worker in (first, second):
            self._commit(worker)
        while time.monotonic() < deadline and self._next(first):
            self._commit(first)
        while time.monotonic() < deadline and self._next(second):
            self._commit(second)
        self.assertEqual((first.wait(60), second.wait(60)), (0, 0))
        state, states, got, levels = self._contacts()
        self.assertEqual((state, set(states)), ("done", {"queued"}))
        self.assertEqual(got, sorted(self.partner_ids))
        self.assertEqual(levels, [1] * self.customers)


@tagged("post_install", "-at_install")
class TestInterruptedPlan(CommittedRun):
    """A run that is planned by a job, while others look at it."""

    def setUp(self):
        super().setUp()
        for name, number in (("PLAN_BATCH", 5), ("PLAN_AT_ONCE", 0)):
            patcher = patch.object(collection_run_plan, name, number)
            patcher.start()
            self.addCleanup(patcher.stop)
        with self._run() as run:
            run.action_plan()

    @contextmanager
    def _run(self):
        """Yield the run in a transaction of its own."""
        with self._env() as env:
            yield env["collection.run"].browse(self.run_id)

    def _planned(self):
        with self._run() as run:
            mine = run.action_ids.filtered(
                lambda action: action.partner_id.id in self.partner_ids
            )
            return run.state, sorted(mine.partner_id.ids), len(mine)

    def _assert_is_planned(self):
        everybody = ("planned", sorted(self.partner_ids), self.customers)
        self.assertEqual(self._planned(), everybody)

    def _finish(self):
        with self._run() as run:
            run._plan_in_turn()

    def test_a_batch_that_is_killed_is_done_again(self):
        with self._run() as run:
            run._plan_batch()
            run.env.cr.commit()
            self.assertEqual(run.planning_done, 5)
            run._plan_batch()
            run.env.flush_all()
            run.env.cr.rollback()  # what the database does when the process is gone
        with self._run() as run:
            self.assertEqual((run.state, run.planning_done), ("planning", 5))
        self._finish()
        self._assert_is_planned()

    def test_a_second_worker_leaves_the_run_to_the_first(self):
        with self._run() as first, self._run() as second:
            self.assertEqual(first._plan_batch(), 5)
            self.assertIsNone(second._plan_batch())
            first.env.cr.commit()
            second.env.cr.rollback()
            # whoever comes next goes on from there
            self.assertEqual(second._plan_batch(), 5)
            self.assertEqual(second.planning_done, 10)
        self._finish()
        self._assert_is_planned()

    def test_who_cancels_does_not_wait_for_the_batch(self):
        with self._run() as run:
            run._plan_batch()
            run.env.cr.commit()
        with self._run() as job:
            plan = type(job)._record_progress

            def record(run, *args):
                with self._run() as mine:  # in the middle of the batch
                    mine.env.cr.execute("SET LOCAL lock_timeout = '2s'")
                    mine.action_cancel_planning()
                plan(run, *args)

            with (
                patch.object(type(job), "_record_progress", record),
                mute_logger("odoo.sql_db"),
            ):
                self.assertIsNone(job._plan_batch())
        with self._run() as run:
            self.assertEqual((run.state, run.is_plan_discarded), ("draft", True))
            self.assertEqual(run.planning_done, 5)
            run._discard_in_turn()
        self.assertEqual(self._planned(), ("draft", [], 0))
        with self._run() as run:
            run.action_plan()
        self._finish()
        self._assert_is_planned()
