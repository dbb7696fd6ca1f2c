from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, formatLang

from ...engine.limit import limits


class CreditProfile(models.Model):
    """Membership in a credit group, and in words where the limit comes from."""

    _inherit = "credit.profile"

    group_share = fields.Float(
        "Share of Group Limit",
        compute="_compute_group_share",
        help="Exposure of the member as a share of what the group may owe.",
    )
    group_available = fields.Monetary(
        related="group_id.available_credit",
        string="Left to the Group",
        currency_field="group_currency_id",
    )
    group_currency_id = fields.Many2one(
        related="group_id.currency_id", string="Currency of the Group", tracking=False
    )
    limit_origin = fields.Char(
        "Where It Comes From",
        compute="_compute_limit_origin",
        compute_sudo=True,
        help="What the limit that counts today is made of.",
    )

    # === COMPUTE === #

    @api.depends("exposure", "group_id.effective_limit", "group_id.currency_id")
    def _compute_group_share(self):
        for company, profiles in self.grouped("company_id").items():
            pot = company._credit_pot() if company else None
            for profile in profiles:
                limit = profile.group_id.effective_limit
                worth = pot and pot.worth(profile.group_id.currency_id.id)
                profile.group_share = (
                    profile.exposure / float(worth) / limit if limit and worth else 0.0
                )

    @api.depends("effective_limit", "is_limited", "group_id", "limit_policy")
    @api.depends_context("lang")
    def _compute_limit_origin(self):
        for company, profiles in self.grouped("company_id").items():
            saved = profiles._origin
            found = saved._find_limits(company) if saved else {}
            for profile in profiles:
                limit = found.get(profile.partner_id.id)
                profile.limit_origin = limit and profile._explain_limit(limit)

    def _find_limits(self, company):
        """Return ``{partner_id: engine.limits.Limit}`` of today."""
        self._flush_exposure_fields()
        pot = company._credit_pot()
        scope = company._credit_scope(company.id)
        standings = self._read_standing(company, self.partner_id.ids, False, pot)
        return {
            partner_id: limits.find_limit(
                standing.policy,
                float(standing.own_limit or 0.0),
                scope.default_policy,
                scope.default_limit,
                self._get_terms(standing),
            )
            for partner_id, standing in standings.items()
        }

    def _explain_limit(self, limit):
        """Say in one line where a limit comes from."""

        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        if limit.amount is limits.UNLIMITED:
            parts = [self._explain_unlimited(limit)]
        else:
            parts = [self._explain_base(limit, money)]
        if limit.collateral:
            parts.append(self.env._("+ %s collateral", money(limit.collateral)))
        if limit.is_capped:
            parts.append(
                self.env._(
                    "but the group %(group)s may owe %(limit)s",
                    group=self.group_id.name,
                    limit=money(limit.amount),
                )
            )
        return " ".join(parts)

    def _explain_unlimited(self, limit):
        if limit.source == limits.OWN and self.group_id:
            return self.env._("Unlimited, also beyond the limit of the group")
        if limit.source == limits.OWN:
            return self.env._("Unlimited for this customer")
        return self.env._("Unlimited by default of the company")

    def _explain_base(self, limit, money):
        amount = money(limit.base)
        if limit.source == limits.TEMPORARY:
            if not self.temporary_until:  # until the next refresh
                return self.env._("Temporary limit of %s", amount)
            return self.env._(
                "Temporary limit of %(amount)s until %(date)s",
                amount=amount,
                date=format_date(self.env, self.temporary_until),
            )
        if limit.source == limits.GROUP:
            return self.env._(
                "Limit of the group %(group)s: %(amount)s",
                group=self.group_id.name,
                amount=amount,
            )
        if limit.source == limits.COMPANY:
            return self.env._("Default of the company: %s", amount)
        return self.env._("Own limit of %s", amount)

    # === CONSTRAINTS === #

    @api.constrains("group_id", "partner_id", "company_id")
    def _check_group(self):
        for profile in self.filtered("group_id"):
            tree = profile.company_id.sudo()  # the company is known by its partner
            branches = tree.browse(tree._credit_branch_ids(tree.id))
            if profile.partner_id in branches.partner_id:
                raise ValidationError(
                    self.env._(
                        "%s is the company itself. It can't share a limit with its "
                        "own customers.",
                        profile.partner_id.name,
                    )
                )
            profile._check_one_group()

    def _check_one_group(self):
        # one for all companies, also those that the user may not open
        others_sudo = self.sudo().with_context(active_test=False)
        other = others_sudo.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("group_id", "not in", [False, self.group_id.id]),
            ],
            limit=1,
        )
        if other:
            raise ValidationError(
                self.env._(
                    "%(customer)s is a member of the group %(group)s in the company "
                    "%(company)s already. A customer shares the limit of one group "
                    "only.",
                    customer=self.partner_id.name,
                    group=other.group_id.name,
                    company=other.company_id.name,
                )
            )

    # === JOINING AND LEAVING === #

    def _check_may_write(self, vals):
        super()._check_may_write(vals)
        if vals.get("group_id"):
            self._check_may_join(self.env["credit.group"].browse(vals["group_id"]))

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

    def _on_joined(self, groups):
        """Take over the expiry of the group, and count these among its members.

        :param groups: those that were joined or left
        """
        # both follow from the membership, and figures count all members
        for group, members in self.sudo().grouped("group_id").items():
            if group.expiry_date:
                members.limit_expiry_date = group.expiry_date
        groups.sudo()._refresh_figures()

    def _check_may_join(self, group):
        """Refuse to take members away from another group in passing."""
        if not group.active:
            raise UserError(
                self.env._("The group %s is archived; nobody can join it.", group.name)
            )
        for profile in self:
            if profile.group_id and profile.group_id != group:
                raise UserError(
                    self.env._(
                        "%(customer)s is a member of the group %(group)s. Take it out "
                        "there before it joins %(other)s.",
                        customer=profile.partner_id.name,
                        group=profile.group_id.name,
                        other=group.name,
                    )
                )

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        """The group of the customers becomes that of the one that stays, unless that is
        in one already."""
        super()._merge_into(kept)
        group = self.group_id[:1]
        self.group_id = False
        if group and not kept.group_id:
            kept.group_id = group
