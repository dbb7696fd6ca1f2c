from odoo import api, models

#: Key in the data of what follows the commit: the cache will be emptied then.
EMPTIED = "credit_collections.emptied"


def empty_cache(env):
    """Empty the server's cache, now and once more when others see the change.

    In between another thread may have filled it with what it saw.
    """
    env.registry.clear_cache()
    after = env.cr.postcommit
    if not after.data.get(EMPTIED):  # once, however many records change
        after.data[EMPTIED] = True
        after.add(env.registry.clear_cache)


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
        empty_cache(self.env)
        return records

    def write(self, vals):
        res = super().write(vals)
        cached = self._credit_cached_fields()
        if cached is None or not cached.isdisjoint(vals):
            empty_cache(self.env)
        return res

    def unlink(self):
        res = super().unlink()
        empty_cache(self.env)
        return res
