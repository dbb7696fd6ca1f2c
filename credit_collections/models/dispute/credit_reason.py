from odoo import fields, models


class CreditReason(models.Model):
    """Reasons of disputes lead to the department that answers them."""

    _inherit = "credit.reason"

    department_id = fields.Many2one(
        "collection.department",
        ondelete="restrict",
        help="Who answers disputes with this reason.",
    )
