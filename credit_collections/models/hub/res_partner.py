from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import access
from .credit_cached_mixin import empty_cache

#: Fields by which a contact comes to another customer.
_MOVES = frozenset({"is_company", "parent_id"})


class ResPartner(models.Model):
    """The partner only shows its credit profile; nothing is stored of it here."""

    _inherit = "res.partner"

    credit_profile_id = fields.Many2one(
        "credit.profile",
        compute="_compute_credit_profile_id",
        search="_search_credit_profile_id",
        groups=access.READERS,
    )

    def write(self, vals):
        res = super().write(vals)
        if "tz" in vals:
            self._credit_forget_days()
        if not _MOVES.isdisjoint(vals):
            matches = self.env["account.partial.reconcile"]
            if matches._credit_undone_partners():
                matches._credit_note_undone()
        return res

    def _credit_forget_days(self):
        """The day of a company is that of the time zone of its partner."""
        # whoever writes the partner; all companies, archived ones too
        companies_sudo = self.env["res.company"].sudo().with_context(active_test=False)
        if companies_sudo.search_count([("partner_id", "in", self.ids)], limit=1):
            empty_cache(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_record(self):
        """Refuse to delete customers of whom something is on record, in any company;
        the profiles of others go with them."""
        # of all companies, whoever deletes
        profiles_sudo = self.env["credit.profile"].sudo()
        profiles_sudo = profiles_sudo.with_context(active_test=False)
        profiles_sudo = profiles_sudo.search([("partner_id", "in", self.ids)])
        profiles_sudo._unlink_except_on_record()

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_credit_profile_id(self):
        root_sudo = self.env.company.sudo().root_id  # of a branch: not the user's
        profiles = self.env["credit.profile"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", root_sudo.id),
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
        root_sudo = self.env.company.sudo().root_id  # of a branch: not the user's
        here = Domain("company_id", "=", root_sudo.id)
        found = profiles.search(Domain("id", operator, value) & here).partner_id
        domain = Domain("commercial_partner_id", "in", found.ids)
        if operator == "in" and False in value:
            known = profiles.search(here).partner_id
            domain |= Domain("commercial_partner_id", "not in", known.ids)
        return domain
