from odoo import models


class AccountMove(models.Model):
    """Entries that are set back to draft keep what they are matched with."""

    _inherit = "account.move"

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals and self.line_ids._get_matches():
            self.env["account.partial.reconcile"]._credit_note_undone()
        return res
