from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ...sql.hub.undone import READS, any_undone
from ...tools.statements import flush
from .credit_cached_mixin import empty_cache


class AccountPartialReconcile(models.Model):
    """Matches with what settles nothing: most databases have none."""

    _name = "account.partial.reconcile"
    _inherit = ["account.partial.reconcile", "credit.feature.mixin"]

    @api.model
    def _credit_feature_domain(self):
        return Domain("debit_move_id.parent_state", "=", "draft") | Domain(
            "credit_move_id.parent_state", "=", "draft"
        )

    @api.model
    @ormcache()
    def _credit_is_used(self):
        """Tell whether anything is matched with what settles nothing; by a statement of
        its own, a search would read all that was ever matched."""
        flush(self.env, READS)
        ((is_used,),) = self.env.execute_query(any_undone())
        return is_used

    @api.model
    def _credit_note_undone(self):
        """Let everybody know of the first payment that was rejected."""
        if not self._credit_is_used():
            empty_cache(self.env)
