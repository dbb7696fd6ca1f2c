from odoo import models
from odoo.tools import split_every

#: Documents that one call of the renderer makes: starting it takes longest.
RENDER_BATCH = 20


class AccountMove(models.Model):
    """PDFs of invoices for reminders: the one that was sent, else a new one."""

    _inherit = "account.move"

    def _render_for_collection(self):
        """Return ``{move_id: (file name, content)}``."""
        files = {
            move.id: (move.invoice_pdf_report_id.name, move.invoice_pdf_report_id.raw)
            for move in self
            if move.invoice_pdf_report_id
        }
        missing = self.filtered(lambda move: move.id not in files)
        groups = missing.grouped(
            lambda move: (move.company_id, move._get_collection_report())
        )
        for (company, report), moves in groups.items():
            renderer = self.env["ir.actions.report"].with_company(company)
            for ids in split_every(RENDER_BATCH, moves.ids):
                content, kind = renderer._pre_render_qweb_pdf(report.report_name, ids)
                parts = renderer._get_splitted_report(report.report_name, content, kind)
                for move in self.browse(ids):
                    name = move._get_invoice_report_filename(report=report)
                    files[move.id] = (name, parts[move.id])
        return files

    def _get_collection_report(self):
        chosen = self.partner_id.invoice_template_pdf_report_id
        return chosen or self.env.ref("account.account_invoices")
