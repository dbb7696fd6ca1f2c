from odoo import api, models
from odoo.tools import SQL


class CreditProfile(models.Model):
    """What becomes of profiles when customers are merged."""

    _inherit = "credit.profile"

    @api.model
    def _merge(self, sources, target):
        """Make the profiles of ``sources`` those of ``target``, company by company.

        Where the target has a profile, its policy counts unless it is the default; what
        was decided for the others moves to it, and they are removed.
        """
        profiles = self.with_context(active_test=False).search(
            [("partner_id", "in", (sources + target).ids)]
        )
        for company_profiles in profiles.grouped("company_id").values():
            kept = company_profiles.filtered(lambda one: one.partner_id == target)
            kept = kept or company_profiles[0]
            merged = company_profiles - kept
            merged._merge_into(kept)
            merged.unlink()
            kept.partner_id = target
        self._forget_core_limit(sources)

    @api.model
    def _forget_core_limit(self, partners):
        """Core would write the limits of partners that go over the one that stays."""
        partners.flush_recordset(["credit_limit"])
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET credit_limit = NULL WHERE id IN %s",
                tuple(partners.ids),
            )
        )
        partners.invalidate_recordset(["credit_limit"])
