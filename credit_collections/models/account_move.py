from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _compute_partner_credit_warning(self):
        """Silence core: the credit profile is the one verdict on a customer."""
        self.partner_credit_warning = ""

    def button_draft(self):
        """Money that is taken back keeps no promise any more."""
        res = super().button_draft()
        promises = self.env["collection.promise"]
        promises._on_matched(self.env["account.move.line"], self.partner_id)
        return res
