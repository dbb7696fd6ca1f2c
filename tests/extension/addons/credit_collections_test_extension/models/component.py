"""A component of the exposure: goods that customers have on consignment."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.credit_collections.sql.exposure.exposure_parts import Part, Source
from odoo.addons.credit_collections.sql.hub.pot import in_family


def _read(pot, partner_ids, without_orders, leftover):
    if "consigned" not in pot.components:
        return []
    source = SQL(
        """SELECT consignee.id AS partner_id, consignee.consigned_value AS amount
             FROM res_partner consignee
            WHERE consignee.consigned_value > 0 AND %s""",
        in_family(SQL("consignee.id"), partner_ids),
    )
    return [Part(source, {"consigned": SQL("amount")})]


CONSIGNED = Source(("consigned",), _read)


class ResPartner(models.Model):
    _inherit = "res.partner"

    consigned_value = fields.Float(digits=(16, 2))


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_count_consigned = fields.Boolean(default=True, prefetch="credit")

    @api.model
    def _get_exposure_sources(self):
        return (*super()._get_exposure_sources(), CONSIGNED)


class CreditProfile(models.Model):
    _inherit = "credit.profile"

    consigned_amount = fields.Monetary("On Consignment", readonly=True, figure=True)

    @api.model
    def _flush_exposure_fields(self):
        super()._flush_exposure_fields()
        self.env["res.partner"].flush_model(["consigned_value"])

    def _component_records(self, component):
        if component != "consigned":
            return super()._component_records(component)
        whose = Domain("id", "child_of", self.partner_id.id)
        return "res.partner", whose & Domain("consigned_value", ">", 0)
