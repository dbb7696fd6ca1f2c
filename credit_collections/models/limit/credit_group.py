from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sql.hub.pot import FEW_PARTNERS
from ...sql.limit.credit_group import LIVE, live_figures, refresh_groups, refresh_room
from ...tools.access import MANAGER

#: A change of one of these changes the limits of the members.
LIMIT_FIELDS = {"credit_limit", "currency_id"}

#: What limit changes write to groups, and what gives their amounts another meaning.
LIMITS = {"credit_limit", "currency_id", "expiry_date"}


class CreditGroup(models.Model):
    """Shared limits change by posted limit changes, or by hand where all companies
    whose customers share them allow it."""

    _inherit = "credit.group"

    is_limit_editable = fields.Boolean(compute="_compute_is_limit_editable")

    # === COMPUTE === #

    @api.depends("profile_ids.company_id.credit_limit_manual_edit")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_limit_editable(self):
        is_manager = self.env.user.has_group(MANAGER)
        strict = self._get_strict_companies()
        for group in self:
            group.is_limit_editable = is_manager and not strict[group]

    def _get_strict_companies(self):
        """Return the companies whose policy forbids limits by hand: ``{group:
        companies}``, those of its members, or that of the user where it has none."""
        companies = self._origin._companies_of_all()
        # a parameter of the policy, which every credit manager follows
        own_sudo = self.env.company.sudo().root_id
        strict = {}
        for group in self:
            theirs = companies.get(group._origin) or own_sudo
            strict[group] = theirs.filtered(
                lambda company: not company.credit_limit_manual_edit
            )
        return strict

    # === CRUD === #

    def _check_may_write(self, vals):
        super()._check_may_write(vals)
        if LIMITS.intersection(vals):
            self._check_limit_by_hand()

    def _check_limit_by_hand(self):
        """Refuse limits without a limit change, unless all companies allow them."""
        if self.env.su:
            return
        for strict in self._get_strict_companies().values():
            if strict:
                raise UserError(
                    self.env._(
                        "Limits of %s only change with limit changes that are posted: "
                        "press “Change Limit” on the page of the group. The credit "
                        "policy says whether limits are edited by hand.",
                        ", ".join(strict.mapped("name")),
                    )
                )

    def _on_created(self):
        super()._on_created()
        self._refresh_figures()
        # which companies' customers are in it is known by now
        self.filtered("credit_limit")._check_limit_by_hand()

    def _on_written(self, names):
        super()._on_written(names)
        if LIMIT_FIELDS & names:
            self._on_limits_changed()
        if "expiry_date" in names:
            for date, groups in (
                self.filtered("expiry_date").grouped("expiry_date").items()
            ):
                groups._members_of_all().limit_expiry_date = date

    # === ACTIONS === #

    def action_change_limit(self):
        """Open a draft change of the shared limit."""
        self.ensure_one()
        changes = self.env["credit.limit.change"]
        return changes._open_draft("group", self.env.company.root_id, self)

    def _prepare_limit_line(self, change):
        """Return the values of a draft line; a limit stays as it is until changed."""
        line = change.line_ids.new({"change_id": change, "group_id": self.id})
        return {
            "group_id": self.id,
            "new_limit": self.credit_limit,
            "date_to": line.date_to and str(line.date_to),
        }

    def action_refresh(self):
        """Bring the figures of all members up to date, in all companies."""
        self.check_access("read")
        # figures are no user's data; the groups could be read
        self._members_of_all().action_refresh()
        self.sudo()._refresh_figures()
        return True

    def web_read(self, specification):
        """Show the figures of now when somebody opens one group.

        Those of its members are brought up to date with it, but where they are many:
        then nothing is written, and *Refresh* does it.
        """
        is_opened = len(self) == 1 and "exposure" in specification
        is_big = is_opened and self.member_count > FEW_PARTNERS
        if is_opened and not is_big:
            self.action_refresh()
        read = super().web_read(specification)
        if is_big:
            figures = self._get_live_figures()
            read[0].update({name: figures[name] for name in figures if name in read[0]})
        return read

    # It writes mostly: a read-only replica is no place for it.
    web_read._readonly = False

    # === FIGURES === #

    def _on_limits_changed(self):
        """Bring the limits of the members up to date, here and in core."""
        for company, members in self._members_of_all().grouped("company_id").items():
            members._refresh_figures(company, members.partner_id.ids)
        self._refresh_figures()

    def _get_live_figures(self):
        """Return what the members of one group owe together now: ``{name: amount}``."""
        self.env["credit.profile"]._flush_exposure_fields()
        self.flush_model()
        scopes = [
            (company._credit_pot(), members)
            for company, members in self._count_by_company()
        ]
        day_at = self.env["res.company"]._credit_day_sql
        statement = live_figures(day_at, self.id, scopes)
        ((_id, *amounts),) = self.env.execute_query(statement)
        return dict(zip(LIVE, amounts, strict=True))

    def _refresh_figures(self, everybody=False):
        """Write what the members owe together, and what that leaves to each of them.

        :param everybody: all groups instead of these
        :return: the groups that changed
        """
        profiles = self.env["credit.profile"]
        profiles._flush_exposure_fields()
        profiles.flush_model()
        self.flush_model()
        day_at = self.env["res.company"]._credit_day_sql
        statement = refresh_groups(day_at, None if everybody else self.ids)
        company_ids = dict(self.env.execute_query(statement))
        changed = self.browse(company_ids)
        changed.invalidate_recordset(flush=False)
        changed._refresh_room(set().union(*company_ids.values()))
        return changed

    def _refresh_room(self, company_ids):
        # as superuser: all members share what is left
        for company in self.env["res.company"].sudo().browse(company_ids):
            statement = refresh_room(company._credit_pot(), self.ids)
            rows = self.env.execute_query(statement)
            profiles = self.env["credit.profile"].browse(row[0] for row in rows)
            profiles.invalidate_recordset(["available_credit"], flush=False)
