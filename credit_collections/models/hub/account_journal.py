from odoo import api, models

from ...sql.hub.roles import READS


class AccountJournal(models.Model):
    _name = "account.journal"
    _inherit = ["account.journal", "credit.cached.mixin"]
    _credit_is_versioned = True

    @api.model
    def _credit_cached_fields(self):
        return set(READS[self._name])
