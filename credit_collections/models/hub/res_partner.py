from odoo import api, fields, models
from odoo.fields import Domain

from ...sql.hub.profile import SMALLEST_LIMIT


class ResPartner(models.Model):
    """The partner only shows its credit profile; nothing is stored or computed here."""

    _inherit = "res.partner"

    credit_profile_id = fields.Many2one(
        "credit.profile",
        compute="_compute_credit_profile_id",
        search="_search_credit_profile_id",
    )
    credit_picture = fields.Json(related="credit_profile_id.exposure_picture")

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_credit_profile_id(self):
        profiles = self.env["credit.profile"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.sudo().root_id.id),
            ]
        )
        by_partner = {profile.partner_id: profile for profile in profiles}
        for partner in self:
            partner.credit_profile_id = by_partner.get(partner.commercial_partner_id)

    @api.model
    def _search_credit_profile_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        profiles = self.env["credit.profile"]
        here = Domain("company_id", "=", self.env.company.sudo().root_id.id)
        found = profiles.search(Domain("id", operator, value) & here).partner_id
        domain = Domain("commercial_partner_id", "in", found.ids)
        if operator == "in" and False in value:
            known = profiles.search(here).partner_id
            domain |= Domain("commercial_partner_id", "not in", known.ids)
        return domain

    def action_open_credit_profile(self):
        """Open the credit profile of the customer in this company, made if missing."""
        self.ensure_one()
        profile = self.env["credit.profile"]._ensure(
            self.env.company, self.commercial_partner_id.ids
        )
        profile.check_access("read")
        return profile._get_records_action(name=self.env._("Credit"))

    # === CORE'S LIMIT === #

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        # new users come with core's default, which is no limit of their own
        default = self._fields["credit_limit"].get_company_dependent_fallback(self)
        limited = partners.browse(
            partner.id
            for partner, vals in zip(partners, vals_list, strict=True)
            if vals.get("credit_limit") and vals["credit_limit"] != default
        )
        limited._credit_limit_to_profile()
        return partners

    def write(self, vals):
        res = super().write(vals)
        if "credit_limit" in vals:
            self._credit_limit_to_profile()
        return res

    def _credit_limit_to_profile(self):
        """Let a limit set in core's field, by an import for instance, be the profile's.

        0 and the company's default are core's words for "no limit of its own". Contacts
        only repeat what their company has. What core shows already, by a group or a
        temporary limit for instance, is no new limit: a merge writes it back. Nor is
        the default, which every new partner and user is created with.
        """
        default = self._fields["credit_limit"].get_company_dependent_fallback(self)
        for partner in self.filtered(lambda one: one == one.commercial_partner_id):
            limit = partner.credit_limit
            is_default = limit in (0.0, default)
            if is_default and not partner.credit_profile_id:
                continue
            profile = self.env["credit.profile"]._ensure(self.env.company, partner.ids)
            if is_default:
                vals = {"limit_policy": "default"}
                is_known = profile.limit_policy == "default"
            else:
                vals = {"limit_policy": "limited", "credit_limit": limit}
                shown = max(profile.effective_limit, SMALLEST_LIMIT)
                is_known = profile.is_limited and not (
                    profile.currency_id.compare_amounts(limit, shown)
                )
            if not is_known:
                profile.write(vals)
