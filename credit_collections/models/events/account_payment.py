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
        self._tell_registered()
        return res

    def _tell_registered(self):
        """Let promises know of payments that are in no entry."""
        if unbooked := self.filtered(lambda payment: not payment.move_id):
            items = unbooked.invoice_ids.line_ids.filtered(
                lambda item: item.account_type == "asset_receivable"
            )
            promises = self.env["collection.promise"]
            promises._on_matched(items, unbooked.partner_id)
