from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CreditHoldSplit(models.TransientModel):
    """Release a part of a held order."""

    _name = "credit.hold.split"
    _description = "Release a Part of a Held Order"

    hold_ids = fields.Many2many("credit.hold", string="Held Orders", required=True)
    hold_id = fields.Many2one("credit.hold", compute="_compute_hold_id")
    currency_id = fields.Many2one("res.currency", compute="_compute_hold_id")
    line_ids = fields.One2many(
        "credit.hold.split.line",
        "split_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount = fields.Monetary("Released Now", compute="_compute_amount")
    amount_rest = fields.Monetary("Stays on Hold", compute="_compute_amount")
    reason_id = fields.Many2one(
        "credit.reason",
        required=True,
        domain="[('kind', '=', 'release'), ('code', 'not in', ('AUTO', 'PREPAID'))]",
        default=lambda self: self._default_reason_id(),
    )
    note = fields.Char(help="For the salesperson and for the record.")

    @api.model
    def _default_reason_id(self):
        return self.env["credit.hold.release"]._default_reason_id()

    @api.depends("hold_ids")
    def _compute_hold_id(self):
        for wizard in self:
            wizard.hold_id = wizard.hold_ids[:1]._origin
            # the order is seen by those who decide on it
            wizard.currency_id = wizard.hold_id.order_id.sudo().currency_id

    @api.depends("hold_ids")
    def _compute_line_ids(self):
        for wizard in self:
            # the order is seen by those who decide on it
            order_sudo = wizard.hold_ids[:1]._origin.order_id.sudo()
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {"order_line_id": line.id, "quantity": line.product_uom_qty}
                    )
                    for line in order_sudo._credit_split_lines()
                ),
            ]

    @api.depends("line_ids.amount", "hold_id")
    def _compute_amount(self):
        for wizard in self:
            total = sum(wizard.line_ids.mapped("amount_ordered"))
            wizard.amount = sum(wizard.line_ids.mapped("amount"))
            wizard.amount_rest = total - wizard.amount

    def action_release(self):
        self.ensure_one()
        if not self.hold_id:
            raise UserError(self.env._("Nothing here is held any more."))
        quantities = {
            line.order_line_id.sudo(): line.quantity  # decided on, not edited
            for line in self.line_ids
        }
        rest = self.hold_id._release_part(
            quantities, self.reason_id, note=self.note or ""
        )
        return self.hold_id._notify(
            self.env._(
                "%(order)s released in part. The rest waits in %(rest)s.",
                order=self.hold_id.order_id.name,
                rest=rest.name,
            ),
            {},
        )
