from odoo import api, fields, models

from ...sql.limit.core_limit import SMALLEST_LIMIT


class ResCompany(models.Model):
    """Limits by default and how limits are changed, set on the root company for all its
    branches."""

    _inherit = "res.company"

    credit_default_policy = fields.Selection(
        [
            ("unlimited", "Unlimited credit"),
            ("limited", "Limited to an amount"),
            ("none", "No credit"),
        ],
        string="Default Credit Policy",
        default="unlimited",
        required=True,
        help="Credit of customers whose own policy is the company's default.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_default_limit = fields.Monetary(
        string="Limit by Default",
        help="Limit of customers without one of their own.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_blank_expiry_blocks = fields.Boolean(
        "Limits Need an End",
        help="For rules about expired limits: a limit without a last day counts as "
        "expired. Otherwise it is good for ever.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_limit_manual_edit = fields.Boolean(
        "Edit Limits by Hand",
        help="Credit managers write limits on the page of the customer. Otherwise they "
        "only change with limit changes, which are proposed, approved and posted.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_limit_validity_months = fields.Integer(
        "Limits Are Good For",
        default=12,
        help="Months after which a new limit expires unless the change says otherwise. "
        "0: the last day is entered each time.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_limit_maximum = fields.Monetary(
        "Highest Limit",
        help="Nobody gets a limit above this amount. 0: no such bound.",
        prefetch="credit",
        groups="base.group_user",
    )

    _check_credit_default_limit = models.Constraint(
        "CHECK (credit_default_limit >= 0)",
        "The default credit limit can't be negative. Choose “No credit” to give none.",
    )
    _check_credit_limit_change = models.Constraint(
        "CHECK (credit_limit_validity_months BETWEEN 0 AND 120 "
        "AND credit_limit_maximum >= 0)",
        "Limits are good for 0 to 120 months, and the highest limit can't be negative.",
    )

    # === SCOPE === #

    @api.model
    def _credit_features(self):
        return {**super()._credit_features(), "temporary": "credit.limit.change"}

    # === CORE'S LIMIT === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for root in companies.filtered("parent_id").root_id:
            if root.credit_default_policy != "unlimited":
                root._sync_core_default_limit()
            self.env["credit.profile"]._mirror_to_core(root, everybody=True)
        return companies

    def _on_credit_policy_changed(self, names):
        super()._on_credit_policy_changed(names)
        # a set-wise statement on all profiles
        profiles_sudo = self.env["credit.profile"].sudo()
        for root in self.filtered(lambda company: not company.parent_id):
            if {"credit_default_policy", "credit_default_limit"} & names:
                root._sync_core_default_limit()
            profiles_sudo._refresh_figures(root)

    def _sync_core_default_limit(self):
        """Let core's default limit agree with the company's, 0 where there is none."""
        for root in self:
            amount = {
                "limited": root.credit_default_limit,
                "none": SMALLEST_LIMIT,
                "unlimited": 0.0,
            }[root.credit_default_policy]
            branches = root._credit_branch_ids(root.id)
            for company_id in branches:
                # who may set the policy of a company sets what follows from it
                self.env["ir.default"].sudo().set(
                    "res.partner", "credit_limit", amount, company_id=company_id
                )

    # === RATES === #

    def _credit_has_rate(self, currency):
        """Tell whether amounts in a currency can be compared with the company's.

        Odoo takes a currency without a rate for worth as much as the company's.
        """
        root_sudo = self.sudo().root_id  # rates of the tree, whatever the user may open
        if currency == root_sudo.currency_id:
            return True
        rates_sudo = self.env["res.currency.rate"].sudo()  # just whether there is one
        return bool(
            rates_sudo.search_count(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", (False, root_sudo.id)),
                    ("name", "<=", self._credit_today()),
                ],
                limit=1,
            )
        )
