from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.access import MANAGER

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
        is_manager = self.env.user.has_group(MANAGER)
        for profile in self:
            # a parameter of the policy, which every credit manager follows
            company = profile.company_id.sudo()
            profile.is_limit_editable = is_manager and company.credit_limit_manual_edit

    def _prepare_written_vals(self, vals):
        """Nobody writes by hand on which day the limit changed."""
        more = super()._prepare_written_vals(vals)
        has_limit = LIMITS & set(vals) if self else self._is_limit(vals)
        if has_limit:
            more["limit_date"] = self.env["res.company"]._credit_today()
        return more

    @api.model
    def _is_limit(self, vals):
        """Tell whether a new profile has a limit of its own."""
        return vals.get("credit_limit") or vals.get("limit_policy") not in (
            None,
            "default",
        )

    def _on_written(self, names, before):
        super()._on_written(names, before)
        if before is None:  # the company of new profiles is known by now
            limited = self.filtered(
                lambda one: one.credit_limit or one.limit_policy != "default"
            )
            limited._check_limit_by_hand()

    def _check_may_write(self, vals):
        super()._check_may_write(vals)
        if self.env.su:
            return
        if LIMITS.intersection(vals):
            self._check_limit_by_hand()
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
