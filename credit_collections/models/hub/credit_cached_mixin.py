from odoo import api, models

from ...tools.versioned import note_change

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
    """Configuration that is kept in the server's cache: its changes empty it.

    What changes every day is versioned: only values that depend on it are forgotten.
    """

    _name = "credit.cached.mixin"
    _description = "Cached Configuration"

    #: Whether what is kept of these records is ``versioned``, not with ``ormcache``.
    _credit_is_versioned = False

    @api.model
    def _credit_cached_fields(self):
        """Return the names of the fields whose change matters; ``None`` = all."""
        return None

    @api.model
    def _credit_forget(self):
        """Let what is kept of these records be worked out anew."""
        if self._credit_is_versioned:
            note_change(self.env, self._name)
        else:
            empty_cache(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._credit_forget()
        return records

    def write(self, vals):
        res = super().write(vals)
        cached = self._credit_cached_fields()
        if cached is None or not cached.isdisjoint(vals):
            self._credit_forget()
        return res

    def unlink(self):
        res = super().unlink()
        self._credit_forget()
        return res
