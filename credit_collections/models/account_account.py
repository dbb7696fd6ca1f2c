from odoo import api, models
from odoo.tools import ormcache


class AccountAccount(models.Model):
    _inherit = "account.account"

    @api.model
    @ormcache()
    def _credit_receivable_ids(self):
        """Return the ids of all receivable accounts, of all companies.

        They go into statements as constants, and hardly ever change.
        """
        accounts = self.sudo().with_context(active_test=False)  # facts of every user
        return tuple(accounts.search([("account_type", "=", "asset_receivable")]).ids)

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        self.env.registry.clear_cache()
        return accounts

    def write(self, vals):
        res = super().write(vals)
        if "account_type" in vals:
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
