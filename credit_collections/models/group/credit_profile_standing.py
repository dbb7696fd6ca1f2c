from odoo import fields, models


class CreditProfile(models.Model):
    """What was decided about the customer: group, class, how long the limit is good."""

    _inherit = "credit.profile"

    group_id = fields.Many2one(
        "credit.group",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Customers that share one limit.",
    )
    limit_expiry_date = fields.Date(
        readonly=True, tracking=True, help="Last day of the limit. Empty: no end."
    )
    limit_date = fields.Date(
        "Limit Changed On", readonly=True, help="When the limit was last changed."
    )
    risk_score = fields.Float(readonly=True, aggregator="avg", figure=True)
    risk_class_id = fields.Many2one(
        "credit.risk.class",
        readonly=True,
        ondelete="restrict",
        tracking=True,
        figure=True,
    )
