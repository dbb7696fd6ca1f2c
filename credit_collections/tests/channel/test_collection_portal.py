from odoo.tests import new_test_user, tagged

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionPortal(CollectionCommon):
    """Reminders that wait in the portal, and statements that go with e-mails."""

    def _step(self, **values):
        self.strategy.step_ids.sorted("days")[0].write(values)

    def _started(self, customer):
        run = self._plan()
        run.action_start()
        return self._action(run, customer)

    def _portal_user(self, customer):
        return new_test_user(
            self.env,
            login="portal_debtor",
            name=customer.name,
            groups="base.group_portal",
            partner_id=customer.id,
        )

    def test_the_page_of_a_document_names_that_document_alone(self):
        """Whoever was given the link to one invoice reads its page."""
        self._step(channel="portal")
        customer = self._debtor("Debtor", (100.25, 8), (50.75, 10))
        self._portal_user(customer)
        action = self._started(customer)
        documents = action.line_ids.move_id
        self.assertEqual(len(documents), 2)
        for document in documents:
            message = document.website_message_ids[:1]
            other = documents - document
            with self.subTest(amount=document.amount_total):
                self.assertIn(document.name, message.body)
                self.assertNotIn(other.name, message.body)
                self.assertNotIn(str(other.amount_total), message.body)
                # what both come to
                self.assertNotIn("151.00", message.body)

    def test_the_text_is_on_the_page_of_the_oldest_document(self):
        self._step(channel="portal")
        customer = self._debtor("Debtor", (100.0, 8), (50.0, 10))
        user = self._portal_user(customer)
        action = self._started(customer)
        self.assertEqual((action.state, action.channel), ("sent", "portal"))
        oldest = action.line_ids[0].move_id
        self.assertEqual(oldest.amount_total, 50.0)
        message = oldest.with_user(user).sudo().website_message_ids[:1]
        self.assertIn("Dear Debtor", message.body)
        self.assertTrue(message.with_user(user).has_access("read"))

    def test_nobody_gets_an_email_for_it(self):
        self._step(channel="portal")
        customer = self._debtor("Debtor", (100.0, 10))
        self._portal_user(customer)
        before = self.env["mail.mail"].search_count([])
        self._started(customer)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_it_counts_as_a_contact(self):
        self._step(channel="portal")
        customer = self._debtor("Debtor", (100.0, 10))
        self._portal_user(customer)
        self._started(customer)
        profile = self._profile(customer)
        self.assertEqual(profile.last_contact_date, self.today)
        self.assertEqual(profile.interaction_ids.channel, "portal")

    def test_customers_without_a_login_are_not_reached(self):
        self._step(channel="portal")
        action = self._started(self._debtor("Debtor", (100.0, 10)))
        self.assertEqual(action.skip_reason, "no_address")

    # === STATEMENT === #

    def test_the_statement_goes_with_the_email(self):
        self._step(attach_statement=True)
        action = self._started(self._debtor("Debtor", (100.0, 10)))
        self.assertTrue(action.mail_ids.collection_is_held)
        action.mail_ids._attach_collection_documents()
        self.assertFalse(action.mail_ids.collection_is_held)
        self.assertEqual(len(action.mail_ids.attachment_ids), 1)
        self.assertIn("Debtor", action.mail_ids.attachment_ids.name)

    def test_invoices_and_statement_go_together(self):
        self._step(attach_statement=True, attach_invoices=True)
        action = self._started(self._debtor("Debtor", (100.0, 10), (50.0, 8)))
        action.mail_ids._attach_collection_documents()
        self.assertEqual(len(action.mail_ids.attachment_ids), 3)
