from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from .credit_cached_mixin import empty_cache


class CreditFeatureMixin(models.AbstractModel):
    """Records that many databases have none of.

    What depends on them is skipped until there is the first one.
    """

    _name = "credit.feature.mixin"
    _description = "Feature That May Be Unused"

    @api.model
    def _credit_feature_domain(self):
        """Return the domain of the records that matter."""
        return Domain.TRUE

    @api.model
    def _credit_feature_fields(self):
        """Return the names of fields whose change makes a record matter."""
        return set()

    @api.model
    @ormcache()
    def _credit_is_used(self):
        """Tell whether there is or was a record that matters, archived ones included;
        cached, every decision asks."""
        # a fact for every user
        records_sudo = self.sudo().with_context(active_test=False)
        return bool(records_sudo.search_count(self._credit_feature_domain(), limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._credit_begin_use()
        return records

    def write(self, vals):
        res = super().write(vals)
        if not self._credit_feature_fields().isdisjoint(vals):
            self._credit_begin_use()
        return res

    def _credit_begin_use(self):
        """Let everybody know of the first of these records that matters."""
        # a fact for every user
        if not self._credit_is_used() and self.sudo().filtered_domain(
            self._credit_feature_domain()
        ):
            empty_cache(self.env)
