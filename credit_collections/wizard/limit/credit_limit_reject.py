from odoo import fields, models


class CreditLimitReject(models.TransientModel):
    """Reject limit changes, or lines of one, with words for who proposed them."""

    _name = "credit.limit.reject"
    _description = "Reject Limit Changes"

    change_ids = fields.Many2many("credit.limit.change")
    line_ids = fields.Many2many("credit.limit.change.line")
    note = fields.Char("Reason", required=True)

    def action_reject(self):
        self.ensure_one()
        if self.line_ids:
            self.line_ids.action_reject(self.note)
        else:
            self.change_ids.action_refuse(self.note)
        return {"type": "ir.actions.act_window_close"}
