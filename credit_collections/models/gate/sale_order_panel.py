from odoo import api, fields, models

from ...engine.exposure.exposure import limit_used


class SaleOrder(models.Model):
    """The verdict on screen, while an order is written and while it is held."""

    _inherit = "sale.order"

    credit_panel = fields.Json(
        compute="_compute_credit_panel",
        compute_sudo=True,
        groups="base.group_user",
        help="What the credit policy says about this order, while it is written.",
    )

    def _compute_partner_credit_warning(self):
        """Silence core's warning: the credit panel is the one verdict on an order."""
        self.partner_credit_warning = ""

    @api.depends(
        "state",
        "company_id",
        "partner_id",
        "partner_invoice_id",
        "amount_total",
        "currency_id",
        "credit_hold_id.state",
        "credit_hold_id.asked_date",
    )
    def _compute_credit_panel(self):
        open_orders = self.filtered(
            lambda order: (
                order.state in ("draft", "sent") or order.credit_hold_state == "held"
            )
        )
        open_orders -= open_orders._credit_out_of_sight()
        verdicts = open_orders._credit_verdicts()
        for order in self:
            verdict = verdicts.get(order)
            order.credit_panel = (
                order._prepare_credit_panel(verdict)
                if verdict and verdict.customer
                else False
            )
        shown = open_orders.filtered("credit_panel")
        for order in shown - shown._credit_with_figures():
            order.credit_panel = order._credit_without_figures()

    def _credit_out_of_sight(self):
        """Return the orders of companies in which the user does not work; such may be
        named while an order is written, and are no order yet."""
        if self.env.user._is_superuser():
            return self.browse()
        # the panel is worked out as superuser, for a user
        mine_sudo = self.env.user.sudo().company_ids
        return self.filtered(lambda order: order.company_id not in mine_sudo)

    def _credit_with_figures(self):
        """Return the orders whose customers' figures the user may read."""
        # as the user, also where the panel is worked out as superuser for him
        profiles = self.env["credit.profile"].sudo(self.env.user._is_superuser())
        if not profiles.has_access("read"):
            return self.browse()
        found = profiles.with_context(active_test=False)._read_group(
            [("partner_id", "in", [order._credit_partner().id for order in self])],
            ["company_id", "partner_id"],
        )
        read = {(company.id, partner.id) for company, partner in found}
        return self.filtered(
            lambda order: (
                (order.company_id._credit_root_id(), order._credit_partner().id) in read
            )
        )

    def _credit_without_figures(self):
        """Return the panel for those who sell to a colleague's customer: the verdict
        and what is on record with the order; False where it would be clear."""
        panel = self.credit_panel
        if panel["state"] == "clear":
            return False
        on_record = self._origin.credit_hold_id.state == "held"
        return {
            "state": panel["state"],
            "reasons": panel["reasons"] if on_record else [],
            "asked": panel["asked"],
            "note": panel["note"],
            "is_bare": True,
        }

    def _prepare_credit_panel(self, verdict):
        """Return what the panel on the order shows; False where there is nothing."""
        customer, order = verdict.customer, verdict.order
        hold = self._origin.credit_hold_id
        state = hold.state if hold.state in ("held", "rejected") else False
        if not state:
            today = self.company_id._credit_today()
            released = not verdict.findings and self._credit_is_released(today)
            state = (
                "released" if released else "broken" if verdict.findings else "clear"
            )
        if state == "clear" and customer.limit is None and not customer.overdue_amount:
            return False
        after = customer.exposure + order.on_credit
        left = customer.with_order(order.on_credit).available
        return {
            "state": state,
            "limit": customer.limit,
            "exposure": customer.exposure,
            "on_credit": order.on_credit,
            "available": customer.available,
            "available_after": left,
            "used": limit_used(customer.limit, customer.exposure),
            "used_after": limit_used(customer.limit, after),
            "overdue": customer.overdue_amount,
            "overdue_days": customer.overdue_days,
            "reasons": self._credit_reasons(hold, verdict),
            "group": self._prepare_credit_group(customer),
            "asked": self._prepare_credit_request(hold),
            "note": hold.release_note if state == "rejected" else "",
            "currency_id": verdict.currency.id,
        }

    def _prepare_credit_group(self, customer):
        """Return the group that leaves less than the customer's own limit does."""
        if not customer.group_id or customer.limit is None:
            return False
        if customer.group_available >= customer.limit - customer.exposure:
            return False
        group = self.env["credit.group"].browse(customer.group_id)
        return {"name": group.name, "available": customer.group_available}

    def _prepare_credit_request(self, hold):
        """Return who asked for the release, when and why; False where nobody did."""
        if hold.state != "held" or not hold.asked_date:
            return False
        return {
            "user": hold.asked_by_id.name,
            "date": fields.Datetime.to_string(hold.asked_date),
            "note": hold.asked_note or "",
        }

    def _credit_reasons(self, hold, verdict):
        """Return the reasons in plain words: those on record, or those to come."""
        if hold.state == "held":
            return hold.line_ids.filtered(lambda line: not line.cleared_date).mapped(
                "message"
            )
        lines = self.env["credit.hold.line"]
        return [
            lines._prepare_vals(finding, verdict)["message"]
            for finding in verdict.findings
        ]
