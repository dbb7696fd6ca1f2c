from odoo import api, models

from odoo.addons.credit_collections.sql.exposure.exposure_parts import (
    DELIVERED_ORDERS,
    ORDERS,
)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _get_exposure_sources(self):
        sources = super()._get_exposure_sources()
        if not self._credit_splits_delivered():
            return sources
        return tuple(DELIVERED_ORDERS if one is ORDERS else one for one in sources)

    @api.model
    def _credit_splits_delivered(self):
        """Tell whether goods delivered and not invoiced are a component of their own.

        Otherwise they are a part of the orders.
        """
        return True
