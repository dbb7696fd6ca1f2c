from odoo import models


class AccountPartialReconcile(models.Model):
    """An index by which the board finds what was paid in the last days, among all that
    ever was."""

    _inherit = "account.partial.reconcile"

    _credit_max_date_idx = models.Index("(max_date)")
