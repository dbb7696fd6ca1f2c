from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _compute_partner_credit_warning(self):
        """Silence core: the credit profile is the one verdict on a customer."""
        self.partner_credit_warning = ""
