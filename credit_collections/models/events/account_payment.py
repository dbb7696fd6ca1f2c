from odoo import models


class AccountPayment(models.Model):
    """Payments that the bank rejects keep what they are matched with, and pay none."""

    _inherit = "account.payment"

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        rejected = self.filtered(lambda payment: payment.state == "rejected")
        res = super().write(vals)
        if vals["state"] == "rejected":
            if matches := self.move_id.line_ids._get_matches():
                matches._tell_undone()
        elif matches := rejected.move_id.line_ids._get_matches():
            matches._tell_settled()
        return res
