from odoo import api, fields, models

from ...sql.hub.profile import SMALLEST_LIMIT

#: Parameters of the credit policy; branches take them from their root company.
POLICY_FIELDS = {
    "credit_default_policy",
    "credit_default_limit",
    "credit_order_horizon_days",
    "credit_approver_id",
    "credit_controller_authority",
    "credit_release_validity_days",
    "credit_release_tolerance",
    "credit_auto_release",
    "credit_approval_reminder_days",
    "credit_limit_manual_edit",
    "credit_limit_maximum",
    "credit_limit_validity_months",
    "credit_review_days",
    "credit_blank_expiry_blocks",
    "credit_overdue_tolerance",
    "credit_skip_intercompany",
    "credit_gone_bad_days",
    "collection_promise_grace_days",
    "collection_promise_told",
    "collection_promise_notice",
    "collection_silence_days",
    "collection_bank_days",
}


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "credit.cached.mixin"]

    # Every request reads the company, few read its policy: the parameters are fetched
    # as a group of their own.

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
    )
    credit_default_limit = fields.Monetary(
        string="Limit by Default",
        help="Limit of customers without one of their own.",
        prefetch="credit",
    )
    credit_count_overdue = fields.Boolean(
        "Overdue Receivables", default=True, prefetch="credit"
    )
    credit_count_not_due = fields.Boolean(
        "Receivables Not Due", default=True, prefetch="credit"
    )
    credit_count_unapplied = fields.Boolean(
        "Unapplied Payments and Credit Notes",
        default=True,
        help="Money and credit notes that are not matched yet lower the exposure.",
        prefetch="credit",
    )
    credit_count_draft = fields.Boolean(
        "Draft Invoices", default=True, prefetch="credit"
    )
    credit_count_order = fields.Boolean(
        "Confirmed Orders",
        default=True,
        help="What is not invoiced yet of confirmed orders, with taxes.",
        prefetch="credit",
    )
    credit_count_deposit = fields.Boolean(
        "Deposits",
        default=True,
        help="Down payments that were invoiced lower what an order still takes.",
        prefetch="credit",
    )
    credit_order_horizon_days = fields.Integer(
        "Order Horizon",
        help="Orders to be delivered later than so many days from today take no credit "
        "yet, for example call-off orders. 0 counts all orders.",
        prefetch="credit",
    )
    credit_approver_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Gets an activity for every order that is held. Without one, the first "
        "credit manager of the company does.",
        prefetch="credit",
    )

    _check_credit_default_limit = models.Constraint(
        "CHECK (credit_default_limit >= 0)",
        "The default credit limit can't be negative. Choose “No credit” to give none.",
    )

    @api.model
    def _get_policy_fields(self):
        """Return the parameters of the credit policy; override to add some."""
        return POLICY_FIELDS

    def _get_company_root_delegated_field_names(self):
        return super()._get_company_root_delegated_field_names() + sorted(
            self._get_policy_fields()
        )

    @api.model
    def _credit_cached_fields(self):
        return {
            *self._get_policy_fields(),
            "active",
            "currency_id",
            "parent_id",
            "partner_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for root in companies.filtered("parent_id").root_id:
            if root.credit_default_policy != "unlimited":
                root._sync_core_default_limit()
            self.env["credit.profile"]._mirror_to_core(root, everybody=True)
        return companies

    def write(self, vals):
        policy = self._get_policy_fields().intersection(vals)
        # Odoo copies delegated fields to branches one by one, and refuses each copy
        # until all of them agree: they only pass one by one
        for name in sorted(policy):
            super().write({name: vals[name]})
        others = {name: value for name, value in vals.items() if name not in policy}
        res = super().write(others)
        if policy:
            self.env["credit.profile"]._on_policy_changed(self, policy)
        return res

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
