from odoo import fields, models


class CreditCollateralType(models.Model):
    """A kind of collateral, and what it is worth for the limit by default."""

    _name = "credit.collateral.type"
    _description = "Collateral Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("insurance", "Credit insurance"),
            ("guarantee", "Guarantee"),
            ("deposit", "Deposit"),
            ("retention", "Retention of title"),
            ("other", "Other"),
        ],
        required=True,
        default="insurance",
        help="Insurance has a coverage type and deadlines towards the insurer.",
    )
    limit_share = fields.Float(
        "Raises the Limit By",
        default=1.0,
        help="Share of the amount that new collateral of this type adds to the limit.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="When to use this type, for colleagues who choose it."
    )

    _check_limit_share = models.Constraint(
        "CHECK (limit_share >= 0 AND limit_share <= 1)",
        "Collateral raises the limit by 0 to 100 % of its amount.",
    )

    def _get_shared(self):
        """They have no company: all of them are shared."""
        return self
