from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..engine.exposure import COMPONENTS
from ..engine.limits import effective_limit

#: A change of one of these changes the effective limit.
LIMIT_FIELDS = {"limit_policy", "credit_limit"}

#: What only credit managers may change.
POLICY_FIELDS = LIMIT_FIELDS | {
    "partner_id",
    "company_id",
    "active",
    "credit_status",
    "status_reason_id",
}

#: What is written by the refresh alone.
FIGURES = {
    *(f"{name}_amount" for name in COMPONENTS),
    "effective_limit",
    "is_limited",
    "exposure",
    "available_credit",
    "limit_used",
    "overdue_days",
    "oldest_due_date",
    "figures_date",
    "decision_count",
}


class CreditProfile(models.Model):
    """The hub: what one company knows and decides about the credit of one customer.

    One per commercial partner and root company; branches share it. The figures are those
    of the last refresh, for lists and filters; decisions read the ledger themselves.
    """

    _name = "credit.profile"
    _description = "Credit Profile"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "overdue_amount desc, exposure desc, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        ondelete="cascade",
        help="Branches share the profile of their root company.",
    )
    currency_id = fields.Many2one(
        "res.currency", related="company_id.currency_id", store=True
    )
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")

    # === LIMIT === #
    limit_policy = fields.Selection(
        [
            ("default", "Company default"),
            ("limited", "Limited"),
            ("unlimited", "Unlimited"),
            ("none", "No credit"),
        ],
        required=True,
        default="default",
        tracking=True,
        help="- Company default: as the company's settings say\n"
        "- Limited: up to the customer's own limit\n"
        "- Unlimited: the limit is never a reason to hold an order\n"
        "- No credit: everything has to be paid in advance",
    )
    credit_limit = fields.Monetary(
        "Own Limit",
        tracking=True,
        help="Counts while the policy is “Limited”.",
    )
    effective_limit = fields.Monetary(
        compute="_compute_effective_limit",
        store=True,
        help="The limit that counts today.",
    )
    is_limited = fields.Boolean(
        "Has a Limit", compute="_compute_effective_limit", store=True
    )

    # === STATUS === #
    credit_status = fields.Selection(
        [("none", "No hold"), ("orders", "Orders on hold")],
        required=True,
        default="none",
        tracking=True,
        help="“Orders on hold” holds every new order of the customer until a credit "
        "manager lifts it.",
    )
    status_reason_id = fields.Many2one(
        "credit.reason",
        domain="[('kind', '=', 'status')]",
        tracking=True,
        ondelete="restrict",
    )
    status_review_date = fields.Date(
        tracking=True, help="When the hold of the customer is to be looked at again."
    )
    note = fields.Html("Internal Notes")

    # === FIGURES, written by the refresh === #
    overdue_amount = fields.Monetary("Overdue", readonly=True)
    not_due_amount = fields.Monetary("Not Due", readonly=True)
    unapplied_amount = fields.Monetary(
        "Unapplied",
        readonly=True,
        help="Payments and credit notes that are not matched yet; negative.",
    )
    draft_amount = fields.Monetary("Draft Invoices", readonly=True)
    order_amount = fields.Monetary(
        "Orders", readonly=True, help="Confirmed orders not invoiced yet, with taxes."
    )
    deposit_amount = fields.Monetary(
        "Deposits",
        readonly=True,
        help="Down payments on these orders that were invoiced; negative.",
    )
    exposure = fields.Monetary(readonly=True, help="The sum of all that counts.")
    available_credit = fields.Monetary(
        readonly=True, help="Effective limit less exposure; negative when over."
    )
    limit_used = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Exposure as a share of the limit. Customers without any credit show "
        "1,000 % as soon as they owe something.",
    )
    overdue_days = fields.Integer(
        readonly=True, aggregator="max", help="Age of the oldest overdue item in days."
    )
    oldest_due_date = fields.Date(readonly=True)
    figures_date = fields.Datetime(
        "Figures Changed On",
        readonly=True,
        help="When a refresh last changed a figure.",
    )
    decision_count = fields.Integer(
        readonly=True,
        aggregator=None,
        copy=False,
        help="Number of decisions on orders of this customer. Each one writes it, which "
        "is what keeps two of them from taking the same credit.",
    )

    hold_ids = fields.One2many("credit.hold", "profile_id", string="Holds")
    hold_count = fields.Integer(compute="_compute_hold_count")

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)",
        "This customer already has a credit profile in this company.",
    )
    _limit_used_idx = models.Index("(company_id, limit_used)")
    _overdue_idx = models.Index("(company_id, overdue_amount, exposure)")
    _check_credit_limit = models.Constraint(
        "CHECK (credit_limit >= 0)",
        "A credit limit can't be negative. Choose the policy “No credit” to give none.",
    )

    # === COMPUTE === #

    @api.depends("partner_id", "company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_display_name(self):
        several = len(self.env.companies.root_id) > 1
        for profile in self:
            name = profile.partner_id.display_name or ""
            profile.display_name = (
                f"{name} ({profile.company_id.name})" if several else name
            )

    @api.model
    def _search_display_name(self, operator, value):
        return Domain("partner_id.display_name", operator, value)

    @api.depends(
        "limit_policy",
        "credit_limit",
        "company_id.credit_default_policy",
        "company_id.credit_default_limit",
    )
    def _compute_effective_limit(self):
        for profile in self:
            limit = profile._get_effective_limit(
                profile.limit_policy, profile.credit_limit, profile.company_id
            )
            profile.is_limited = limit is not None
            profile.effective_limit = limit or 0.0

    @api.model
    def _get_effective_limit(self, policy, own_limit, company):
        """Return the limit that counts, ``None`` when unlimited.

        Override to let more than the profile's own limit and the default decide.
        """
        return effective_limit(
            policy,
            own_limit or 0.0,
            company.credit_default_policy,
            company.credit_default_limit,
        )

    def _compute_hold_count(self):
        counts = dict(
            self.env["credit.hold"]._read_group(
                [("profile_id", "in", self.ids), ("state", "=", "held")],
                ["profile_id"],
                ["__count"],
            )
        )
        for profile in self:
            profile.hold_count = counts.get(profile, 0)

    # === CONSTRAINTS === #

    @api.constrains("partner_id", "company_id")
    def _check_hub(self):
        for profile in self:
            if profile.partner_id != profile.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s. Credit is given to "
                        "the company: open its profile instead.",
                        contact=profile.partner_id.name,
                        company=profile.partner_id.commercial_partner_id.name,
                    )
                )
            if profile.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch. Credit profiles belong to its root "
                        "company %(root)s and are shared by all branches.",
                        branch=profile.company_id.name,
                        root=profile.company_id.root_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create(vals_list)
        profiles._on_limits_changed()
        return profiles

    def write(self, vals):
        self._check_may_write(vals)
        res = super().write(vals)
        if LIMIT_FIELDS.intersection(vals):
            self._on_limits_changed()
        return res

    def _check_may_write(self, vals):
        """Refuse figures to everybody, and the policy to all but credit managers."""
        if self.env.su:
            return
        if FIGURES.intersection(vals):
            raise AccessError(
                self.env._(
                    "The figures of a profile come from the ledger, not by hand."
                )
            )
        if POLICY_FIELDS.intersection(vals):
            self._check_may_set_policy()

    def _check_may_set_policy(self):
        if self.env.su or self.env.user.has_group(
            "credit_collections.group_credit_manager"
        ):
            return
        raise AccessError(
            self.env._("Only credit managers may change limits and holds of customers.")
        )

    def _on_limits_changed(self):
        """Bring the figures that depend on the limit up to date, here and in core."""
        for company, profiles in self.grouped("company_id").items():
            profiles.flush_recordset()
            self._refresh_figures(company, profiles.partner_id.ids)
            profiles._mirror_to_core(company)

    @api.model
    def _on_policy_changed(self, companies, field_names):
        """React to changed parameters of companies: refresh what depends on them."""
        for root in companies.filtered(lambda company: not company.parent_id):
            if {"credit_default_policy", "credit_default_limit"} & field_names:
                root._sync_core_default_limit()
            self.sudo()._refresh_figures(root)  # a set-wise statement on all profiles

    # === ACTIONS === #

    def action_refresh(self):
        """Bring the figures of these profiles up to date."""
        for company, profiles in self.grouped("company_id").items():
            # figures are no user's data; the profiles could be read
            self.sudo()._refresh_figures(company, profiles.partner_id.ids)

    def action_put_on_hold(self):
        self._check_may_set_policy()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put Customer on Hold"),
            "res_model": "credit.profile",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref("credit_collections.credit_profile_view_form_hold").id,
                    "form",
                )
            ],
            "res_id": self.id,
            "target": "new",
            "context": {"default_credit_status": "orders"},
        }

    def action_set_on_hold(self):
        """Hold every new order of these customers."""
        for profile in self:
            if not profile.status_reason_id:
                raise UserError(self.env._("Choose the reason for the hold first."))
        self.write({"credit_status": "orders"})

    def action_lift_hold(self):
        """Let new orders of these customers pass again, and look at those held."""
        self.write(
            {
                "credit_status": "none",
                "status_reason_id": False,
                "status_review_date": False,
            }
        )
        self.hold_ids.filtered(lambda hold: hold.state == "held").action_evaluate()

    def action_open_partner(self):
        self.ensure_one()
        return self.partner_id._get_records_action()

    def action_open_holds(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_hold_action"
        )
        return {
            **action,
            "domain": [("profile_id", "=", self.id)],
            "context": {"search_default_held": 1},
        }
