from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.credit_collections.demo.credit_demo import QUIET
from odoo.addons.credit_collections.demo.stage import NAMESPACE

#: Deliveries that the warehouse wants to validate today.
DELIVERIES = 22
#: Deliveries of orders of long ago, to customers who pay far too late by now.
LATE = 2


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
        late = self._sold_long_ago(company, rule.days).picking_ids
        pickings = late + ready[:DELIVERIES]
        pickings.with_context(skip_backorder=True).button_validate()

    def _sold_long_ago(self, company, days):
        """Return orders of customers who paid well then, and do no more."""
        late = self.env["credit.profile"].search(
            [
                ("company_id", "=", company.id),
                ("overdue_days", ">", days),
                ("credit_status", "=", "none"),
            ],
            order="overdue_days, id",
            limit=LATE,
        )
        product = self.env["product.product"].search(
            [("type", "=", "consu"), ("default_code", "=", False)],
            order="id desc",
            limit=1,
        )
        ordered = fields.Datetime.now() - timedelta(days=90)
        orders = self.env["sale.order"].create(
            [
                {
                    "company_id": company.id,
                    "partner_id": profile.partner_id.id,
                    "user_id": profile.user_id.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": 5})
                    ],
                }
                for profile in late
            ]
        )
        with orders._credit_passing():
            orders.action_confirm()
        orders.date_order = ordered
        return orders
