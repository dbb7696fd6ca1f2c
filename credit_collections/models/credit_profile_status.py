from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.standing import EVERYTHING


class CreditProfile(models.Model):
    """The credit status of a customer: what it stops, and why."""

    _inherit = "credit.profile"

    credit_status = fields.Selection(
        [
            ("none", "No hold"),
            ("orders", "Orders on hold"),
            ("all", "Everything on hold"),
        ],
        required=True,
        default="none",
        tracking=True,
        help="“Orders on hold” holds every new order of the customer until a credit "
        "manager lifts it. “Everything on hold” also holds deliveries and invoices.",
    )
    status_reason_id = fields.Many2one(
        "credit.reason",
        domain="[('kind', '=', 'status')]",
        tracking=True,
        ondelete="restrict",
    )
    status_review_date = fields.Date(
        tracking=True, help="When the hold of the customer is to be looked at again."
    )

    # === CACHE === #

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create(vals_list)
        if any(vals.get("credit_status") == EVERYTHING for vals in vals_list):
            self.env.registry.clear_cache()
        return profiles

    def write(self, vals):
        before = set(self.mapped("credit_status")) if "credit_status" in vals else set()
        res = super().write(vals)
        if EVERYTHING in {vals.get("credit_status"), *before}:
            # which rules are asked where depends on whether there is such a customer
            self.env.registry.clear_cache()
        return res

    # === ACTIONS === #

    def action_put_on_hold(self):
        self._check_may_set_policy()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put Customer on Hold"),
            "res_model": "credit.profile",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref("credit_collections.credit_profile_view_form_hold").id,
                    "form",
                )
            ],
            "res_id": self.id,
            "target": "new",
            "context": {"default_credit_status": "orders"},
        }

    def action_set_on_hold(self):
        """Hold every new order of these customers."""
        self._set_status("orders")

    def action_hold_everything(self):
        """Hold orders, deliveries and invoices of these customers."""
        self._set_status(EVERYTHING)

    def action_note_status(self):
        """Keep the status on record without any effect but that of rules about it."""
        self._set_status("none")

    def _set_status(self, status):
        for profile in self:
            if not profile.status_reason_id:
                raise UserError(self.env._("Choose the reason for the hold first."))
        self.write({"credit_status": status})

    def action_lift_hold(self):
        """Let new orders of these customers pass again, and look at those held."""
        self.write(
            {
                "credit_status": "none",
                "status_reason_id": False,
                "status_review_date": False,
            }
        )
        self.hold_ids.filtered(lambda hold: hold.state == "held").action_evaluate()
