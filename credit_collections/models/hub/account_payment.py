from odoo import models


class AccountPayment(models.Model):
    """Payments that the bank rejected, and that stay matched."""

    _inherit = "account.payment"

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") == "rejected":
            self.env["account.partial.reconcile"]._credit_note_undone()
        return res
