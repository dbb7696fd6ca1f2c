from odoo import fields, models
from odoo.exceptions import UserError


class CreditProfile(models.Model):
    """The manual hold of a customer."""

    _inherit = "credit.profile"

    credit_status = fields.Selection(
        [("none", "No hold"), ("orders", "Orders on hold")],
        required=True,
        default="none",
        tracking=True,
        help="“Orders on hold” holds every new order of the customer until a credit "
        "manager lifts it.",
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
        for profile in self:
            if not profile.status_reason_id:
                raise UserError(self.env._("Choose the reason for the hold first."))
        self.write({"credit_status": "orders"})

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
