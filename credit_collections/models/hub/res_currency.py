from decimal import Decimal

from odoo import api, models
from odoo.tools import ormcache

from ...sql.hub.pot import factors


class ResCurrency(models.Model):
    _name = "res.currency"
    _inherit = ["res.currency", "credit.cached.mixin"]

    @api.model
    def _credit_cached_fields(self):
        return {"active", "rounding"}

    @api.model
    @ormcache("root_id", "currency_id", "today")
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
