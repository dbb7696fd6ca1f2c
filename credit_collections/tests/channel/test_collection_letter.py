from io import BytesIO
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from ..contact.test_collection_contact import ADDRESS
from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionLetter(CollectionCommon):
    """Letters wait until they are printed; printing again contacts nobody again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strategy.step_ids[0].channel = "letter"
        cls.customers = [
            cls._debtor(name, (100.0, 10), (50.0, 8), **ADDRESS)
            for name in ("First", "Second")
        ]

    def _queued(self):
        run = self._plan()
        run.action_start()
        return run

    def _pages(self, actions):
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "credit_collections.collection_letter", actions.ids
        )
        return html.decode()

    def test_letters_wait_until_they_are_printed(self):
        run = self._queued()
        self.assertEqual(set(run.action_ids.mapped("state")), {"queued"})
        self.assertEqual((run.state, run.letter_count), ("done", 2))
        run.with_user(self.collector).action_print_letters()
        self.assertEqual(set(run.action_ids.mapped("state")), {"sent"})
        self.assertEqual(run.letter_count, 0)

    def test_the_pdf_is_kept_with_the_run(self):
        run = self._queued()
        printed = run.action_print_letters()
        attachment = run.message_ids.attachment_ids
        self.assertEqual(len(attachment), 1)
        self.assertIn(f"/web/content/{attachment.id}", printed["url"])

    def test_letters_are_put_together_where_only_one_can_be_made_at_a_time(self):
        run = self._queued()
        pages = PdfFileWriter()
        pages.addBlankPage(width=100, height=100)
        page = BytesIO()
        pages.write(page)

        refusal = UserError("unpatched")

        def render(report, report_ref, res_ids=None, data=None):
            if len(res_ids) > 1:
                raise refusal
            return page.getvalue(), "pdf"

        with patch.object(IrActionsReport, "_render_qweb_pdf", render):
            run.action_print_letters()
        printed = PdfFileReader(BytesIO(run.message_ids.attachment_ids.raw))
        self.assertEqual(printed.getNumPages(), 2)
        self.assertEqual(set(run.action_ids.mapped("state")), {"sent"})

    def test_a_letter_that_cannot_be_made_is_not_sent(self):
        run = self._queued()
        failing = patch.object(
            IrActionsReport, "_render_qweb_pdf", side_effect=UserError("No PDF")
        )
        with failing, self.assertRaisesRegex(UserError, "No PDF"):
            run.action_ids[0].action_print_letters()
        self.assertEqual(set(run.action_ids.mapped("state")), {"queued"})

    def test_every_customer_has_pages_with_address_and_items(self):
        run = self._queued()
        pages = self._pages(run.action_ids)
        for customer in self.customers:
            self.assertIn(f"Dear {customer.name}", pages)
            for move in customer.invoice_ids:
                self.assertIn(move.name, pages)
        self.assertEqual(pages.count("1 Main Street"), 2)

    def test_printing_again_changes_nothing(self):
        run = self._queued()
        run.action_print_letters()
        letters = run.action_ids
        before = letters.read(["state", "done_date", "cost", "amount"])
        letters.action_print_letters()
        self.assertEqual(letters.read(["state", "done_date", "cost", "amount"]), before)
        items = self._open_items(self.customers[0].invoice_ids)
        self.assertEqual(set(items.mapped("collection_level")), {1})

    def test_who_paid_before_the_print_gets_no_letter(self):
        run = self._queued()
        first, second = self.customers
        self._payment(first, 150.0, first.invoice_ids)
        oldest = second.invoice_ids.sorted("invoice_date_due")[0]
        self._payment(second, 100.0, oldest)
        run.action_print_letters()
        paid, partly = (self._action(run, customer) for customer in self.customers)
        self.assertEqual((paid.state, paid.skip_reason), ("skipped", "paid"))
        # 100 of 150 were paid: one item of 50 is left
        self.assertEqual((partly.state, partly.amount), ("sent", 50.0))
        self.assertEqual(partly.item_count, 1)
        self.assertNotIn(oldest.name, self._pages(partly))

    def test_there_is_nothing_to_print_before_the_run_starts(self):
        run = self._plan()
        with self.assertRaises(UserError):
            run.action_print_letters()

    def test_salespeople_print_no_letters(self):
        run = self._queued()
        with self.assertRaises(AccessError):
            run.action_ids.with_user(self.salesperson).action_print_letters()
