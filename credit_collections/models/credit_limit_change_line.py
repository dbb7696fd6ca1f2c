from odoo import fields, models


class CreditLimitChangeLine(models.Model):
    """The new limit of one customer or of one credit group, never of both."""

    _name = "credit.limit.change.line"
    _description = "Line of a Credit Limit Change"
    _order = "change_id desc, id"

    change_id = fields.Many2one(
        "credit.limit.change", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="change_id.kind", store=True, precompute=True)
    company_id = fields.Many2one(
        related="change_id.company_id", store=True, precompute=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("posted", "Posted"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )
    profile_id = fields.Many2one(
        "credit.profile", string="Customer", index="btree_not_null", ondelete="restrict"
    )
    group_id = fields.Many2one(
        "credit.group", index="btree_not_null", ondelete="restrict"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    new_policy = fields.Selection(
        [
            ("default", "Group or company default"),
            ("limited", "Limited"),
            ("unlimited", "Unlimited"),
            ("none", "No credit"),
        ],
        default="limited",
    )
    new_limit = fields.Monetary()
    date_from = fields.Date("From", help="First day; empty: the day of posting.")
    date_to = fields.Date(
        "Until",
        help="Last day of a temporary limit; of any other, the day it expires.",
    )

    # what is in force for a customer on a day, read with every decision
    _temporary_idx = models.Index(
        "(profile_id, date_from, date_to) WHERE state = 'posted' AND kind = 'temporary'"
    )

    _temporary_group_idx = models.Index(
        "(group_id, date_from, date_to) WHERE state = 'posted' AND kind = 'temporary'"
        " AND group_id IS NOT NULL"
    )

    def _compute_currency_id(self):
        for line in self:
            line.currency_id = (
                line.group_id or line.profile_id or line.company_id
            ).currency_id
