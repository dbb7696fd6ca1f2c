from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: What limit changes write to customers.
LIMITS = {"limit_policy", "credit_limit", "limit_expiry_date"}
LIMIT_DATES = {"limit_expiry_date", "limit_date"}


class CreditProfile(models.Model):
    """Limits change by posted limit changes, or by hand where the company allows it."""

    _inherit = "credit.profile"

    is_limit_editable = fields.Boolean(compute="_compute_is_limit_editable")

    @api.depends("company_id.credit_limit_manual_edit")
    @api.depends_context("uid")
    def _compute_is_limit_editable(self):
        is_manager = self.env.user.has_group("credit_collections.group_credit_manager")
        for profile in self:
            # a parameter of the policy, which every credit manager follows
            company = profile.company_id.sudo()
            profile.is_limit_editable = is_manager and company.credit_limit_manual_edit

    @api.model_create_multi
    def create(self, vals_list):
        today = self.env["res.company"]._credit_today()
        for vals in vals_list:
            self._check_may_write(dict.fromkeys(LIMIT_DATES.intersection(vals)))
            if self._is_limit(vals):
                vals.setdefault("limit_date", today)
        profiles = super().create(vals_list)
        profiles.browse(
            profile.id
            for profile, vals in zip(profiles, vals_list, strict=True)
            if self._is_limit(vals)
        )._check_limit_by_hand()
        return profiles

    @api.model
    def _is_limit(self, vals):
        """Tell whether a new profile has a limit of its own."""
        return vals.get("credit_limit") or vals.get("limit_policy") not in (
            None,
            "default",
        )

    def write(self, vals):
        if LIMITS.intersection(vals):
            self._check_limit_by_hand()
            # nobody writes the day by hand; the limit is theirs to write
            self.sudo().limit_date = self.env["res.company"]._credit_today()
        return super().write(vals)

    def _check_may_write(self, vals):
        super()._check_may_write(vals)
        if self.env.su:
            return
        if "limit_date" in vals:
            raise AccessError(
                self.env._("The day of the last change of a limit is no user's to set.")
            )
        if "limit_expiry_date" in vals:
            self._check_may_set_policy()

    def _check_limit_by_hand(self):
        """Refuse limits without a limit change, unless the company allows them."""
        if self.env.su:
            return
        self._check_may_set_policy()
        # a parameter of the policy, which every credit manager follows
        for company in self.company_id.sudo():
            if not company.credit_limit_manual_edit:
                raise UserError(
                    self.env._(
                        "Limits of %s only change with limit changes that are posted: "
                        "press “Change Limit” on the page of the customer. The credit "
                        "policy says whether limits are edited by hand.",
                        company.name,
                    )
                )
