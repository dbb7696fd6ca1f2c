"""Odoo's mail queue, killed again and again: nobody gets a reminder twice."""

import os
import signal
from unittest.mock import patch

from forking import Forking
from smtp import MailServer
from test_killed_run import CommittedRun

from odoo.tests import tagged

from odoo.addons.credit_collections.models.channel import mail_mail_sending

KILLS = 9

#: Sends the queue. Tells of each message when it is about to leave, when it has left
#: and when that is committed; each time it goes on when it is told to.
WORKER = """
    def work():
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {{}})

            def stop(what):
                print(what, flush=True)
                sys.stdin.readline()

            servers, mails = type(env["ir.mail_server"]), type(env["mail.mail"])
            send, after = servers.send_email, mails._postprocess_sent_message

            def send_email(self, *args, **kwargs):
                stop("leaving")
                return send(self, *args, **kwargs)

            def postprocess(self, *args, **kwargs):
                stop("left")
                return after(self, *args, **kwargs)

            servers.send_email = send_email
            mails._postprocess_sent_message = postprocess
            queue = env["mail.mail"].with_context(
                filters=[("collection_action_id.run_id", "=", {run_id})]
            )
            queue.process_email_queue()

    config["smtp_server"], config["smtp_port"] = "127.0.0.1", {port}
"""

#: Sends a mail of the run at once, as a person does, and ends as it is told to.
AT_ONCE = """
    config["smtp_server"], config["smtp_port"] = "127.0.0.1", {port}
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {{}})
        domain = [("collection_action_id.run_id", "=", {run_id})]
        env["mail.mail"].search(domain, limit=1).send()
        {end}
        cr.commit()
    print("over", flush=True)
"""

#: Queues a mail that is rolled back, and something else for after the commit.
ROLLED_BACK = """
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {{}})
        try:
            with cr.savepoint():
                mail = env["mail.mail"].create({{"subject": "Killed"}})
                mail.send_after_commit()
                raise ValueError
        except ValueError:
            pass
        cr.postcommit.add(lambda: print("later", flush=True))
    print("over", flush=True)
"""


class CommittedQueue(Forking, CommittedRun):
    """The mails of a run wait in the queue."""

    def setUp(self):
        super().setUp()
        self.server = MailServer()
        self.addCleanup(self.server.stop)
        with self._env() as env:
            run = env["collection.run"].browse(self.run_id)
            run._set_state("running")
            run._do_batch()
            groups = env.ref("credit_collections.group_collector")
            self.collector_id = (
                env["res.users"]
                .create(
                    {
                        "name": "Killed collector",
                        "login": "killed",
                        "group_ids": groups.ids,
                        "company_id": self.company_id,
                        "company_ids": [self.company_id],
                    }
                )
                .id
            )
        self.made.append(("res.users", self.collector_id))
        self._start()

    def _start(self):
        self._fork_with(WORKER, run_id=self.run_id, port=self.server.port)

    def _go_to(self, word):
        """Let the worker go on until it says this."""
        while (heard := self._hear()) != [word]:
            self.assertIn(heard[:1], (["leaving"], ["left"]))
            self._tell()

    def _kill_at(self, word):
        pid = self._begin()
        self._go_to(word)
        self._kill(pid)

    def _kill(self, pid):
        os.kill(pid, signal.SIGKILL)
        self._go_to("gone")

    def _send_all(self):
        self._begin()
        self._go_to("over")
        self._go_to("gone")


@tagged("post_install", "-at_install")
class TestKilledQueue(CommittedQueue):
    """Nobody gets a reminder twice, and what is unclear waits for somebody."""

    def _everybody(self):
        return {f"killed{n}@example.com" for n in range(self.customers)}

    def _unclear(self):
        """Return the names of those of whom nobody knows, as a later job finds it."""
        with (
            self._env() as env,
            patch.object(mail_mail_sending, "LOST_AFTER_MINUTES", 0),
        ):
            env["mail.mail"]._find_lost_reminders()
            run = env["collection.run"].browse(self.run_id)
            unclear = run.action_ids.filtered("is_unclear")
            return set(unclear.partner_id.mapped("email"))

    def _decide(self, emails, decide):
        with self._env() as env:
            collector = env["res.users"].browse(self.collector_id)
            actions = env["collection.action"].with_user(collector)
            actions = actions.search(
                [("run_id", "=", self.run_id), ("partner_id.email", "in", list(emails))]
            )
            self.assertEqual(len(actions), len(emails))
            getattr(actions, decide)()

    def _states(self):
        with self._env() as env:
            run = env["collection.run"].browse(self.run_id)
            return set(run.action_ids.mapped("state"))

    def test_killed_between_the_mail_server_and_the_commit(self):
        for _kill in range(KILLS):
            self._kill_at("left")
        self._send_all()
        got = self.server.received
        doubles = got.total() - len(got)
        unclear = self._unclear()
        print(  # noqa: T201 - counts to be read
            f"{KILLS} kills behind the mail server: {len(got)} reminders, "
            f"{doubles} doubles, {len(unclear)} wait for somebody"
        )
        self.assertEqual((doubles, set(got)), (0, self._everybody()))
        self.assertEqual(len(unclear), KILLS)
        self._decide(unclear, "action_arrived")
        self._send_all()
        self.assertEqual((got.total(), self._states()), (self.customers, {"sent"}))

    def test_killed_before_the_mail_server(self):
        for _kill in range(KILLS):
            self._kill_at("leaving")
        self._send_all()
        got = self.server.received
        unclear = self._unclear()
        print(  # noqa: T201 - counts to be read
            f"{KILLS} kills before the mail server: {len(got)} reminders, "
            f"{len(unclear)} wait for somebody"
        )
        self.assertEqual(got.total(), self.customers - KILLS)
        self.assertEqual(unclear, self._everybody() - set(got))
        self._decide(unclear, "action_send_again")
        self._send_all()
        self.assertEqual(got, dict.fromkeys(self._everybody(), 1))
        self.assertEqual(self._states(), {"sent"})

    def test_what_a_worker_holds_is_its_own(self):
        pid = self._begin()
        self._go_to("left")
        self.assertFalse(self._unclear(), "it takes long, but it is there")
        self._send_all_beside()
        self._kill(pid)
        self.assertEqual(len(self._unclear()), 1)

    def _send_all_beside(self):
        """Send the queue in a second worker, while the first one is in the middle."""
        first = self.worker
        self._start()
        self._send_all()
        self.worker = first
        got = self.server.received
        self.assertEqual(got, dict.fromkeys(self._everybody(), 1))


@tagged("post_install", "-at_install")
class TestSentAtOnce(CommittedQueue):
    """A mail that somebody sends at once leaves when that is committed."""

    def _send_at_once(self, end):
        worker = self._process(
            AT_ONCE, run_id=self.run_id, port=self.server.port, end=end
        )
        self.assertEqual(worker.stdout.readline().split(), ["over"])
        return self.server.received.total()

    def test_it_leaves_with_the_commit(self):
        self.assertEqual(self._send_at_once("pass"), 1)
        self._send_all()
        self.assertEqual(self.server.received.total(), self.customers)

    def test_what_is_rolled_back_has_not_left(self):
        self.assertEqual(self._send_at_once("cr.rollback()"), 0)
        self._send_all()
        self.assertEqual(self.server.received.total(), self.customers)

    def test_a_mail_that_was_rolled_back_stops_nothing(self):
        worker = self._process(ROLLED_BACK)
        self.assertEqual(worker.stdout.readline().split(), ["later"])
        self.assertEqual(worker.stdout.readline().split(), ["over"])
