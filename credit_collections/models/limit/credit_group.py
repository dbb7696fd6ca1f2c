from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.access import MANAGER

#: What limit changes write to groups, and what gives their amounts another meaning.
LIMITS = {"credit_limit", "currency_id", "expiry_date"}


class CreditGroup(models.Model):
    """Shared limits change by posted limit changes, or by hand where all companies
    whose customers share them allow it."""

    _inherit = "credit.group"

    is_limit_editable = fields.Boolean(compute="_compute_is_limit_editable")

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
        members = self._members_of_all().grouped(lambda one: one.group_id.id)
        # a parameter of the policy, which every credit manager follows
        own = self.env.company.sudo().root_id
        strict = {}
        for group in self:
            theirs = members.get(group._origin.id)
            companies = theirs.company_id if theirs else own
            strict[group] = companies.filtered(
                lambda company: not company.credit_limit_manual_edit
            )
        return strict

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        groups.filtered("credit_limit")._check_limit_by_hand()
        return groups

    def write(self, vals):
        if LIMITS.intersection(vals):
            self._check_limit_by_hand()
        return super().write(vals)

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
