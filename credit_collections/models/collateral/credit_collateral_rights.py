from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.access import MANAGER, require

#: What nobody but a credit manager changes once collateral counts.
AGREED_FIELDS = {
    "active",
    "amount",
    "coverage_type",
    "currency_id",
    "date_from",
    "date_to",
    "guarantor_id",
    "limit_share",
    "policy_number",
    "profile_id",
    "type_id",
}

#: What the buttons write.
VALIDATION_FIELDS = {"validated_date", "validated_by_id", "state"}


class CreditCollateral(models.Model):
    """Who proposes collateral, who validates it, and what may be changed then."""

    _inherit = "credit.collateral"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_is_not_validation(vals)
        collaterals = super().create(vals_list)
        collaterals._ask_to_validate()
        return collaterals

    def write(self, vals):
        self._check_is_not_validation(vals)
        if AGREED_FIELDS.intersection(vals):
            self._check_may_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_validated(self):
        if self.filtered("validated_date"):
            raise UserError(
                self.env._(
                    "Limits were based on this collateral, so it stays on record. Let "
                    "it end or archive it instead."
                )
            )

    def _check_is_not_validation(self, vals):
        if not self.env.su and VALIDATION_FIELDS.intersection(vals):
            raise AccessError(
                self.env._("Collateral is validated with the button, not by hand.")
            )

    def _check_may_change(self):
        if self.filtered("validated_date"):
            require(
                self.env,
                self.env._(
                    "This collateral was validated and counts. Only credit managers "
                    "may change it."
                ),
                MANAGER,
            )

    # === ACTIONS === #

    def action_validate(self):
        """Let proposed collateral count."""
        self._check_may_validate()
        proposed = self.filtered(lambda one: not one.validated_date)
        if not proposed:
            raise UserError(self.env._("All of this was validated already."))
        today = self.env["res.company"]._credit_today()
        if any(one.date_to and one.date_to < today for one in proposed):
            raise UserError(
                self.env._("Collateral that is over already would count for nothing.")
            )
        # checked above; the fields are for this button alone
        proposed.sudo().write(
            {"validated_date": today, "validated_by_id": self.env.uid}
        )
        proposed.activity_feedback([VALIDATE_ACTIVITY])

    def action_reset(self):
        """Take the validation back: it counts no longer."""
        self._check_may_validate()
        # checked above; the fields are for this button alone
        self.sudo().write({"validated_date": False, "validated_by_id": False})

    def _check_may_validate(self):
        self.check_access("write")
        require(
            self.env,
            self.env._(
                "Only credit managers may validate collateral. It was proposed."
            ),
            MANAGER,
        )

    # === WHO IS TOLD === #

    def _ask_to_validate(self):
        """Put proposals on the list of the one who decides, other people's that is."""
        if self.env.context.get("mail_activity_automation_skip"):
            return
        for company, proposed in self.grouped("company_id").items():
            # who decides on credit there is no data of who proposes
            approver = company.sudo()._credit_approver()
            if approver and approver != self.env.user:
                env = self.with_context(lang=approver.lang or self.env.lang).env
                for one in proposed:
                    one.activity_schedule(
                        VALIDATE_ACTIVITY,
                        date_deadline=fields.Date.context_today(self),
                        summary=env._(
                            "Validate %(type)s of %(customer)s",
                            type=one.with_env(env).type_id.name,
                            customer=one.partner_id.name,
                        ),
                        user_id=approver.id,
                    )


VALIDATE_ACTIVITY = "credit_collections.mail_activity_collateral_validate"
