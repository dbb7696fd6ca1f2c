from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

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
        is_manager = self.env.user.has_group("credit_collections.group_credit_manager")
        for group in self:
            group.is_limit_editable = is_manager and not group._get_strict_companies()

    def _get_strict_companies(self):
        """Return the companies whose policy forbids limits by hand: those of the
        members, or that of the user as long as there are none."""
        companies = self._members_of_all().company_id
        # a parameter of the policy, which every credit manager follows
        companies = companies or self.env.company.sudo().root_id
        return companies.filtered(lambda company: not company.credit_limit_manual_edit)

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("credit_limit") for vals in vals_list):
            self._check_limit_by_hand(self._get_strict_companies())
        return super().create(vals_list)

    def write(self, vals):
        if LIMITS.intersection(vals):
            for group in self:
                group._check_limit_by_hand(group._get_strict_companies())
        return super().write(vals)

    @api.model
    def _check_limit_by_hand(self, strict):
        """Refuse limits without a limit change, unless all companies allow them."""
        if strict and not self.env.su:
            raise UserError(
                self.env._(
                    "Limits of %s only change with limit changes that are posted: "
                    "press “Change Limit” on the page of the group. The credit policy "
                    "says whether limits are edited by hand.",
                    ", ".join(strict.mapped("name")),
                )
            )

    def action_change_limit(self):
        """Open a draft change of the shared limit."""
        self.ensure_one()
        company = self.env.company.root_id
        change = self.env["credit.limit.change"].new(
            {"kind": "group", "company_id": company.id}
        )
        line = change.line_ids.new({"change_id": change, "group_id": self.id})
        values = {
            "group_id": self.id,
            "new_limit": self.credit_limit,
            "date_to": line.date_to and str(line.date_to),
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Group limit"),
            "res_model": "credit.limit.change",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_kind": "group",
                "default_company_id": company.id,
                "default_line_ids": [Command.create(values)],
            },
        }
