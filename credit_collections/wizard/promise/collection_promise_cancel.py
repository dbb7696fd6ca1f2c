from odoo import fields, models


class CollectionPromiseCancel(models.TransientModel):
    """Ask why promises are withdrawn."""

    _name = "collection.promise.cancel"
    _description = "Cancel Promises"

    promise_ids = fields.Many2many("collection.promise", required=True)
    reason_id = fields.Many2one(
        "credit.reason", required=True, domain="[('kind', '=', 'promise')]"
    )
    note = fields.Char()

    def action_cancel(self):
        self.ensure_one()
        self.promise_ids._cancel(self.reason_id, self.note)
        return True
