from odoo import api, fields, models


class CreditHold(models.Model):
    """Deliveries that wait for a release, and go on with it."""

    _inherit = "credit.hold"

    checkpoint = fields.Selection(
        selection_add=[("delivery", "Delivery")],
        ondelete={"delivery": "set change"},  # decisions are kept
    )
    picking_ids = fields.Many2many(
        "stock.picking",
        "credit_hold_picking_rel",
        "hold_id",
        "picking_id",
        string="Deliveries",
        readonly=True,
        help="Deliveries that somebody wanted to validate and that wait for the "
        "release.",
    )

    @api.depends("picking_ids.state", "picking_ids.name")
    def _compute_stopped_summary(self):
        return super()._compute_stopped_summary()

    def _stopped_documents(self):
        return [*self._waiting_pickings(), *super()._stopped_documents()]

    def _waiting_pickings(self):
        return self.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def _stopped_value(self):
        if self.checkpoint != "delivery":
            return super()._stopped_value()
        pickings = self._waiting_pickings().sudo()  # what was stopped is a fact
        return pickings._credit_values().get(self.order_id.sudo(), 0.0)

    def _weight_to_release(self):
        """What waits may leave, also beyond what was ordered."""
        weight = super()._weight_to_release()
        order_sudo = self.order_id.sudo()  # what was stopped is a fact
        if order_sudo.state != "sale":
            return weight
        pickings_sudo = self.sudo()._waiting_pickings()
        return (
            pickings_sudo._credit_weight_with(order_sudo) if pickings_sudo else weight
        )

    def _continue_stopped(self):
        res = super()._continue_stopped()
        # whoever may release lets the goods go, also without rights on stock
        pickings = self._waiting_pickings().sudo()
        for picking in pickings.filtered(lambda picking: not picking.credit_is_held):
            picking._credit_continue()
        return res

    def action_open_pickings(self):
        self.ensure_one()
        return self.picking_ids._get_records_action(name=self.env._("Deliveries"))
