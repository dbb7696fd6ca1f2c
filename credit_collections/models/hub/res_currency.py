from decimal import Decimal

from odoo import api, models

from ...sql.hub.pot import factors
from ...tools.versioned import versioned
from .credit_cached_mixin import empty_cache


class ResCurrency(models.Model):
    _name = "res.currency"
    _inherit = ["res.currency", "credit.cached.mixin"]
    _credit_is_versioned = True

    @api.model
    def _credit_cached_fields(self):
        return {"active", "rounding"}

    @api.model
    def _credit_forget(self):
        empty_cache(self.env)  # the scope of companies has the rounding
        return super()._credit_forget()

    @api.model
    @versioned(
        "root_id", "currency_id", "today", of=("res.currency", "res.currency.rate")
    )
    def _credit_factors(self, root_id, currency_id, today):
        """Return ``(pairs, other)``: what other currencies are worth on the day.

        Pairs of id and factor, without currencies that are worth as much as the
        company's; ``other`` is the factor of all that are not in there. They go into
        statements as constants, and hardly ever change within the day.
        """
        self.env["res.currency.rate"].flush_model()
        self.env["res.currency"].flush_model(["active"])
        rows = self.env.execute_query(factors(root_id, currency_id, today))
        worth = {key: Decimal(factor) for key, factor in rows}
        other = worth.pop(None)
        pairs = tuple(
            (key, factor)
            for key, factor in worth.items()
            if factor != 1 or other != 1
            if key != currency_id
        )
        return pairs, other
