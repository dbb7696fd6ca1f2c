from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.channel import mail_mail_sending
from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestMailSending(CollectionCommon):
    """Mails that may have arrived wait for somebody who says what became of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._debtors(["First", "Second"], (100.0, 10))
        cls.sent_run = cls._plan()
        cls.sent_run.action_start()
        cls.actions = cls.sent_run.action_ids
        cls.mails = cls.actions.mail_ids

    def _lose(self, minutes=16):
        """Mark the mails as a worker does, which is gone then."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE mail_mail SET collection_sending_date
                    = now() AT TIME ZONE 'UTC' - make_interval(mins => %s)
                WHERE id = ANY(%s)""",
            [minutes, self.mails.ids],
        )
        self.mails.invalidate_recordset()
        self.env["mail.mail"].process_email_queue()

    def _decided(self):
        return [*self.actions.mapped("state"), *self.actions.mapped("is_unclear")]

    # === FIND === #

    def test_after_a_quarter_of_an_hour_somebody_has_to_look(self):
        self._lose(14)
        self.assertFalse(any(self.actions.mapped("is_unclear")))
        self._lose(16)
        self.assertEqual(self._decided(), ["queued", "queued", True, True])
        self.assertIn("may have arrived", self.actions[0].error)
        self.assertEqual(mail_mail_sending.LOST_AFTER_MINUTES, 15)

    def test_the_queue_leaves_them_alone(self):
        self._lose()
        self.assertEqual(set(self.mails.mapped("state")), {"outgoing"})
        sent = self.env["mail.mail"]
        with patch.object(type(sent), "send", autospec=True) as send:
            sent.process_email_queue()
        self.assertFalse(send.call_args.args[0])

    def test_they_are_found_by_the_same_number_of_queries(self):
        queue = self.env["mail.mail"]
        queue._find_lost_reminders()
        with self.assertQueryCount(1):
            queue._find_lost_reminders()

    # === DECIDE === #

    def test_a_collector_says_that_they_arrived(self):
        self._lose()
        self.actions.with_user(self.collector).action_arrived()
        self.assertEqual(self._decided(), ["sent", "sent", False, False])
        self.assertFalse(any(self.actions.mapped("error")))
        self.assertFalse(self.mails.exists().filtered("collection_sending_date"))

    def test_a_collector_has_them_sent_again(self):
        self._lose()
        self.actions[0].with_user(self.collector).action_send_again()
        self.assertEqual(self._decided(), ["queued", "queued", False, True])
        first, second = (action.mail_ids for action in self.actions)
        self.assertFalse(first.collection_sending_date)
        self.assertTrue(second.collection_sending_date)
        with patch.object(type(first), "send", autospec=True) as send:
            self.env["mail.mail"].process_email_queue()
        self.assertEqual(send.call_args.args[0], first)

    def test_who_has_paid_is_not_written_to_again(self):
        self._lose()
        payer = self.actions[0].commercial_partner_id
        self._payment(payer, 100.0, payer.invoice_ids)
        told = self.actions.with_user(self.collector).action_send_again()
        self.assertIn(payer.name, told["params"]["message"])
        self.assertEqual(self._decided(), ["queued", "queued", True, False])

    def test_one_that_was_deleted_is_settled_as_well(self):
        self._lose()
        self.mails.unlink()
        self.actions.with_user(self.collector).action_arrived()
        self.assertEqual(self._decided(), ["sent", "sent", False, False])

    def test_nobody_else_decides(self):
        self._lose()
        employee = self._user("employee", "base.group_user")
        for user in (self.salesperson, employee):
            for name in ("action_arrived", "action_send_again"):
                with self.assertRaises(AccessError):
                    getattr(self.actions.with_user(user), name)()

    def test_there_is_nothing_to_decide_about_others(self):
        for name in ("action_arrived", "action_send_again"):
            with self.assertRaises(UserError):
                getattr(self.actions.with_user(self.collector), name)()

    # === WHAT BECAME OF THEM === #

    def test_a_mail_that_came_back_is_clear(self):
        self._lose()
        self.actions[0]._fail("No such user")
        self.assertEqual(self._decided(), ["failed", "queued", False, True])

    def test_an_administrator_decides_with_the_mail(self):
        self._lose()
        first, second = (action.mail_ids for action in self.actions)
        first.cancel()
        second.state = "exception"
        second.action_retry()
        self.assertEqual(self._decided(), ["failed", "queued", False, False])
        self.assertFalse((first + second).filtered("collection_sending_date"))
        self.assertEqual(second.state, "outgoing")

    def test_nobody_marks_by_hand(self):
        mail = self.mails[0].with_user(self.env.ref("base.user_admin"))
        with self.assertRaises(AccessError):
            mail.collection_sending_date = "2026-01-01"
        with self.assertRaises(AccessError):
            self.actions[0].with_user(self.manager).is_unclear = True
