from odoo import fields, models


class ResCompany(models.Model):
    """Parameters of risk and reviews, set on the root company for all its branches."""

    _inherit = "res.company"

    credit_review_days = fields.Integer(
        "Told of Reviews Ahead",
        default=30,
        help="Reviews of customers and limits that end are on the list, and the credit "
        "manager gets an activity, so many days before.",
        prefetch="credit",
        groups="base.group_user",
    )

    # up to this matched part all is in the profiles of the root company; the board
    # reads nothing in front of it
    collected_up_to = fields.Integer(
        readonly=True, copy=False, groups=fields.NO_ACCESS, prefetch=False
    )

    _check_credit_review_days = models.Constraint(
        "CHECK (credit_review_days BETWEEN 0 AND 366)",
        "Reviews come up 0 to 366 days ahead.",
    )
