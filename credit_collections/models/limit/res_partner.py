from odoo import api, models


class ResPartner(models.Model):
    """A limit that is set in core's field is the customer's."""

    _inherit = "res.partner"

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
        customers = limited.filtered(lambda one: one == one.commercial_partner_id)
        if customers:
            # profiles may begin with what core says: asked here, not when it differs
            self.env["credit.profile"]._check_may_write({"credit_limit": default})
        customers._credit_limit_to_profile()
        return partners

    def write(self, vals):
        if "credit_limit" in vals:
            self._credit_ensure_profiles(vals["credit_limit"])
        res = super().write(vals)
        if "credit_limit" in vals:
            self._credit_limit_to_profile()
        return res

    def _credit_ensure_profiles(self, limit):
        """See that customers have profiles before core's field says something else.

        After an installation, new profiles begin with what core says: that is to be
        the limit that counted, and not the one that the user may have no right to set.
        """
        default = self._fields["credit_limit"].get_company_dependent_fallback(self)
        none = (0.0, False, default)
        customers = self.filtered(
            lambda one: (
                one == one.commercial_partner_id
                and (limit not in none or one.credit_limit not in none)
            )
        )
        self.env["credit.profile"]._ensure(self.env.company, customers.ids)

    def _credit_limit_to_profile(self):
        """Let a limit set in core's field, by an import for instance, be the profile's.

        0 and the company's default are core's words for "no limit of its own". Contacts
        only repeat what their company has. What core shows already, by a group or a
        temporary limit for instance, is no new limit: a merge writes it back. Nor is
        the default, which every new partner and user is created with.
        """
        default = self._fields["credit_limit"].get_company_dependent_fallback(self)
        none = (0.0, default)
        customers = self.filtered(
            lambda one: (
                one == one.commercial_partner_id
                and (one.credit_limit not in none or one.credit_profile_id)
            )
        )
        profiles = self.env["credit.profile"]._ensure(self.env.company, customers.ids)
        by_partner = profiles.grouped("partner_id")
        for limit, partners in customers.grouped("credit_limit").items():
            same = profiles.browse().union(
                *(by_partner[partner] for partner in partners)
            )
            if limit in none:
                vals = {"limit_policy": "default"}
                changed = same.filtered(lambda one: one.limit_policy != "default")
            else:
                vals = {"limit_policy": "limited", "credit_limit": limit}
                changed = same.filtered(
                    lambda one, limit=limit: not one._shows_core_limit(limit)
                )
            if changed:  # who changes nothing needs no right to
                changed.write(vals)
