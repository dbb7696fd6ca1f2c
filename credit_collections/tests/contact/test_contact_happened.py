# pylint: disable=translation-required  # what people write in a test is their own
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sms.tools.sms_api import SmsApi

from ..promise.common import PromiseCommon


@tagged("post_install", "-at_install")
class TestContactHappened(PromiseCommon):
    """What was sent or said is a contact; what failed or waits is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strategy.quiet_days = 5
        cls.debtor = cls._debtor("Debtor", (100.0, 12))
        cls.debtor.write({"street": "1 Main Street", "city": "Springfield"})
        cls.debtor.write({"zip": "12345", "country_id": cls.env.ref("base.us").id})
        cls.debtor.phone = "+1 202 555 0123"
        cls.profile = cls._profile(cls.debtor)
        cls.profile.collector_id = cls.collector

    def _use(self, channel, **values):
        self.strategy.step_ids[0].write({"channel": channel, **values})

    def _run(self):
        """Return the action of a run that was done."""
        run = self._plan()
        run.action_start()
        return self._action(run, self.debtor)

    def _next(self, date=None):
        """Return why the run of tomorrow does not contact the customer."""
        run = self._plan(date=date or self._day(1))
        return self._action(run, self.debtor).skip_reason

    # === RUNS === #

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_mail_that_no_server_takes_is_no_contact(self):
        action = self._run()
        self.assertEqual(self._next(), "waiting")
        servers = type(self.env["ir.mail_server"])
        with patch.object(servers, "_connect__", side_effect=OSError("no server")):
            action.mail_ids.send()
        self.assertEqual(action.state, "failed")
        self.assertFalse(self.profile.last_contact_date)
        self.assertFalse(self.profile.interaction_ids)
        self.assertFalse(self._next())

    def test_a_mail_that_has_left_is_one(self):
        action = self._run()
        self.assertFalse(self.profile.last_contact_date)
        servers, mails = type(self.env["ir.mail_server"]), type(action.mail_ids)
        with (
            patch.object(servers, "_disable_send", lambda *a: False),
            patch.object(servers, "_connect__", return_value=None),
            patch.object(
                servers, "send_email", lambda s, message, *a, **k: message["Message-Id"]
            ),
            # not in a transaction of its own, which sees nothing of this one
            patch.object(mails, "_get_reminders", lambda self: self.browse()),
        ):
            action.mail_ids.send()
        self.assertEqual(action.state, "sent")
        self.assertEqual(self.profile.last_contact_date, self.today)
        self.assertEqual(self._next(), "quiet_days")

    def test_a_mail_that_was_cancelled_or_deleted_is_none(self):
        for how in ("cancel", "unlink"):
            with self.subTest(how), self.env.cr.savepoint() as undo:
                action = self._run()
                getattr(action.mail_ids, how)()
                self.assertEqual(action.state, "failed")
                self.assertFalse(self._next())
                undo.rollback()

    def test_a_letter_that_is_not_printed_is_none(self):
        self._use("letter")
        action = self._run()
        self.assertFalse(self.profile.last_contact_date)
        self.assertFalse(self.profile.interaction_ids)
        self.assertEqual(self._next(), "waiting")
        actions = type(action)
        with (
            patch.object(actions, "_render_letters", side_effect=UserError("no PDF")),
            self.assertRaises(UserError),
        ):
            action.with_user(self.collector).action_print_letters()
        self.assertFalse(self.profile.last_contact_date)
        with patch.object(actions, "_render_letters", return_value=(b"PDF", "pdf")):
            action.with_user(self.collector).action_print_letters()
        self.assertEqual(self.profile.last_contact_date, self.today)
        self.assertEqual(self.profile.interaction_ids.user_id, self.collector)
        self.assertEqual(self._next(), "quiet_days")

    def test_a_document_that_cannot_be_made_stops_its_mail(self):
        self._use("email", attach_statement=True)
        action = self._run()
        profiles = type(self.profile)
        with patch.object(profiles, "_render_statements", side_effect=UserError("x")):
            action.mail_ids._attach_collection_documents()
        self.assertEqual(action.state, "failed")
        self.assertFalse(self.profile.last_contact_date)
        self.assertFalse(self._next())

    def _answer_of_provider(self, state):
        def answer(_api, messages, **_kwargs):
            return [
                {"uuid": number["uuid"], "state": state}
                for message in messages
                for number in message["numbers"]
            ]

        return patch.object(SmsApi, "_send_sms_batch", answer)

    def test_a_text_message_without_credits_is_none(self):
        template = self.env.ref("credit_collections.sms_template_collection_firm")
        self._use("sms", sms_template_id=template.id)
        action = self._run()
        self.assertEqual(self._next(), "waiting")
        text = self.env["sms.sms"].search([("partner_id", "=", self.debtor.id)])
        with self._answer_of_provider("insufficient_credit"):
            text.send()
        self.assertEqual(action.state, "failed")
        self.assertFalse(self.profile.last_contact_date)
        self.assertFalse(self._next())

    def test_a_call_that_is_planned_is_none_until_it_is_made(self):
        self._use("call")
        action = self._run()
        self.assertFalse(self.profile.last_contact_date)
        self.assertEqual(self._next(), "waiting")
        action.activity_id.with_user(self.collector).action_feedback("Nobody there")
        self.assertFalse(self.profile.last_contact_date)
        self.assertFalse(self._next())

    def test_a_call_whose_activity_is_gone_waits_no_more(self):
        self._use("call")
        action = self._run()
        action.activity_id.unlink()
        self.assertFalse(self._next())

    def test_a_task_is_no_contact_and_blocks_nothing(self):
        self._use("task")
        self._run()
        self.assertFalse(self.profile.last_contact_date)
        self.assertFalse(self._next())

    def test_one_run_a_day_also_without_quiet_days(self):
        self.strategy.quiet_days = 0
        for channel in ("email", "task"):
            with self.subTest(channel), self.env.cr.savepoint() as undo:
                self._use(channel)
                action = self._run()
                action._succeed()
                self.assertEqual(self._next(self.today), "quiet_days")
                self.assertFalse(self._next())
                undo.rollback()

    def test_one_by_one_does_not_say_before_the_due_date_what_is_late(self):
        self.strategy.step_ids[0].days = -3
        action = self._run()
        self.assertEqual((action.step_id.name, action.level), ("Second", 2))

    # === BY HAND === #

    def _demand(self):
        """Return the mail of a demand that a collector sends by a document."""
        invoice = self.debtor.invoice_ids.with_user(self.collector)
        invoice.with_context(collection_kind="demand").message_post(
            body="Please pay",
            partner_ids=self.debtor.ids,
            subtype_xmlid="mail.mt_comment",
            mail_auto_delete=False,
        )
        return self.env["mail.mail"].search([("res_id", "=", invoice.id)], limit=1)

    def test_what_people_send_waits_and_counts_when_it_has_left(self):
        mail = self._demand()
        contact = self.profile.interaction_ids
        self.assertEqual(contact.state, "waiting")
        self.assertEqual(self._next(), "waiting")
        mail._postprocess_sent_message([], [])
        self.assertEqual(contact.state, "done")
        self.assertEqual(self.profile.last_contact_date, self.today)
        self.assertEqual(self._next(), "quiet_days")

    def test_what_people_send_and_fails_is_no_contact(self):
        mail = self._demand()
        mail._postprocess_sent_message(
            [], [], failure_reason="No such user", failure_type="mail_smtp"
        )
        contact = self.profile.interaction_ids
        self.assertEqual((contact.state, contact.error), ("failed", "No such user"))
        self.assertFalse(self._next())
        # it is tried again, and arrives
        mail.mark_outgoing()
        self.assertEqual(self._next(), "waiting")
        mail._postprocess_sent_message([], [])
        self.assertEqual(self.profile.last_contact_date, self.today)

    def test_a_mail_that_comes_back_was_none(self):
        mail = self._demand()
        message = mail.mail_message_id
        mail._postprocess_sent_message([], [])
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "email_from": "mailer-daemon@debtor.example",
                "body": "No such user",
                "message_id": "<1@debtor.example>",
                "to": "bounce@us.example",
                "bounced_email": self.debtor.email,
                "bounced_partner": self.debtor,
                "bounced_msg_ids": [message.message_id],
                "bounced_message": message,
            },
        )
        self.assertEqual(self.profile.interaction_ids.state, "failed")
        self.assertFalse(self.profile.last_contact_date)

    def test_a_text_message_of_people_counts_when_it_has_left(self):
        for state, day in (("success", self.today), ("insufficient_credit", False)):
            with self.subTest(state), self.env.cr.savepoint() as undo:
                composers = self.env["sms.composer"].with_user(self.collector)
                composers.create(
                    {
                        "body": "Please pay",
                        "res_model": "res.partner",
                        "res_id": self.debtor.id,
                        "composition_mode": "mass",
                        "collection_kind": "demand",
                    }
                )._action_send_sms()
                self.assertFalse(self.profile.last_contact_date)
                text = self.env["sms.sms"].search([("partner_id", "=", self.debtor.id)])
                with self._answer_of_provider(state):
                    text.send()
                self.assertEqual(self.profile.last_contact_date, day)
                undo.rollback()

    def test_what_was_sent_stays_what_it_was(self):
        self._demand()
        contact = self.profile.interaction_ids.with_user(self.collector)
        with self.assertRaises(UserError):
            contact.kind = "answer"
        with self.assertRaises(UserError):
            contact.with_user(self.manager).kind = "answer"

    def test_the_hourly_job_sets_right_what_a_queue_left(self):
        mail = self._demand()
        mail._postprocess_sent_message([], [])
        self.env.cr.execute(
            "UPDATE credit_profile SET last_contact_date = NULL WHERE id = %s",
            [self.profile.id],
        )
        self.profile.invalidate_recordset()
        self.profile._refresh_last_contacts_of(self.company)
        self.assertEqual(self.profile.last_contact_date, self.today)
