from odoo import api, fields, models


class CreditHoldSplitLine(models.TransientModel):
    """How much of one order line is released now."""

    _name = "credit.hold.split.line"
    _description = "Line of a Partial Release"
    _order = "id"

    split_id = fields.Many2one("credit.hold.split", required=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_ordered")
    name = fields.Char("Product", compute="_compute_ordered")
    ordered_quantity = fields.Float("Ordered", compute="_compute_ordered")
    amount_ordered = fields.Monetary("Total", compute="_compute_ordered")
    quantity = fields.Float("Release Now")
    amount = fields.Monetary(compute="_compute_amount")

    @api.depends("order_line_id")
    def _compute_ordered(self):
        for line in self:
            ordered_sudo = line.order_line_id.sudo()  # decided on, not edited
            line.currency_id = ordered_sudo.currency_id
            line.name = (ordered_sudo.name or "").partition("\n")[0]
            line.ordered_quantity = ordered_sudo.product_uom_qty
            line.amount_ordered = ordered_sudo.price_total

    @api.depends("quantity", "order_line_id")
    def _compute_amount(self):
        for line in self:
            share = line.quantity / (line.ordered_quantity or 1.0)
            line.amount = line.currency_id.round(line.amount_ordered * share)
