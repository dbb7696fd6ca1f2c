from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import access


class ResPartner(models.Model):
    """The partner only shows its credit profile; nothing is stored or computed here."""

    _inherit = "res.partner"

    credit_profile_id = fields.Many2one(
        "credit.profile",
        compute="_compute_credit_profile_id",
        search="_search_credit_profile_id",
        groups=access.READERS,
    )

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
