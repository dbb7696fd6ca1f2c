from odoo import fields, models


class CreditGroup(models.Model):
    """Customers that share one limit, maybe in several companies."""

    _name = "credit.group"
    _description = "Credit Group"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    credit_limit = fields.Monetary(
        "Shared Limit",
        tracking=True,
        help="What all members may owe together.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    expiry_date = fields.Date(tracking=True, help="Last day of the shared limit.")
    profile_ids = fields.One2many("credit.profile", "group_id", string="Members")
    note = fields.Html("Internal Notes")

    _check_credit_limit = models.Constraint(
        "CHECK (credit_limit >= 0)",
        "The shared limit of a credit group can't be negative.",
    )
