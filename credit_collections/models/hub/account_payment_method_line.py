from odoo import api, models

from ...sql.hub.roles import READS


class AccountPaymentMethodLine(models.Model):
    _name = "account.payment.method.line"
    _inherit = ["account.payment.method.line", "credit.cached.mixin"]
    _credit_is_versioned = True

    @api.model
    def _credit_cached_fields(self):
        return set(READS[self._name])
