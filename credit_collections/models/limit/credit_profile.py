from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.limit.limits import NO_TERMS, effective_limit
from ...sql.limit import limit_figures
from ...sql.limit.core_limit import SMALLEST_LIMIT, mirror_limits
from ...tools import access
from ...tools.access import MANAGER

#: A change of one of these changes the effective limit.
LIMIT_FIELDS = {"limit_policy", "credit_limit", "group_id"}


#: What limit changes write to customers.
LIMITS = {"limit_policy", "credit_limit", "limit_expiry_date"}


class CreditProfile(models.Model):
    """How much credit the customer has, and what follows when that changes."""

    _inherit = "credit.profile"

    limit_policy = fields.Selection(
        [
            ("default", "Group or company default"),
            ("limited", "Limited"),
            ("unlimited", "Unlimited"),
            ("none", "No credit"),
        ],
        required=True,
        default="default",
        tracking=True,
        help="- Group or company default: the limit that the customer's credit group "
        "shares, or as the company's settings say\n"
        "- Limited: up to the customer's own limit\n"
        "- Unlimited: the limit is never a reason to hold an order\n"
        "- No credit: everything has to be paid in advance",
        policy=True,
    )
    credit_limit = fields.Monetary(
        "Own Limit",
        tracking=True,
        help="Counts while the policy is “Limited”.",
        policy=True,
    )
    effective_limit = fields.Monetary(
        readonly=True,
        help="The limit that counts today: a temporary one or the customer's own, with "
        "what collateral adds to it, within the limit of the credit group.",
        figure=True,
    )
    is_limited = fields.Boolean("Has a Limit", readonly=True, figure=True)
    temporary_until = fields.Date(
        "Temporary Limit Until",
        readonly=True,
        help="Last day of the temporary limit in force.",
        figure=True,
    )
    _credit_by_hand = {
        "limit_expiry_date": "credit managers, where limits are edited by hand"
    }
    _credit_own_default = frozenset({"limit_policy", "credit_limit"})

    limit_expiry_date = fields.Date(
        index="btree_not_null",
        readonly=True,
        tracking=True,
        help="Last day of the limit. Empty: no end.",
    )
    limit_date = fields.Date(
        "Limit Changed On",
        readonly=True,
        help="When the limit was last changed.",
        groups=access.OFFICE,
    )
    is_limit_editable = fields.Boolean(compute="_compute_is_limit_editable")

    _check_credit_limit = models.Constraint(
        "CHECK (credit_limit >= 0)",
        "A credit limit can't be negative. Choose the policy “No credit” to give none.",
    )

    # === COMPUTE === #

    @api.depends("company_id.credit_limit_manual_edit")
    @api.depends_context("uid")
    def _compute_is_limit_editable(self):
        is_manager = self.env.user.has_group(MANAGER)
        for profile in self:
            # a parameter of the policy, which every credit manager follows
            company_sudo = profile.company_id.sudo()
            profile.is_limit_editable = (
                is_manager and company_sudo.credit_limit_manual_edit
            )

    # === BY HAND === #

    def _check_may_write(self, vals):
        super()._check_may_write(vals)
        if self.env.su:
            return
        if LIMITS.intersection(vals):
            self._check_limit_by_hand()
        if "limit_expiry_date" in vals:
            self._check_may_set_policy()

    def _check_limit_by_hand(self):
        """Refuse limits without a limit change, unless the company allows them."""
        if self.env.su:
            return
        self._check_may_set_policy()
        # a parameter of the policy, which every credit manager follows
        for company in self.company_id.sudo():
            if not company.credit_limit_manual_edit:
                raise UserError(
                    self.env._(
                        "Limits of %s only change with limit changes that are posted: "
                        "press “Change Limit” on the page of the customer. The credit "
                        "policy says whether limits are edited by hand.",
                        company.name,
                    )
                )

    def _prepare_written_vals(self, vals):
        """Nobody writes by hand on which day the limit changed."""
        more = super()._prepare_written_vals(vals)
        has_limit = LIMITS & set(vals) if self else self._is_limit(vals)
        if has_limit:
            company = self.company_id[:1] or self.company_id.browse(
                vals.get("company_id")
            )
            more["limit_date"] = company._credit_today()
        return more

    @api.model
    def _is_limit(self, vals):
        """Tell whether a new profile has a limit of its own."""
        return vals.get("credit_limit") or vals.get("limit_policy") not in (
            None,
            "default",
        )

    @api.model
    def _get_stored_figures(self):
        return (*super()._get_stored_figures(), *limit_figures.FIGURES)

    # === WHAT FOLLOWS === #

    def _get_before_written(self, vals):
        before = super()._get_before_written(vals)
        if "group_id" in vals:
            before["groups"] = self.group_id
        return before

    def _on_written(self, names, before):
        super()._on_written(names, before)
        groups = self.group_id | (before or {}).get("groups", self.group_id)
        if "group_id" in names and groups:
            self._on_joined(groups)
        if before is None or LIMIT_FIELDS & names:
            self._on_limits_changed()
        if before is None:  # the company of new profiles is known by now
            limited = self.filtered(
                lambda one: one.credit_limit or one.limit_policy != "default"
            )
            limited._check_limit_by_hand()

    def _on_limits_changed(self):
        """Bring the figures that depend on the limit up to date, here and in core."""
        for company, profiles in self.grouped("company_id").items():
            profiles.flush_recordset()
            profiles._follow_limits(company, profiles.partner_id.ids)

    def _on_limits_posted(self, company, partner_ids):
        """Bring everything up to date that depends on limits, for many of a company at
        once.

        :param partner_ids: whose profiles these are
        """
        names = ["limit_policy", "credit_limit", "limit_expiry_date", "limit_date"]
        self.invalidate_recordset(names, flush=False)
        self.modified(["limit_policy", "credit_limit"])
        self.flush_model()
        self._follow_limits(company, partner_ids)

    def _follow_limits(self, company, partner_ids):
        self._refresh_figures(company, partner_ids)
        self._mirror_to_core(company)

    def _on_joined(self, groups):
        """Take over the expiry of the group, and count these among its members.

        :param groups: those that were joined or left
        """
        # both follow from the membership, and figures count all members
        for group, members in self.sudo().grouped("group_id").items():
            if group.expiry_date:
                members.limit_expiry_date = group.expiry_date
        # as above
        groups.sudo()._refresh_figures()

    def _on_figures_written(self, rows):
        """Let core know of new limits, and bring the groups of these up to date."""
        super()._on_figures_written(rows)
        for root, found in rows.items():
            limited = self.browse(row[0] for row in found if row[2])
            if limited:
                limited._mirror_to_core(root)
        group_ids = {row[1] for found in rows.values() for row in found if row[1]}
        if group_ids:
            self.env["credit.group"].browse(group_ids)._refresh_figures()

    def _shows_core_limit(self, limit):
        """Tell whether core shows an amount because it is the limit here already."""
        self.ensure_one()
        shown = max(self.effective_limit, SMALLEST_LIMIT)
        return self.is_limited and not self.currency_id.compare_amounts(limit, shown)

    def _mirror_to_core(self, root, everybody=False):
        """Let core's credit limit of partners agree with the effective one.

        :param everybody: all profiles of the company instead of these
        """
        statement = mirror_limits(
            self.env["res.company"]._credit_branch_ids(root.id),
            None if everybody else self.ids,
        )
        self.env["res.partner"].flush_model(["credit_limit"])
        rows = self.env.execute_query(statement)
        partners = self.env["res.partner"].browse(row[0] for row in rows)
        partners.invalidate_recordset(["credit_limit", "use_partner_credit_limit"])

    # === WHAT COUNTS === #

    @api.model
    def _get_effective_limit(self, policy, own_limit, company, terms=NO_TERMS):
        """Return the limit that counts, ``None`` when unlimited.

        :param terms: :class:`~..engine.limits.Terms`, what counts beyond the policy
        """
        scope = company._credit_scope(company.id)
        return effective_limit(
            policy, own_limit or 0.0, scope.default_policy, scope.default_limit, terms
        )

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        super()._merge_into(kept)
        limited = self.filtered(lambda one: one.limit_policy != "default")
        if kept.limit_policy == "default" and limited:
            kept.write(
                {
                    "limit_policy": limited[0].limit_policy,
                    "credit_limit": limited[0].credit_limit,
                }
            )
