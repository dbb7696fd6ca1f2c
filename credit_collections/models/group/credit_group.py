from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ...engine.exposure.aging import BOUNDS, bucket_names
from ...sql.exposure.aging import READS, aging
from ...tools import access
from ...tools.statements import flush

#: What everybody writes who may write groups: members, whose profiles are their own
#: door, and the chatter.
OF_EVERYBODY = ("profile_ids", "message_", "activity_", "website_", "rating_")


class CreditGroup(models.Model):
    """Customers that share one limit, maybe in several companies: who they are, who
    could join, how old their debts are."""

    _name = "credit.group"
    _description = "Credit Group"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "credit.feature.mixin",
        "credit.record.mixin",
    ]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    credit_limit = fields.Monetary(
        "Shared Limit",
        tracking=True,
        help="What all members may owe together. It is checked before a member's own "
        "limit. Zero allows nothing.",
        groups=access.OFFICE,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    expiry_date = fields.Date(
        "Limit Expires On",
        tracking=True,
        help="Last day of the shared limit. Members take it over.",
        groups=access.OFFICE,
    )
    profile_ids = fields.One2many(
        "credit.profile",
        "group_id",
        string="Members",
        groups=access.OFFICE,
    )
    note = fields.Html(
        "Internal Notes",
        groups=access.OFFICE,
    )

    # === FIGURES: written by the refresh alone === #

    effective_limit = fields.Monetary(
        "Limit Today",
        readonly=True,
        help="The temporary limit of the group while one is in force, else its limit.",
        figure=True,
        groups=access.OFFICE,
    )
    temporary_until = fields.Date(
        "Temporary Limit Until",
        readonly=True,
        figure=True,
        groups=access.OFFICE,
    )
    exposure = fields.Monetary(
        readonly=True,
        help="What all members owe together, in all companies.",
        figure=True,
        groups=access.OFFICE,
    )
    overdue_amount = fields.Monetary(
        "Overdue",
        readonly=True,
        figure=True,
        groups=access.OFFICE,
    )
    available_credit = fields.Monetary(
        "Available",
        readonly=True,
        help="Limit less exposure; negative when over.",
        figure=True,
    )
    limit_used = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Exposure as a share of the limit.",
        figure=True,
        groups=access.OFFICE,
    )
    decision_count = fields.Integer(
        compute="_compute_decision_count",
        compute_sudo=True,
        help="Number of decisions on orders of members. Each one is counted, so that "
        "no two members take the same credit.",
        groups=access.OFFICE,
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        compute="_compute_company_ids",
        compute_sudo=True,
        store=True,
        help="The companies of the members.",
        groups=access.OFFICE,
    )
    member_count = fields.Integer(
        compute="_compute_member_count",
        compute_sudo=True,
        groups=access.OFFICE,
    )
    unseen_count = fields.Integer(
        "Members in Other Companies",
        compute="_compute_unseen_count",
        help="Members in companies that you do not work in. The figures of the group "
        "count them.",
        groups=access.OFFICE,
    )
    candidate_ids = fields.Many2many(
        "credit.profile",
        compute="_compute_candidate_ids",
        string="Same Customers Elsewhere",
        help="Profiles of the members in other companies, in no group yet.",
        groups=access.OFFICE,
    )
    aging_picture = fields.Json(
        compute="_compute_aging_picture",
        compute_sudo=True,
        help="Open receivables of all members by age, in the currency of the group.",
        groups=access.OFFICE,
    )

    _check_credit_limit = models.Constraint(
        "CHECK (credit_limit >= 0)",
        "The shared limit of a credit group can't be negative.",
    )

    # === COMPUTE === #

    def _compute_decision_count(self):
        counts = self.env["credit.decision.count"]._of("group_id", self)
        for group in self:
            group.decision_count = counts.get(group._origin, 0)

    @api.depends("profile_ids.company_id")
    def _compute_company_ids(self):
        companies = self._aggregate_members("company_id:recordset")
        for group in self:
            group.company_ids = companies.get(group._origin)

    @api.depends("profile_ids")
    def _compute_member_count(self):
        counts = self._aggregate_members("__count")
        for group in self:
            group.member_count = counts.get(group._origin, 0)

    @api.depends("profile_ids")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_unseen_count(self):
        counts = self._aggregate_members("__count")
        for group in self:
            seen = counts.get(group._origin, 0)
            group.unseen_count = max(group._origin.member_count - seen, 0)

    @api.depends("profile_ids")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_candidate_ids(self):
        profiles = self.env["credit.profile"]
        members_sudo = self._origin._members_of_all_sudo()
        domain = [("group_id", "in", self._origin.ids)]
        elsewhere = profiles.search(
            [
                (
                    "partner_id",
                    "in",
                    members_sudo._search(domain).subselect("partner_id"),
                ),
                ("group_id", "=", False),
            ]
        )
        if len(self) == 1:
            self.candidate_ids = elsewhere
            return
        domain.append(("partner_id", "in", elsewhere.partner_id.ids))
        groups = {
            member.partner_id: member.group_id for member in members_sudo.search(domain)
        }
        candidates = elsewhere.grouped(lambda profile: groups[profile.partner_id])
        for group in self:
            group.candidate_ids = candidates.get(group._origin, profiles)

    @api.depends("exposure", "overdue_amount", "currency_id", "profile_ids")
    @api.depends_context("lang")
    def _compute_aging_picture(self):
        labels = self.env["credit.profile"]._bucket_labels()
        found = self._origin._aging_amounts()
        nothing = [0.0] * (len(BOUNDS) + 2)
        for group in self:
            *amounts, unapplied = found.get(group._origin, nothing)
            group.aging_picture = {
                "buckets": [
                    {"label": label, "amount": amount, "first": first, "last": last}
                    for label, amount, (first, last) in zip(
                        labels, amounts, bucket_names(), strict=True
                    )
                ],
                "unapplied": unapplied,
                "currency_id": group.currency_id.id,
            }

    def _aging_amounts(self):
        """Return the sum per bucket and what is unapplied: ``{group: amounts}``, in the
        currency of each. One statement for each company that has members."""
        totals = {group: [0.0] * (len(BOUNDS) + 2) for group in self}
        flush(self.env, READS)
        for company, groups in self._customers_of_all().items():
            pot = company._credit_pot()
            statement = aging(pot, BOUNDS, list(groups))
            for partner_id, *amounts in self.env.execute_query(statement):
                group = groups[partner_id]
                worth = float(pot.worth(group.currency_id.id))
                for place, amount in enumerate(amounts):
                    totals[group][place] += amount / worth
        return {
            group: list(map(group.currency_id.round, amounts))
            for group, amounts in totals.items()
        }

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_may_write(vals)
        groups = super().create(vals_list)
        groups._on_created()
        return groups

    def write(self, vals):
        self._check_may_write(vals)
        res = super().write(self._take_out(vals))
        self._on_written(set(vals))
        return res

    def _take_out(self, vals):
        """Take out all members that leave by ``vals`` at once, core would do it one by
        one; return what is left to write."""
        commands = vals.get("profile_ids") or ()
        # core takes ids and records as well: all members that stay
        if not all(isinstance(command, (list, tuple)) for command in commands):
            return vals
        leaving = {command[1] for command in commands if command[0] == Command.UNLINK}
        if not leaving:
            return vals
        self.env["credit.profile"].browse(leaving).group_id = False
        staying = [command for command in commands if command[0] != Command.UNLINK]
        return {**vals, "profile_ids": staying}

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for group, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", group.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_members(self):
        busy = self.filtered("member_count")
        if busy:
            raise UserError(
                self.env._(
                    "%(groups)s has members. Take them out before you delete the "
                    "group.",
                    groups=", ".join(busy.mapped("name")),
                )
            )

    def _check_may_write(self, vals):
        """Refuse to change what other companies' customers share, and to archive a
        group that has members.

        Override to refuse more. New groups are asked with an empty recordset.
        """
        shared = any(not name.startswith(OF_EVERYBODY) for name in vals)
        if shared and not self.env.su:
            self._check_acts_for_all()
        if vals.get("active", True):
            return
        busy = self.filtered("member_count")
        if busy:
            raise UserError(
                self.env._(
                    "%(groups)s has members whose limit it is. Take them out before "
                    "you archive the group.",
                    groups=", ".join(busy.mapped("name")),
                )
            )

    def _check_acts_for_all(self):
        """Refuse who acts for some of the companies alone whose customers are members.

        Asked of a person also where the decision goes on as superuser.

        :raise AccessError: it takes a member of each, or of a branch of it
        """
        if self.env.user._is_superuser():
            return
        # which companies there are is no data of the user
        mine_sudo = self.env.user.sudo().company_ids.root_id
        for group, companies in self._companies_of_all().items():
            if others := companies - mine_sudo:
                raise AccessError(
                    self.env._(
                        "%(group)s is shared with customers of %(companies)s. Its "
                        "limit is decided by who works in all companies of its "
                        "members.",
                        group=group.sudo().name,  # just what it is called
                        companies=", ".join(others.mapped("name")),
                    )
                )

    def _get_figures_refusal(self):
        return self.env._("The figures of a group come from its members, not by hand.")

    def _on_created(self):
        """React to new groups; override after ``super()``."""

    def _on_written(self, names):
        """React to what was written; override after ``super()``.

        :param set names: fields that were written
        """

    # === ACTIONS === #

    def action_add_candidates(self):
        """Let the same customers join that other companies sell to."""
        self.check_access("write")
        for group in self:
            group.candidate_ids.group_id = group
        return True

    def action_open_members(self):
        """Open the members that the user may see."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_profile_action"
        )
        name = self.env._("Members of %s", self.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("group_id", "=", self.id)],
            "context": {},
        }

    def action_open_bucket(self, first, last):
        """Open the items of the members that are so many days past due, of those
        members that the user may see."""
        self.ensure_one()
        actions = [
            profile.action_open_bucket(first, last) for profile in self.profile_ids
        ]
        name = self.env._("Open Items of %s", self.name)
        return {
            **actions[0],
            "name": name,
            "display_name": name,
            "domain": list(Domain.OR(action["domain"] for action in actions)),
        }

    # === MEMBERS === #

    def _members_of_all(self):
        """Return all members, as superuser and archived ones too."""
        return self._members_of_all_sudo().search_fetch(
            [("group_id", "in", self.ids)], ["company_id", "group_id", "partner_id"]
        )

    def _customers_of_all(self):
        """Return ``{company: {id of a customer: group}}`` of all members."""
        customers = defaultdict(dict)
        for company, group, partner_ids in self._members_of_all_sudo()._read_group(
            [("group_id", "in", self.ids)],
            ["company_id", "group_id"],
            ["partner_id:array_agg"],
        ):
            customers[company].update(dict.fromkeys(partner_ids, group))
        return customers

    def _count_by_company(self):
        """Return pairs of company and number of all members there."""
        domain = [("group_id", "in", self.ids)]
        return self._members_of_all_sudo()._read_group(
            domain, ["company_id"], ["__count"]
        )

    def _companies_of_all(self):
        """Return ``{group: companies of all members}``, as superuser."""
        domain = [("group_id", "in", self.ids)]
        return dict(
            self._members_of_all_sudo()._read_group(
                domain, ["group_id"], ["company_id:recordset"]
            )
        )

    def _members_of_all_sudo(self):
        # the limit of a group is one for all companies, whoever looks at it
        return self.env["credit.profile"].sudo().with_context(active_test=False)

    def _aggregate_members(self, aggregate):
        """Return ``{group: aggregate}`` of the members that the user may see.

        Not from ``profile_ids``: what a superuser reads would stay in the cache of the
        field, for users who may not see all of it.
        """
        profiles = self.env["credit.profile"].with_context(active_test=False)
        domain = [("group_id", "in", self._origin.ids)]
        return dict(profiles._read_group(domain, ["group_id"], [aggregate]))
