from odoo import fields, models
from odoo.exceptions import UserError


class CreditHoldRequest(models.TransientModel):
    """A salesperson asks for the release of a held order."""

    _name = "credit.hold.request"
    _description = "Ask for Release"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    note = fields.Char(
        "Why It Should Pass",
        required=True,
        help="For example: paid today, proof attached; or: agreed with the management.",
    )

    def action_request(self):
        self.ensure_one()
        self.order_id.check_access("write")
        # salespeople may read holds but not write them; they may write this order
        hold_sudo = self.order_id.credit_hold_id.sudo()
        if hold_sudo.state != "held":
            raise UserError(self.env._("%s is not on credit hold.", self.order_id.name))
        hold_sudo._ask(self.env.user, self.note)
        return True
