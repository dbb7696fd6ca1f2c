from odoo import fields, models


class CollectionDisputeReject(models.TransientModel):
    """Ask why disputes are rejected."""

    _name = "collection.dispute.reject"
    _description = "Reject Disputes"

    dispute_ids = fields.Many2many("collection.dispute", required=True)
    note = fields.Text(
        "Why", required=True, help="In words that can be told to the customer."
    )

    def action_reject(self):
        self.ensure_one()
        self.dispute_ids._reject(self.note)
        return True
