from odoo import fields, models


class CreditHoldReject(models.TransientModel):
    """Reject one or many held orders with a reason."""

    _name = "credit.hold.reject"
    _description = "Reject Held Orders"

    hold_ids = fields.Many2many("credit.hold", required=True)
    reason_id = fields.Many2one(
        "credit.reason", required=True, domain="[('kind', '=', 'reject')]"
    )
    note = fields.Char(help="What the salesperson can do about it.")

    def action_reject(self):
        self.ensure_one()
        self.hold_ids._reject(self.reason_id, note=self.note or "")
        return self.hold_ids._notify(self.env._("%s rejected.", len(self.hold_ids)), {})
