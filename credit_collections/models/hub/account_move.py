from odoo import models


class AccountMove(models.Model):
    """Entries that are set back to draft and keep what they are matched with."""

    _inherit = "account.move"

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") == "draft":
            self.line_ids._get_matches()._credit_begin_use()
        return res
