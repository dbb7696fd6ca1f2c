from unittest.mock import patch

from odoo.tests import tagged

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionMail(CollectionCommon):
    """E-mails: documents, links, one per document, and where they can be found."""

    def _step(self, **values):
        self.strategy.step_ids[0].write(values)

    def _queued(self, *customers):
        run = self._plan()
        run.action_start()
        return [self._action(run, customer) for customer in customers]

    def _attach(self):
        jobs = self.env["mail.mail"]
        with self._as_job():
            jobs._cron_attach_collection_documents()

    # === WHERE === #

    def test_the_profile_shows_the_mail(self):
        customer = self._debtor("Debtor", (100.0, 10))
        (action,) = self._queued(customer)
        message = action.mail_ids.mail_message_id
        self.assertIn(message, self._profile(customer).message_ids)

    def test_a_cancelled_mail_is_none(self):
        customer = self._debtor("Debtor", (100.0, 10))
        (action,) = self._queued(customer)
        action.mail_ids.cancel()
        self.assertEqual(action.state, "failed")
        item = self._open_items(customer.invoice_ids)
        self.assertEqual(item.collection_level, 0)

    # === ONE PER DOCUMENT === #

    def test_one_mail_per_document_is_one_action(self):
        self._step(grouping="document")
        customer = self._debtor("Debtor", (100.0, 10), (50.0, 8))
        other = self._debtor("Other", (30.0, 10))
        action, single = self._queued(customer, other)
        self.assertEqual((len(action.mail_ids), len(single.mail_ids)), (2, 1))
        for mail in action.mail_ids:
            about = mail.collection_move_id
            rest = customer.invoice_ids - about
            self.assertIn(about.name, mail.body_html)
            self.assertNotIn(rest.name, mail.body_html)
            self.assertIn(f"{about.amount_total:.2f}", mail.body_html)

    def test_an_action_of_several_mails_is_done_with_the_last(self):
        self._step(grouping="document")
        customer = self._debtor("Debtor", (100.0, 10), (50.0, 8))
        (action,) = self._queued(customer)
        first, last = action.mail_ids
        first.state = "sent"
        first._postprocess_sent_message([], [])
        self.assertEqual(action.state, "queued")
        last.state = "sent"
        last._postprocess_sent_message([], [])
        self.assertEqual(action.state, "sent")

    # === DOCUMENTS === #

    def test_a_mail_waits_for_its_invoices(self):
        self._step(attach_invoices=True)
        customer = self._debtor("Debtor", (100.0, 10), (50.0, 8))
        (action,) = self._queued(customer)
        mail = action.mail_ids
        self.assertTrue(mail.collection_is_held)
        self.assertFalse(mail.attachment_ids)
        self.env["mail.mail"].process_email_queue()
        self.assertEqual(mail.state, "outgoing")
        self._attach()
        self.assertFalse(mail.collection_is_held)
        names = {f"{move.name.replace('/', '_')}.pdf" for move in customer.invoice_ids}
        self.assertEqual(len(mail.attachment_ids), len(names))
        for attachment in mail.attachment_ids:
            self.assertTrue(attachment.raw)

    def test_a_run_renders_nothing(self):
        self._step(attach_invoices=True)
        customer = self._debtor("Debtor", (100.0, 10))
        renderer = type(self.env["ir.actions.report"])
        with patch.object(renderer, "_pre_render_qweb_pdf") as render:
            self._queued(customer)
        render.assert_not_called()

    def test_a_document_that_fails_is_one_customers_failure(self):
        self._step(attach_invoices=True)
        customers = [self._debtor(name, (100.0, 10)) for name in ("Good", "Bad")]
        good, bad = self._queued(*customers)
        moves = type(self.env["account.move"])
        render = moves._render_for_collection

        def fail(documents):
            if customers[1] in documents.partner_id:
                raise ValueError("No such font")
            return render(documents)

        with patch.object(moves, "_render_for_collection", fail):
            self._attach()
        self.assertEqual((good.state, bad.state), ("queued", "failed"))
        self.assertEqual(bad.error, "No such font")
        self.assertEqual(bad.mail_ids.state, "cancel")
        self.assertTrue(good.mail_ids.attachment_ids)

    def test_sending_at_once_makes_the_documents(self):
        self._step(attach_invoices=True)
        (action,) = self._queued(self._debtor("Debtor", (100.0, 10)))
        action.mail_ids.send()
        self.assertTrue(action.mail_ids.attachment_ids)

    def test_the_mail_for_one_document_carries_that_document(self):
        self._step(attach_invoices=True, grouping="document")
        (action,) = self._queued(self._debtor("Debtor", (100.0, 10), (50.0, 8)))
        self._attach()
        self.assertEqual([len(mail.attachment_ids) for mail in action.mail_ids], [1, 1])

    # === LINKS === #

    def test_documents_link_to_their_page(self):
        self._step(has_portal_link=True)
        customer = self._debtor("Debtor", (100.0, 10))
        (action,) = self._queued(customer)
        token = customer.invoice_ids.access_token
        self.assertTrue(token)
        self.assertIn(f"access_token={token}", action.mail_ids.body_html)

    def test_without_the_option_there_is_no_link(self):
        customer = self._debtor("Debtor", (100.0, 10))
        (action,) = self._queued(customer)
        self.assertNotIn("access_token", action.mail_ids.body_html)
