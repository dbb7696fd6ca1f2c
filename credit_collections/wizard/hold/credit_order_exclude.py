from odoo import fields, models

from ...tools.client_actions import reload_page


class CreditOrderExclude(models.TransientModel):
    """Somebody takes one order out of credit control, and says why."""

    _name = "credit.order.exclude"
    _description = "Exclude from Credit Control"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    note = fields.Char(
        "Why It Is Excluded",
        required=True,
        help="For example: delivered against a letter of credit.",
    )

    def action_exclude(self):
        self.ensure_one()
        self.order_id._credit_exclude(self.note)
        return reload_page()
