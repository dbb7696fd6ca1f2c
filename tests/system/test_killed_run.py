"""A collection run whose process is killed in the middle of sending, and goes on."""

import signal
import time

from committed import Committed

from odoo.fields import Command
from odoo.tests import tagged

BATCH = 3

#: Does the run batch by batch, commits each, and tells after each mail what it does.
WORKER = """
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {{}})
        run = env["collection.run"].browse({run_id})
        actions = type(env["collection.action"])
        record = actions._record_contact

        def slowly(self):
            record(self)
            env.flush_all()
            print("written", flush=True)
            sys.stdin.readline()  # the other side says when to commit, or kills

        actions._record_contact = slowly
        runs = type(run)
        do_batch = runs._do_batch
        runs._do_batch = lambda self: do_batch(self, {batch})
        # as the job does: each batch is committed, and who loses a race goes
        run._do_batches()
"""


@tagged("post_install", "-at_install")
class TestKilledRun(Committed):
    """It is done to the end, and nobody hears of it twice."""

    def _set_up_more(self, env, partners):
        self._strategy(env, partners)
        run = env["collection.run"].create({"company_id": self.company_id})
        self.run_id = run.id
        run.action_plan()
        others = run.action_ids.filtered(
            lambda action: action.partner_id not in partners
        )
        others.unlink()  # this database may hold more debtors
        run.state = "running"

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
