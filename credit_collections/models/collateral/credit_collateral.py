from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.access import MANAGER, require

#: A change of one of these changes the limit of the customer.
LIMIT_FIELDS = {
    "active",
    "amount",
    "currency_id",
    "date_from",
    "date_to",
    "limit_share",
    "profile_id",
    "validated_date",
}

#: Type of the activity of who is to validate.
VALIDATE_ACTIVITY = "credit_collections.mail_activity_collateral_validate"

#: What nobody but a credit manager changes once collateral counts.
AGREED_FIELDS = {
    "active",
    "amount",
    "coverage_type",
    "currency_id",
    "date_from",
    "date_to",
    "guarantor_id",
    "limit_share",
    "policy_number",
    "profile_id",
    "type_id",
}

#: What the buttons write.
VALIDATION_FIELDS = {"validated_date", "validated_by_id", "state"}


class CreditCollateral(models.Model):
    """What secures the debts of a customer: insurance, guarantee, deposit and so on.

    Proposed by credit controllers; counts once a credit manager validated it.
    """

    _name = "credit.collateral"
    _description = "Collateral"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.feature.mixin"]
    _order = "date_to desc, id desc"
    _rec_names_search = ["policy_number", "profile_id.partner_id", "guarantor_id"]
    _check_company_auto = True

    profile_id = fields.Many2one(
        "credit.profile",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",  # limits were based on it: it stays on record
        tracking=True,
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", string="Company of the Customer"
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    type_id = fields.Many2one(
        "credit.collateral.type", required=True, ondelete="restrict", tracking=True
    )
    kind = fields.Selection(related="type_id.kind", store=True)
    guarantor_id = fields.Many2one(
        "res.partner",
        "Insurer or Guarantor",
        ondelete="restrict",
        tracking=True,
        help="Who pays when the customer does not.",
    )
    policy_number = fields.Char("Policy or Document Number", tracking=True, copy=False)
    coverage_type = fields.Selection(
        [
            ("named", "Named buyer"),
            ("discretionary", "Discretionary limit"),
            ("turnover", "Whole turnover"),
            ("transaction", "Single transaction"),
            ("top_up", "Top-up cover"),
        ],
        tracking=True,
        help="What credit insurance covers.",
    )
    date_from = fields.Date(
        "In Force From",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        tracking=True,
    )
    date_to = fields.Date(
        "In Force Until", tracking=True, help="Last day. Empty: no end."
    )
    amount = fields.Monetary(required=True, tracking=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    limit_share = fields.Float(
        "Raises the Limit By",
        compute="_compute_limit_share",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Share of the amount that is added to the customer's limit, 0 to 100 %.",
    )
    limit_amount = fields.Monetary(
        "Added to the Limit",
        compute="_compute_limit_amount",
        currency_field="company_currency_id",
        help="In company currency at today's rate.",
    )
    validated_date = fields.Date("Validated On", readonly=True, copy=False)
    validated_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Proposed"),
            ("upcoming", "Not in Force Yet"),
            ("active", "In Force"),
            ("expired", "Expired"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    note = fields.Html("Internal Notes")

    _check_amount = models.Constraint(
        "CHECK (amount > 0)", "The amount of collateral has to be more than zero."
    )
    _check_limit_share = models.Constraint(
        "CHECK (limit_share >= 0 AND limit_share <= 1)",
        "Collateral raises the limit by 0 to 100 % of its amount.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "Collateral can't end before it begins. Check both dates.",
    )
    # what is in force for a customer on a day, read with every decision
    _in_force_idx = models.Index(
        "(profile_id) WHERE active AND validated_date IS NOT NULL"
    )

    # === COMPUTE === #

    @api.depends("type_id", "policy_number", "profile_id")
    def _compute_display_name(self):
        for collateral in self:
            parts = [
                collateral.type_id.name,
                collateral.policy_number,
                collateral.partner_id.name,
            ]
            collateral.display_name = ", ".join(filter(None, parts))

    @api.depends("type_id")
    def _compute_limit_share(self):
        for collateral in self:
            collateral.limit_share = collateral.type_id.limit_share

    @api.depends("amount", "currency_id", "limit_share", "company_id")
    def _compute_limit_amount(self):
        for company, collaterals in self.grouped("company_id").items():
            pot = company._credit_pot() if company else None
            for collateral in collaterals:
                worth = float(pot.worth(collateral.currency_id.id)) if pot else 0.0
                collateral.limit_amount = (
                    collateral.amount * collateral.limit_share * worth
                )

    @api.depends("validated_date", "date_from", "date_to")
    def _compute_state(self):
        for collateral in self:
            today = collateral.company_id._credit_today()
            if not collateral.validated_date:
                collateral.state = "draft"
            elif collateral.date_to and collateral.date_to < today:
                collateral.state = "expired"
            elif collateral.date_from and collateral.date_from > today:
                collateral.state = "upcoming"
            else:
                collateral.state = "active"

    # === CONSTRAINTS === #

    @api.constrains("coverage_type", "type_id")
    def _check_coverage_type(self):
        for collateral in self.filtered("coverage_type"):
            if collateral.kind != "insurance":
                raise ValidationError(
                    self.env._(
                        "%s is no insurance, so it has no coverage type.",
                        collateral.type_id.name,
                    )
                )

    @api.constrains("guarantor_id", "profile_id")
    def _check_guarantor(self):
        for collateral in self.filtered("guarantor_id"):
            guarantor = collateral.guarantor_id.commercial_partner_id
            if guarantor == collateral.partner_id and collateral.kind in (
                "insurance",
                "guarantee",
            ):
                raise ValidationError(
                    self.env._("%s can't guarantee for its own debts.", guarantor.name)
                )

    @api.constrains("currency_id", "profile_id")
    def _check_currency(self):
        for collateral in self:
            currency, company = collateral.currency_id, collateral.company_id
            if currency == company.currency_id or self._has_rate(currency, company):
                continue
            raise ValidationError(
                self.env._(
                    "There is no exchange rate of %(currency)s in %(company)s, so "
                    "nobody knows what this is worth. Enter a rate first.",
                    currency=currency.name,
                    company=company.name,
                )
            )

    def _has_rate(self, currency, company):
        # whoever enters collateral need not be able to read rates of all companies
        rates_sudo = self.env["res.currency.rate"].sudo()
        return bool(
            rates_sudo.search_count(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", [False, company.id]),
                ],
                limit=1,
            )
        )

    # === ONCHANGE === #

    @api.onchange("profile_id")
    def _onchange_profile_id(self):
        if self.profile_id:
            self.currency_id = self.profile_id.currency_id

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_is_not_validation(vals)
        collaterals = super().create(vals_list)
        collaterals._refresh_limits()
        collaterals._ask_to_validate()
        return collaterals

    def write(self, vals):
        self._check_is_not_validation(vals)
        if AGREED_FIELDS.intersection(vals):
            self._check_may_change()
        profiles = self.filtered("validated_date").profile_id
        res = super().write(vals)
        if LIMIT_FIELDS.intersection(vals):
            self._refresh_limits(profiles)
        return res

    def unlink(self):
        profiles = self.filtered("validated_date").profile_id
        res = super().unlink()
        profiles.sudo()._on_limits_changed()  # figures follow, whoever writes
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_validated(self):
        if self.filtered("validated_date"):
            raise UserError(
                self.env._(
                    "Limits were based on this collateral, so it stays on record. Let "
                    "it end or archive it instead."
                )
            )

    def _check_is_not_validation(self, vals):
        if not self.env.su and VALIDATION_FIELDS.intersection(vals):
            raise AccessError(self._get_protected_refusal(vals))

    def _get_protected_refusal(self, names):
        if VALIDATION_FIELDS.isdisjoint(names):
            return super()._get_protected_refusal(names)
        return self.env._("Collateral is validated with the button, not by hand.")

    def _check_may_change(self):
        if self.filtered("validated_date"):
            require(
                self.env,
                self.env._(
                    "This collateral was validated and counts. Only credit managers "
                    "may change it."
                ),
                MANAGER,
            )

    # === ACTIONS === #

    def action_validate(self):
        """Let proposed collateral count."""
        self._check_may_validate()
        proposed = self.filtered(lambda one: not one.validated_date)
        if not proposed:
            raise UserError(self.env._("All of this was validated already."))
        today = {one: one.company_id._credit_today() for one in proposed}
        if any(one.date_to and one.date_to < today[one] for one in proposed):
            raise UserError(
                self.env._("Collateral that is over already would count for nothing.")
            )
        # checked above; the fields are for this button alone
        for day, of_day in proposed.sudo().grouped(today.get).items():
            of_day.write({"validated_date": day, "validated_by_id": self.env.uid})
        proposed.activity_feedback([VALIDATE_ACTIVITY])
        return True

    def action_reset(self):
        """Take the validation back: it counts no longer."""
        self._check_may_validate()
        # checked above; the fields are for this button alone
        self.sudo().write({"validated_date": False, "validated_by_id": False})
        return True

    def _check_may_validate(self):
        self.check_access("write")
        require(
            self.env,
            self.env._(
                "Only credit managers may validate collateral. It was proposed."
            ),
            MANAGER,
        )

    # === WHO IS TOLD === #

    def _ask_to_validate(self):
        """Put proposals on the list of the one who decides, other people's that is."""
        if self.env.context.get("mail_activity_automation_skip"):
            return
        for company, proposed in self.grouped("company_id").items():
            # who decides on credit there is no data of who proposes
            approver_sudo = company.sudo()._credit_approver()
            if approver_sudo and approver_sudo != self.env.user:
                env = self.with_context(lang=approver_sudo.lang or self.env.lang).env
                for one in proposed:
                    one.activity_schedule(
                        VALIDATE_ACTIVITY,
                        date_deadline=company._credit_today(),
                        summary=env._(
                            "Validate %(type)s of %(customer)s",
                            type=one.with_env(env).type_id.name,
                            customer=one.partner_id.name,
                        ),
                        user_id=approver_sudo.id,
                    )

    # === WHAT FOLLOWS === #

    def _refresh_limits(self, profiles=None):
        """Bring the limits of the customers up to date that these count for."""
        profiles = self.filtered("validated_date").profile_id | (
            profiles or self.env["credit.profile"]
        )
        if profiles:
            # figures follow from the record; who may write it need not set limits
            profiles.sudo()._on_limits_changed()

    @api.model
    def _refresh_states(self):
        """Let these begin and end by themselves; return what changed."""
        by_day = self.env["res.company"]._credit_day_domain
        validated = Domain("validated_date", "!=", False)
        begun = Domain("state", "=", "upcoming") & by_day("date_from", "<=")
        over = Domain("state", "!=", "expired") & by_day("date_to", "<")
        changed = self.filtered_domain(validated & (begun | over))
        self.env.add_to_compute(self._fields["state"], changed)
        changed.flush_recordset(["state"])
        return changed
