from odoo import fields, models


class CreditHoldForce(models.TransientModel):
    """Put orders on hold by hand."""

    _name = "credit.hold.force"
    _description = "Put Orders on Credit Hold"

    order_ids = fields.Many2many("sale.order", required=True)
    reason_id = fields.Many2one(
        "credit.reason", required=True, domain="[('kind', '=', 'hold')]"
    )
    note = fields.Char(help="For colleagues; the customer never reads it.")
    review_date = fields.Date(
        help="Until then the orders do not show as ready to be released."
    )

    def action_force(self):
        self.ensure_one()
        holds = self.env["credit.hold"]._force(
            self.order_ids,
            self.reason_id,
            note=self.note or "",
            review_date=self.review_date,
        )
        return holds._notify(self.env._("%s put on hold.", len(holds)), {})
