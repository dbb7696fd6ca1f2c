from odoo import api, models

from odoo.addons.credit_collections.demo.credit_demo import QUIET
from odoo.addons.credit_collections.demo.stage import NAMESPACE

#: Deliveries that the warehouse wants to validate today.
DELIVERIES = 24


class CreditDemo(models.AbstractModel):
    """The warehouse ships the youngest orders: some leave, and wait for their invoice;
    those of customers who pay far too late wait for a release."""

    _inherit = "credit.demo"

    @api.model
    def _load(self):
        res = super()._load()
        known = self.env.ref(f"{NAMESPACE}.rule_delivery", raise_if_not_found=False)
        if not known:
            with self._all_or_nothing(), self._gate():
                self.with_context(**QUIET)._ship()
            self._refresh()
        return res

    def _gated(self):
        return (
            *super()._gated(),
            self.env["stock.picking"],
            self.env["stock.move"],
        )

    def _ship(self):
        company = self.env.ref("base.main_company")
        rule = self.env["credit.rule"].create(
            {
                "name": "No goods for customers who pay far too late",
                "kind": "days_overdue",
                "days": 45,
                "at_confirm": False,
                "at_delivery": True,
                "company_id": company.id,
                "sequence": 60,
            }
        )
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{NAMESPACE}.rule_delivery", "record": rule}]
        )
        ready = self.env["stock.picking"].search(
            [
                ("company_id", "=", company.id),
                ("picking_type_code", "=", "outgoing"),
                ("state", "in", ("assigned", "confirmed")),
                ("sale_id.state", "=", "sale"),
                ("credit_is_held", "=", False),
            ],
            order="id",
        )
        late = ready.filtered(
            lambda picking: self._overdue_days(picking.sale_id) > rule.days
        )
        chosen = (late[:2] | ready)[:DELIVERIES]
        chosen.with_context(skip_backorder=True).button_validate()

    def _overdue_days(self, order):
        profiles = self.env["credit.profile"]
        return profiles._ensure(
            order.company_id, order._credit_partner().ids
        ).overdue_days
