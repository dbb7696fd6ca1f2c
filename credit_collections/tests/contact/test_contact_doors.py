# pylint: disable=translation-required  # what people write in a test is their own
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..promise.common import PromiseCommon

WHY = {"collection_override_reason": "Asked for it on the phone"}

#: Doors through which a collector writes to a customer, and what a message is then.
DOORS = {
    "chatter of the customer's page": "answer",
    "chatter of the invoice": "answer",
    "chatter of the contact": "answer",
    "chatter of the promise": "answer",
    "chatter of the case": "answer",
    "follower by subtype": "answer",
    "message_notify": "answer",
    "outgoing_email_to": "answer",
    "an address of nobody": "answer",
    "link to pay": "demand",
    "statement": "demand",
    "composer for many": "demand",
    "template sent by code": "demand",
    "invoice sent first": "paper",
    "invoice sent again": "demand",
    "invoice sent again, asked for": "answer",
    "order": "paper",
    "e-mail about nothing": "answer",
    "text message": "answer",
    "text messages to many": "answer",
    "text message to a number": "answer",
    "reminder by text message": "demand",
}


@tagged("post_install", "-at_install")
class TestContactDoors(PromiseCommon):
    """Whatever sends a message to a customer: it is seen, and judged by its kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._debtor("Debtor", (100.0, 12))
        cls.debtor.write(
            {"phone": "+1 202 555 0123", "country_id": cls.env.ref("base.us").id}
        )
        cls.profile = cls._profile(cls.debtor)
        cls.profile.action_refresh()
        cls.env["collection.segment"]._assign(cls.company)
        cls.invoice = cls.debtor.invoice_ids
        cls.statement = cls.env.ref("credit_collections.mail_template_statement")
        # what it looks like is not what this is about
        cls.statement.sudo().report_template_ids = False
        # text messages stay in the queue
        texts = type(cls.env["sms.sms"])
        cls.startClassPatcher(patch.object(texts, "send", lambda *a, **k: None))
        # collectors neither send invoices nor write on contacts
        cls.accountant = cls._user("sender", "account.group_account_invoice")
        cls.partner_manager = cls._user(
            "contacts", "base.group_user,base.group_partner_manager"
        )

    # === DOORS === #

    def _post(self, record, context=None, user=None, **values):
        record = record.with_user(user or self.collector)
        record = record.with_context(**(context or {}))
        return record.message_post(
            **{
                "body": "About your account",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "partner_ids": self.debtor.ids,
                **values,
            }
        )

    def _go_through(self, door, context=None):
        doors = {
            "chatter of the customer's page": lambda c: self._post(self.profile, c),
            "chatter of the invoice": lambda c: self._post(self.invoice, c),
            "chatter of the contact": lambda c: self._post(
                self.debtor, c, user=self.partner_manager
            ),
            "chatter of the promise": self._write_about_a_promise,
            "chatter of the case": self._write_about_a_case,
            "follower by subtype": self._write_to_followers,
            "message_notify": self._notify,
            "outgoing_email_to": lambda c: self._post(
                self.invoice, c, partner_ids=[], outgoing_email_to=self.debtor.email
            ),
            "an address of nobody": lambda c: self._post(
                self.invoice, c, partner_ids=[], outgoing_email_to="new@debtor.example"
            ),
            "link to pay": lambda c: self._post(
                self.invoice, c, body="https://us.example/payment/pay?amount=100"
            ),
            "statement": lambda c: self._compose(c),
            "composer for many": lambda c: self._compose(
                c, composition_mode="mass_mail"
            ),
            "template sent by code": self._send_template,
            "invoice sent first": lambda c: self._send_invoice(False, c),
            "invoice sent again": lambda c: self._send_invoice(True, c),
            "invoice sent again, asked for": lambda c: self._send_invoice(
                True, c, "answer"
            ),
            "order": self._write_about_an_order,
            "e-mail about nothing": self._notify_about_nothing,
            "text message": lambda c: self._text(c, user=self.partner_manager),
            "text messages to many": lambda c: self._text(
                c, composition_mode="mass", mass_keep_log=False
            ),
            "text message to a number": lambda c: self._text(
                c,
                composition_mode="numbers",
                res_model=False,
                numbers=self.debtor.phone_sanitized,
            ),
            "reminder by text message": lambda c: self._text(
                c, composition_mode="mass", collection_kind="demand"
            ),
        }
        return doors[door](context)

    def _write_about_a_promise(self, context):
        promise = self._promise(self._items(self.debtor))
        self.env["collection.promise"].flush_model()
        return self._post(promise, context)

    def _write_about_a_case(self, context):
        cases = self.env["collection.case"].sudo()
        case = cases.create({"profile_id": self.profile.id})
        return self._post(case, context)

    def _write_to_followers(self, context):
        self.invoice.message_subscribe(self.debtor.ids)
        return self._post(self.invoice, context, partner_ids=[])

    def _notify(self, context):
        invoice = self.invoice.with_user(self.collector)
        return invoice.with_context(**(context or {})).message_notify(
            body="About your account", partner_ids=self.debtor.ids
        )

    def _notify_about_nothing(self, context):
        threads = self.env["mail.thread"].with_user(self.collector)
        return threads.with_context(**(context or {})).message_notify(
            body="About your account", partner_ids=self.debtor.ids
        )

    def _compose(self, context=None, **values):
        composers = self.env["mail.compose.message"].with_user(self.collector)
        composer = composers.with_context(**(context or {})).create(
            {
                "model": "credit.profile",
                "res_ids": self.profile.ids,
                "template_id": self.statement.id,
                "composition_mode": "comment",
                **values,
            }
        )
        return composer._action_send_mail()

    def _send_template(self, context):
        template = self.statement.with_user(self.collector)
        return template.with_context(**(context or {})).send_mail(self.profile.id)

    def _send_invoice(self, was_sent, context=None, kind=None):
        self.invoice.is_move_sent = was_sent
        wizards = self.env["account.move.send.wizard"].with_user(self.accountant)
        wizard = wizards.with_context(
            active_model="account.move",
            active_ids=self.invoice.ids,
            **(context or {}),
        ).create({"move_id": self.invoice.id, "sending_methods": ["email"]})
        if kind:
            wizard.collection_kind = kind
        return wizard.action_send_and_print(allow_fallback_pdf=True)

    def _write_about_an_order(self, context):
        order = self.env["sale.order"].create(
            {"partner_id": self.debtor.id, "user_id": self.salesperson.id}
        )
        return self._post(order, context, user=self.salesperson)

    def _text(self, context=None, user=None, **values):
        composers = self.env["sms.composer"].with_user(user or self.collector)
        composer = composers.with_context(**(context or {})).create(
            {
                "body": "About your account",
                "res_model": "res.partner",
                "res_id": self.debtor.id,
                "composition_mode": "comment",
                **values,
            }
        )
        return composer._action_send_sms()

    def _contact(self):
        found = self.env["collection.interaction"].search(
            [("profile_id", "=", self.profile.id), ("direction", "=", "out")]
        )
        self.assertEqual(len(found), 1)
        return found.sudo()

    # === WHAT THEY ARE === #

    def test_each_door_is_seen(self):
        for door, kind in DOORS.items():
            with self.subTest(door), self.env.cr.savepoint() as undo:
                self._go_through(door, WHY)
                contact = self._contact()
                self.assertEqual((contact.kind, contact.state), (kind, "waiting"))
                self.assertFalse(self.profile.last_contact_date)
                contact._arrive()
                day = self.today if kind == "demand" else False
                self.assertEqual(self.profile.last_contact_date, day)
                undo.rollback()

    def test_what_stops_people_is_stopped_at_each_door(self):
        self.profile.is_legal = True
        for door, kind in DOORS.items():
            with self.subTest(door), self.env.cr.savepoint() as undo:
                if kind == "paper":
                    self._go_through(door)
                    self.assertEqual(self._contact().state, "waiting")
                else:
                    with self.assertRaises(UserError):
                        self._go_through(door, WHY)
                undo.rollback()

    def test_a_demand_is_asked_about_at_each_door(self):
        self.strategy.quiet_days = 5
        self.profile.sudo().last_contact_date = self.today
        for door, kind in DOORS.items():
            with self.subTest(door), self.env.cr.savepoint() as undo:
                if kind == "demand":
                    with self.assertRaises(UserError):
                        self._go_through(door)
                    self._go_through(door, WHY)
                    contact = self._contact()
                    self.assertEqual(contact.guard_reason, "quiet_days")
                    self.assertEqual(
                        contact.override_reason, WHY["collection_override_reason"]
                    )
                else:
                    self._go_through(door)
                    self.assertFalse(self._contact().guard_reason)
                undo.rollback()

    # === DIALOGS === #

    def test_the_dialog_says_it_in_one_line(self):
        self.strategy.quiet_days = 5
        self.profile.sudo().last_contact_date = self.today
        action = self.profile.with_user(self.collector).action_send_statement()
        composer = Form(
            self.env["mail.compose.message"]
            .with_user(self.collector)
            .with_context(**action["context"])
        )
        self.assertEqual(composer.collection_kind, "demand")
        self.assertIn("Contacted on", composer.collection_question)
        composer.collection_override_reason = "Lost the last one"
        composer.save().action_send_mail()
        self.assertEqual(self._contact().override_reason, "Lost the last one")

    def test_a_statement_that_was_asked_for_is_an_answer(self):
        self.strategy.quiet_days = 5
        self.profile.sudo().last_contact_date = self.today
        self._compose(collection_kind="answer")
        self.assertEqual(self._contact().kind, "answer")

    def test_who_owes_nothing_gets_an_answer(self):
        self._payment(self.debtor, 100.0, self.invoice)
        self._compose()
        self.assertEqual(self._contact().kind, "answer")

    def test_the_dialog_of_an_invoice_asks_when_it_is_sent_again(self):
        for was_sent, kind in ((False, False), (True, "demand")):
            self.invoice.is_move_sent = was_sent
            wizard = self.env["account.move.send.wizard"].create(
                {"move_id": self.invoice.id}
            )
            self.assertEqual(wizard.collection_kind, kind)

    # === DISPUTES === #

    def _dispute(self, invoice, amount):
        department = self.env["collection.department"].create({"name": "Dispatch"})
        reason = self.env["credit.reason"].create(
            {"name": "Late", "kind": "dispute", "department_id": department.id}
        )
        item = self._open_items(invoice)
        line = {"move_line_id": item.id, "amount": amount}
        item._open_dispute({"reason_id": reason.id}, [line])

    def test_a_dispute_stops_demands_about_it_and_no_talk(self):
        other = self._receivable(self.debtor, 50.0, due_in=-9)
        self._dispute(self.invoice, 40.0)
        with self.assertRaises(UserError):
            self._send_invoice(True)
        self._post(self.invoice)
        self.assertEqual(self._contact().kind, "answer")
        self._contact().unlink()
        # what is not disputed may be demanded
        self.invoice = other
        self._send_invoice(True)
        self.assertFalse(self._contact().guard_reason)

    # === WHO IT GOES TO === #

    def test_what_the_customer_writes_is_no_contact_of_ours(self):
        colleague = self._customer("Clerk", parent_id=self.debtor.id, is_company=False)
        self.invoice.with_user(SUPERUSER_ID).message_post(
            body="We pay tomorrow",
            message_type="email",
            author_id=self.debtor.id,
            partner_ids=colleague.ids,
        )
        self.assertFalse(self.profile.interaction_ids)
        # nobody gets round the gate by writing in the name of the customer
        self._post(self.invoice, author_id=self.debtor.id, partner_ids=colleague.ids)
        self._contact()

    def test_what_is_refused_is_refused_in_all_its_mails(self):
        self.profile.is_legal = True
        message = self.invoice.with_user(SUPERUSER_ID).message_post(
            body="Thank you",
            partner_ids=self.debtor.ids,
            outgoing_email_to="new@debtor.example",
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(mails.mapped("state"), ["cancel", "cancel"])
        self.assertEqual(self._contact().state, "failed")

    def test_a_lawyer_is_not_the_customer(self):
        lawyer = self._customer("Lawyer")
        self.profile.is_legal = True
        self._post(self.invoice, partner_ids=lawyer.ids)
        self.assertFalse(self.profile.interaction_ids)

    def test_bills_are_no_receivables(self):
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.debtor.id}
        )
        bill.message_post(body="Thank you", partner_ids=self.debtor.ids)
        self.assertFalse(self.profile.interaction_ids)

    def test_one_message_in_several_mails_is_one_contact(self):
        clerk = self._customer(
            "Clerk", parent_id=self.debtor.id, is_company=False, lang=False
        )
        self._post(self.invoice, partner_ids=(self.debtor + clerk).ids)
        self._contact()

    # === MANY === #

    def test_one_who_may_not_be_written_to_does_not_stop_the_others(self):
        other = self._profile(self._debtor("Other", (50.0, 12)))
        self.profile.is_legal = True
        mails, _messages = self._compose(
            composition_mode="mass_mail", res_ids=(self.profile + other).ids
        )
        self.assertEqual(mails.mapped("state"), ["cancel", "outgoing"])
        self.assertIn("Legal", self._contact().error)
        self.assertEqual(self._contact().state, "failed")
        self.assertEqual(other.interaction_ids.state, "waiting")

    def test_many_messages_take_as_many_statements_as_one(self):
        def count(profiles):
            values = [
                {
                    "model": "credit.profile",
                    "res_id": profile.id,
                    "body_html": "About your account",
                    "recipient_ids": profile.partner_id.ids,
                }
                for profile in profiles
            ]
            mails = self.env["mail.mail"].with_user(self.collector).sudo()
            mails = mails.with_context(collection_kind="demand")
            mails = mails.create([{**one, "state": "cancel"} for one in values])
            mails.write({"state": "outgoing"})
            self.env.flush_all()
            self.env.invalidate_all()
            log = mails.env["collection.interaction"]
            before = self.env.cr.sql_log_count
            log._see([mail._as_outgoing() for mail in mails])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        debtors = self._debtors([f"Debtor {n}" for n in range(100)], (10.0, 9))
        profiles = self.profiles._ensure(self.company, debtors.ids)
        self.env["collection.segment"]._assign(self.company)
        count(self.profile)
        self.assertLessEqual(count(profiles[1:]), count(profiles[:1]) + 5)

    def test_a_job_is_stopped_by_every_reason_of_a_demand(self):
        self.strategy.quiet_days = 5
        self.profile.sudo().last_contact_date = self.today
        template = self.statement.with_user(SUPERUSER_ID)
        mail_id = template.send_mail(self.profile.id)
        mail = self.env["mail.mail"].browse(mail_id)
        self.assertEqual(mail.state, "cancel")
        self.assertIn("Contacted on", mail.failure_reason)
        self.assertEqual(self._contact().state, "failed")
