from odoo import fields, models


class CollectionReassignLine(models.TransientModel):
    """One customer of the preview: from whom, to whom."""

    _name = "collection.reassign.line"
    _description = "Customer to Re-assign"

    reassign_id = fields.Many2one(
        "collection.reassign", required=True, ondelete="cascade"
    )
    profile_id = fields.Many2one("credit.profile", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        related="profile_id.partner_id", related_sudo=False, string="Customer"
    )
    currency_id = fields.Many2one(related="profile_id.currency_id", related_sudo=False)
    overdue_amount = fields.Monetary(
        related="profile_id.overdue_amount", related_sudo=False
    )
    overdue_days = fields.Integer(related="profile_id.overdue_days", related_sudo=False)
    from_user_id = fields.Many2one("res.users", string="From", readonly=True)
    to_user_id = fields.Many2one(
        "res.users",
        string="To",
        required=True,
        domain="[('share', '=', False)]",
        ondelete="cascade",
    )
