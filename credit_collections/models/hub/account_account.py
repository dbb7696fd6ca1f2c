from odoo import api, models

from ...sql.hub.roles import READS, Roles, select_roles
from ...tools.statements import flush
from ...tools.versioned import versioned


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account", "credit.cached.mixin"]
    _credit_is_versioned = True

    @api.model
    def _credit_cached_fields(self):
        return {"account_type", "company_ids"}

    @api.model
    @versioned("company_ids", of=("account.account",))
    def _credit_receivable_ids(self, company_ids):
        """Return the ids of all receivable accounts of companies.

        They go into statements as constants, and hardly ever change.
        """
        # facts of every user
        accounts_sudo = self.sudo().with_context(active_test=False)
        return tuple(
            accounts_sudo.search(
                [
                    ("account_type", "=", "asset_receivable"),
                    ("company_ids", "in", company_ids),
                ]
            ).ids
        )

    @api.model
    @versioned(of=tuple(READS))
    def _credit_roles(self):
        """Return what it means to book on which account, in all companies.

        It goes into statements as constants, and hardly ever changes.
        """
        flush(self.env, READS)
        ((money, receivable, discount, exchange),) = self.env.execute_query(
            select_roles()
        )
        return Roles(*map(tuple, (money, receivable, discount, exchange)))
