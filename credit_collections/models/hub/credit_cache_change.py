from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.versioned import learn_with_signals


class CreditCacheChange(models.Model):
    """How often configuration has changed that values are kept of; see ``versioned``.

    A row for each change: two transactions that change something at once don't wait for
    each other, as they would for a counter.
    """

    _name = "credit.cache.change"
    _description = "Change of Cached Configuration"
    _log_access = False
    _rec_name = "model"

    model = fields.Char(required=True, readonly=True)
    amount = fields.Integer("Changes", required=True, readonly=True, default=1)

    def _register_hook(self):
        super()._register_hook()
        learn_with_signals(self.pool)

    @api.autovacuum
    def _gc_changes(self):
        """Put the rows of each model together into one; the sum stays what it is."""
        self.env.cr.execute(
            SQL(
                """
                WITH gone AS (DELETE FROM credit_cache_change RETURNING model, amount)
                INSERT INTO credit_cache_change (model, amount)
                SELECT model, SUM(amount) FROM gone GROUP BY model
                """
            )
        )
        self.invalidate_model(flush=False)
