from odoo import api, models


class CreditCachedMixin(models.AbstractModel):
    """Configuration that is kept in the server's cache: its changes empty it."""

    _name = "credit.cached.mixin"
    _description = "Cached Configuration"

    @api.model
    def _credit_cached_fields(self):
        """Return the names of the fields whose change matters; ``None`` = all."""
        return None

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        res = super().write(vals)
        cached = self._credit_cached_fields()
        if cached is None or not cached.isdisjoint(vals):
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
