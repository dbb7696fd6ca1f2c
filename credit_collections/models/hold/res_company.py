from odoo import fields, models


class ResCompany(models.Model):
    """Who releases held orders, and how long a release is good."""

    _inherit = "res.company"

    credit_controller_authority = fields.Monetary(
        default=10000.0,
        help="Credit controllers release orders up to this amount; above it, a credit "
        "manager is needed.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_release_validity_days = fields.Integer(
        "Release Validity",
        default=30,
        help="An order that was released is not held again within so many days.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_release_tolerance = fields.Float(
        "Release Tolerance",
        default=0.0,
        help="An order that was released may grow by this share before it is decided "
        "again.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_release_validity_cap_days = fields.Integer(
        "Longest Validity",
        default=30,
        help="Credit controllers release for no longer; credit managers may for up to "
        "90 days.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_release_tolerance_cap = fields.Float(
        "Largest Tolerance",
        default=0.1,
        help="Credit controllers let an order grow by no more; credit managers may let "
        "it grow by up to 50 %.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_auto_release = fields.Boolean(
        "Release Automatically",
        default=True,
        help="When an order is evaluated again and no reason is left, it is released "
        "and confirmed without further ado. Customers on manual hold never are.",
        prefetch="credit",
        groups="base.group_user",
    )

    _check_credit_release = models.Constraint(
        "CHECK (credit_release_validity_days >= 0 AND credit_release_tolerance >= 0 "
        "AND credit_release_validity_days <= credit_release_validity_cap_days "
        "AND credit_release_tolerance <= credit_release_tolerance_cap "
        "AND credit_release_validity_cap_days <= 90 "
        "AND credit_release_tolerance_cap <= 0.5)",
        "The validity and the tolerance of releases can't be negative or larger than "
        "the largest that you allow: at most 90 days and 50 %.",
    )
