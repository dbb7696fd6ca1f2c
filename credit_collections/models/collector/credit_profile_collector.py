from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import access


class CreditProfile(models.Model):
    """Who collects from the customer: assigned, chosen by hand, or standing in."""

    _inherit = "credit.profile"

    is_collector_fixed = fields.Boolean(
        "Collector Chosen by Hand",
        tracking=True,
        help="Rules leave the customer alone.",
        groups=access.OFFICE,
    )
    collector_source = fields.Selection(
        [
            ("hand", "Chosen by hand"),
            ("rule", "By rule"),
            ("full", "By rule, though all collectors are full"),
            ("leader", "Team leader, as no rule fits"),
            ("manager", "Credit manager, as no rule fits"),
        ],
        string="Why This Collector",
        readonly=True,
        copy=False,
        figure=True,
        groups=access.OFFICE,
    )
    # found by the index: the customers of one rule, from its form and when it goes
    collector_rule_id = fields.Many2one(
        "collection.assignment.rule",
        string="Assigned By",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        figure=True,
        groups=access.OFFICE,
    )
    collector_date = fields.Date(
        "Assigned On", readonly=True, copy=False, figure=True, groups=access.OFFICE
    )
    acting_collector_id = fields.Many2one(
        "res.users",
        string="Worked On By",
        compute="_compute_acting_collector_id",
        help="The collector, or who stands in today.",
        groups=access.OFFICE,
    )
    working_for_id = fields.Many2one(
        "res.users",
        compute="_compute_acting_collector_id",
        help="The collector for whom I stand in today.",
        groups=access.OFFICE,
    )
    is_mine = fields.Boolean(
        "Mine to Collect",
        compute="_compute_acting_collector_id",
        search="_search_is_mine",
        help="My own customers, and those of collectors for whom I stand in today.",
        groups=access.OFFICE,
    )
    is_silent = fields.Boolean(
        "Not Contacted for Long",
        compute="_compute_is_silent",
        search="_search_is_silent",
        help="Overdue, and nobody contacted the customer for longer than the settings "
        "allow, or ever.",
        groups=access.OFFICE,
    )

    # in the words of the board, with what it adds up
    _board_idx = models.Index(
        "(collector_id, company_id) "
        "INCLUDE (overdue_amount, overdue_days, last_contact_date) "
        "WHERE active AND overdue_amount > 0"
    )
    _collected_idx = models.Index(
        "(collector_id, company_id) INCLUDE (collected_amount) "
        "WHERE collected_amount > 0"
    )

    # === COMPUTE === #

    @api.depends("collector_id")
    @api.depends_context("uid")
    def _compute_acting_collector_id(self):
        me = self.env.user
        by_day = self.grouped(lambda profile: profile.company_id._credit_today())
        for day, profiles in by_day.items():
            acting = profiles.collector_id._get_acting_collector(day)
            for profile in profiles:
                collector = profile.collector_id
                user = acting.get(collector, collector)
                profile.acting_collector_id = user
                profile.working_for_id = collector != user == me and collector
                profile.is_mine = bool(collector) and me in (collector, user)

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        me = self.env.user
        domain = Domain.OR(
            Domain("company_id", "in", ids)
            & Domain("collector_id", "in", (me + me._get_substituted(day)).ids)
            for day, ids in self.env["res.company"]._credit_days().items()
        )
        return domain if True in value else ~domain

    @api.model
    def _silent_domain(self):
        # a parameter of companies, not a secret
        roots_sudo = self.env["res.company"].sudo()._credit_roots()
        silent = Domain.OR(
            Domain("company_id", "in", companies.ids)
            & Domain("last_contact_date", "<", day - timedelta(days=days))
            for (day, days), companies in roots_sudo.grouped(
                lambda root: (root._credit_today(), root.collection_silence_days)
            ).items()
        )
        never = Domain("last_contact_date", "=", False)
        return Domain("overdue_amount", ">", 0) & (never | silent)

    @api.depends("last_contact_date", "overdue_amount")
    def _compute_is_silent(self):
        silent = self.filtered_domain(self._silent_domain())
        for profile in self:
            profile.is_silent = profile in silent

    def _search_is_silent(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._silent_domain()
        return domain if True in value else ~domain

    # === WHO MAY CHANGE IT === #

    def _check_may_write(self, vals):
        if {"collector_id", "is_collector_fixed"}.intersection(vals):
            self._check_may_reassign()
        return super()._check_may_write(vals)

    def _check_may_reassign(self):
        """Refuse everybody but credit managers."""
        access.require(
            self.env,
            self.env._("Only credit managers give customers to other collectors."),
            access.MANAGER,
        )

    def _prepare_written_vals(self, vals):
        """Whom a person chooses is chosen by hand, from today on."""
        more = super()._prepare_written_vals(vals)
        if "collector_id" in vals and not self.env.su:
            is_chosen = bool(vals["collector_id"])
            more.update(
                is_collector_fixed=is_chosen,
                collector_source="hand" if is_chosen else False,
                collector_rule_id=False,
                collector_date=self.company_id[:1]._credit_today(),
            )
        return more

    def _merge_into(self, kept):
        """Who collected from the customers goes on where nobody else does."""
        super()._merge_into(kept)
        if not kept.collector_id:
            kept.collector_id = self.collector_id[:1]

    # === ASSIGNMENT === #

    def action_reassign(self):
        """Open the wizard that gives these customers to another collector."""
        self._check_may_reassign()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_reassign_action"
        )
        return {
            **action,
            "context": {"default_mode": "move", "default_profile_ids": self.ids},
        }

    def _set_collector(self, user, is_fixed=False):
        """Give these customers to a collector, with their open activities.

        Promises follow by the customer; override to move what else belongs to a
        collector.
        """
        self._check_may_reassign()
        today = self.company_id[:1]._credit_today()
        users = self.collector_id + user
        acting = users._get_acting_collector(today)
        old = self.collector_id | self.env["res.users"].union(
            *(acting[one] for one in self.collector_id)
        )
        # activities of colleagues; the right to re-assign was checked above
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo = activities_sudo.search(
            [
                ("res_model", "=", "credit.profile"),
                ("res_id", "in", self.ids),
                ("user_id", "in", old.ids),
            ]
        )
        activities_sudo.with_context(mail_activity_quick_update=True).write(
            {"user_id": acting[user].id}
        )
        self._move_cases(old, acting[user])
        self.write({"collector_id": user.id, "is_collector_fixed": is_fixed})
        return activities_sudo

    def _move_cases(self, old, new):
        """Give the open cases of these customers that ``old`` users own to another."""
        # cases of colleagues; callers have checked the right to re-assign
        cases_sudo = self.env["collection.case"].sudo()
        cases_sudo.search(
            [
                ("profile_id", "in", self.ids),
                ("user_id", "in", old.ids),
                ("state", "!=", "closed"),
            ]
        )._assign(new)
