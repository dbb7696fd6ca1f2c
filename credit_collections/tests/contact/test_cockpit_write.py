# pylint: disable=translation-required  # what people write in a test is their own
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCockpitWrite(CollectionCommon):
    """E-mails by hand pass a gate, and are on record as contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls._debtor("Late", (100.0, 20))
        cls.page = cls._profile(cls.late)
        cls.page.action_refresh()

    def _write(self, user=None, context=None, **values):
        page = self.page.with_context(**(context or {}))
        return page.with_user(user or self.collector).message_post(
            body="Please pay",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.late.ids,
            **values,
        )

    def _contacts(self):
        return self.page.interaction_ids

    def test_an_email_to_the_customer_is_logged(self):
        self._write()
        contact = self._contacts()
        self.assertEqual(
            (contact.channel, contact.direction, contact.user_id, contact.partner_id),
            ("email", "out", self.collector, self.late),
        )
        self.assertEqual(contact.kind, "answer")
        self.assertFalse(self.page.last_contact_date)

    def test_a_note_to_colleagues_is_no_contact(self):
        self.page.with_user(self.collector).message_post(
            body="Looks bad", partner_ids=self.manager.partner_id.ids
        )
        self.assertFalse(self._contacts())

    def test_an_answer_of_the_customer_is_logged_as_theirs(self):
        self.page.message_post(
            body="We pay tomorrow",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.late.id,
        )
        self.assertEqual(self._contacts().direction, "in")
        self.assertFalse(self.page.last_contact_date)

    def test_who_is_paused_is_not_written_to(self):
        self.page.do_not_contact_until = self.today + timedelta(days=1)
        with self.assertRaises(UserError):
            self._write()
        with self.assertRaises(UserError):
            self.page.with_user(self.collector).action_write_email()
        self.assertFalse(self._contacts())

    def test_on_the_day_the_pause_ends_one_writes_again(self):
        self.page.do_not_contact_until = self.today
        self._write()
        self.assertTrue(self._contacts())

    def test_a_manager_writes_anyway_with_a_reason(self):
        self.page.do_not_contact_until = self.today + timedelta(days=1)
        action = self.page.with_user(self.manager).action_write_email()
        self.assertEqual(action["res_model"], "collection.override")
        form = Form(
            self.env["collection.override"]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        form.reason = "Asked for it"
        composer = form.save().action_write()
        self.assertEqual(composer["res_model"], "mail.compose.message")
        self._write(self.manager, composer["context"])
        contact = self._contacts()
        self.assertEqual(contact.override_reason, "Asked for it")
        self.assertEqual(contact.guard_reason, "do_not_contact")

    def test_a_manager_without_a_reason_is_refused(self):
        self.page.do_not_contact_until = self.today + timedelta(days=1)
        with self.assertRaises(UserError):
            self._write(self.manager)

    def test_a_collector_does_not_override_by_context(self):
        self.page.do_not_contact_until = self.today + timedelta(days=1)
        with self.assertRaises(UserError):
            self._write(context={"collection_override_reason": "Because"})

    def test_the_statement_opens_as_an_email_to_the_customer(self):
        action = self.page.with_user(self.collector).action_send_statement()
        context = action["context"]
        self.assertEqual(context["default_partner_ids"], self.late.ids)
        template = self.env["mail.template"].browse(context["default_template_id"])
        self.assertTrue(template.report_template_ids)

    # === STATUS OF ITEMS === #

    def test_items_say_what_keeps_them_from_being_collected(self):
        self._receivable(self.late, 50.0, due_in=-9)
        self._receivable(self.late, 60.0, due_in=-8)
        page = self.page.with_user(self.collector)
        first, second, third = page.open_item_ids
        self.assertEqual(page.open_item_ids.mapped("collection_status"), [False] * 3)
        first.sudo().collection_excluded_until = self.today + timedelta(days=1)
        second.sudo().collection_disputed_amount = 10.0
        self.assertEqual(first.collection_status, "excluded")
        self.assertEqual(second.collection_status, "disputed")
        self.assertFalse(third.collection_status)

    def test_items_say_how_many_days_they_are_late(self):
        self._receivable(self.late, 50.0, due_in=0)
        self._receivable(self.late, 60.0, due_in=8)
        items = self.page.with_user(self.collector).open_item_ids
        # the first is 20 days late; due today and later is not late
        self.assertEqual(items.mapped("collection_days_overdue"), [20, 0, 0])
