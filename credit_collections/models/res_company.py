from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import ormcache

from ..engine.exposure import COMPONENTS
from ..sql.pot import Pot
from ..sql.profile import SMALLEST_LIMIT

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
    *(f"credit_count_{component}" for component in COMPONENTS),
}


#: What many databases have none of, and its model.
OPTIONAL = {
    "collateral": "credit.collateral",
    "group": "credit.group",
    "temporary": "credit.limit.change",
}


class Scope(NamedTuple):
    """What all statements about a company take from its settings."""

    root_id: int
    company_ids: tuple
    currency_id: int
    rounding: float
    components: frozenset
    horizon_days: int
    overdue_tolerance: float
    default_policy: str
    default_limit: float
    needs_expiry: bool
    skips_own_companies: bool
    splits_delivered: bool


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

    def _get_company_root_delegated_field_names(self):
        return super()._get_company_root_delegated_field_names() + sorted(POLICY_FIELDS)

    @api.model
    def _credit_cached_fields(self):
        return {*POLICY_FIELDS, "active", "currency_id", "parent_id", "partner_id"}

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for root in companies.filtered("parent_id").root_id:
            if root.credit_default_policy != "unlimited":
                root._sync_core_default_limit()
            self.env["credit.profile"]._mirror_to_core(root, everybody=True)
        return companies

    def write(self, vals):
        policy = POLICY_FIELDS.intersection(vals)
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

    def _credit_pot(self, today=None):
        """Return the :class:`~..sql.pot.Pot` of the root company of this company.

        :param today: the day of the figures, default today in the user's time zone
        """
        self.ensure_one()
        today = today or self._credit_today()
        scope = self._credit_scope(self.id)
        worth, other = self.env["res.currency"]._credit_factors(
            scope.root_id, scope.currency_id, today
        )
        horizon = scope.horizon_days
        return Pot(
            root_id=scope.root_id,
            company_ids=scope.company_ids,
            account_ids=self.env["account.account"]._credit_receivable_ids(
                scope.company_ids
            ),
            currency_id=scope.currency_id,
            rounding=scope.rounding,
            today=today,
            components=self._credit_used_components(scope),
            factors=worth,
            other_factor=other,
            horizon=today + timedelta(days=horizon) if horizon else None,
            splits_delivered=scope.splits_delivered,
            unused=frozenset(
                name
                for name, model in OPTIONAL.items()
                if not self.env[model]._credit_is_used()
            ),
        )

    @api.model
    def _credit_used_components(self, scope):
        """Return the names of components that count and that there may be any of."""
        if self.env["sale.order.line"]._credit_is_used():
            return scope.components
        return scope.components - {"deposit"}

    @api.model
    def _credit_today(self):
        """Return today in the time zone of the user, like ``context_today``, without
        reading the user from the database where the context has no time zone."""
        zone = self.env.context.get("tz") or self.env["res.users"].context_get().get(
            "tz"
        )
        return fields.Date.context_today(self.with_context(tz=zone or "UTC"))

    @api.model
    def _credit_roots(self):
        """Return the root companies that the user may see: each has a policy and
        customers of its own, which branches share."""
        return self.search([("parent_id", "=", False)])

    def _credit_root_id(self):
        """Return the id of the root company, whose rules and policy count."""
        return self._credit_scope(self.id).root_id

    @api.model
    @ormcache("company_id")
    def _credit_scope(self, company_id):
        """Return the :class:`Scope` of a company; cached, every decision needs it."""
        # branches share a pot whatever the user may open
        root = self.sudo().browse(company_id).root_id
        return Scope(
            root_id=root.id,
            company_ids=self._credit_branch_ids(root.id),
            currency_id=root.currency_id.id,
            rounding=root.currency_id.rounding,
            components=root._credit_components(),
            horizon_days=root.credit_order_horizon_days,
            overdue_tolerance=root.credit_overdue_tolerance,
            default_policy=root.credit_default_policy,
            default_limit=root.credit_default_limit,
            needs_expiry=root.credit_blank_expiry_blocks,
            skips_own_companies=root.credit_skip_intercompany,
            splits_delivered=root._credit_splits_delivered(),
        )

    @api.model
    @ormcache("root_id")
    def _credit_branch_ids(self, root_id):
        """Return the ids of a root company and its branches, the root first."""
        companies = self.sudo().with_context(
            active_test=False
        )  # the pot is one for all
        branches = companies.search(
            [("id", "child_of", root_id), ("id", "!=", root_id)]
        )
        return (root_id, *branches.ids)
