from odoo import api, models

from odoo.addons.credit_collections.engine.run.contact_kinds import PAPER
from odoo.addons.credit_collections.models.contact.collection_interaction_gate import (
    Source,
)


class CollectionInteraction(models.Model):
    _inherit = "collection.interaction"

    @api.model
    def _get_sources(self):
        """What is written about a delivery is business paper."""
        delivery = Source(("partner_id",), "company_id", PAPER)
        return {**super()._get_sources(), "stock.picking": delivery}
