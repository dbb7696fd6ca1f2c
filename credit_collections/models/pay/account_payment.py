from odoo import models

from .payment_transaction import GONE


class AccountPayment(models.Model):
    """Payments that released held orders, and bounced."""

    _inherit = "account.payment"

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") in GONE:
            # a fact of the hold, whoever may see the transaction
            self.sudo().payment_transaction_id._credit_take_back()
        return res
