from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import access


class CreditProfile(models.Model):
    """Membership in a credit group."""

    _inherit = "credit.profile"

    group_id = fields.Many2one(
        "credit.group",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Customers that share one limit.",
        policy=True,
    )
    group_share = fields.Float(
        "Share of Group Limit",
        compute="_compute_group_share",
        help="Exposure of the member as a share of what the group may owe.",
        groups=access.OFFICE,
    )
    group_available = fields.Monetary(
        related="group_id.available_credit",
        string="Left to the Group",
        currency_field="group_currency_id",
    )
    group_currency_id = fields.Many2one(
        related="group_id.currency_id", string="Currency of the Group", tracking=False
    )
    decision_count = fields.Integer(
        compute="_compute_decision_count",
        compute_sudo=True,
        help="Number of decisions on orders of this customer. Each one is counted, so "
        "that no two of them take the same credit.",
        groups=access.OFFICE,
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

    def _compute_decision_count(self):
        counts = self.env["credit.decision.count"]._of("profile_id", self)
        for profile in self:
            profile.decision_count = counts.get(profile._origin, 0)

    # === CONSTRAINTS === #

    @api.constrains("group_id", "partner_id", "company_id")
    def _check_group(self):
        for profile in self.filtered("group_id"):
            tree_sudo = profile.company_id.sudo()  # the company is known by its partner
            branches = tree_sudo.browse(tree_sudo._credit_branch_ids(tree_sudo.id))
            if profile.partner_id in branches.partner_id:
                raise ValidationError(
                    self.env._(
                        "%s is the company itself. It can't share a limit with its "
                        "own customers.",
                        profile.partner_id.name,
                    )
                )
        self.filtered("group_id")._check_one_group()

    def _check_one_group(self):
        # one for all companies, also those that the user may not open
        members_sudo = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [("partner_id", "in", self.partner_id.ids), ("group_id", "!=", False)]
            )
        )
        groups = members_sudo.grouped("partner_id")
        for profile in self:
            others = groups.get(profile.partner_id, self).filtered(
                lambda one, profile=profile: one.group_id != profile.group_id
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(customer)s is a member of the group %(group)s in the "
                        "company %(company)s already. A customer shares the limit of "
                        "one group only.",
                        customer=profile.partner_id.name,
                        group=others[0].group_id.name,
                        company=others[0].company_id.name,
                    )
                )

    # === JOINING AND LEAVING === #

    def _check_may_write(self, vals):
        super()._check_may_write(vals)
        if "group_id" not in vals:
            return
        # what is looked at below, noted and checked by core, at once
        self.fetch({"company_id", "partner_id", *self._track_get_fields()})
        if vals["group_id"]:
            self._check_may_join(self.env["credit.group"].browse(vals["group_id"]))

    def _on_written(self, names, before):
        super()._on_written(names, before)
        if "group_id" in names:
            # who is about to take credit alone does not see that it is shared now
            self.env["credit.decision.count"]._count("profile_id", self)

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
