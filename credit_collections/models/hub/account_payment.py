from odoo import models


class AccountPayment(models.Model):
    """Payments that the bank rejects stay matched."""

    _inherit = "account.payment"

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        was_rejected = "rejected" in self.mapped("state")
        res = super().write(vals)
        if was_rejected or vals["state"] == "rejected":
            self.env["account.partial.reconcile"]._credit_note_undone()
        return res
