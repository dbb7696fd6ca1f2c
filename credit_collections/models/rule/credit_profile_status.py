from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.hub.standing import EVERYTHING


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
        policy=True,
    )
    status_reason_id = fields.Many2one(
        "credit.reason",
        domain="[('kind', '=', 'status')]",
        tracking=True,
        ondelete="restrict",
        policy=True,
    )
    status_review_date = fields.Date(
        tracking=True, help="When the hold of the customer is to be looked at again."
    )

    # === CACHE === #

    def _get_before_written(self, vals):
        before = super()._get_before_written(vals)
        if "credit_status" in vals:
            before["statuses"] = self.mapped("credit_status")
        return before

    def _on_written(self, names, before):
        super()._on_written(names, before)
        if "credit_status" not in names:
            return
        # an order that is being decided on does not know of it yet
        self.env["credit.decision.count"]._count("profile_id", self)
        statuses = {*self.mapped("credit_status"), *(before or {}).get("statuses", ())}
        if EVERYTHING in statuses:
            # which rules are asked where depends on whether there is such a customer
            self.env.registry.clear_cache()

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
        return True

    def action_hold_everything(self):
        """Hold orders, deliveries and invoices of these customers."""
        self._set_status(EVERYTHING)
        return True

    def action_note_status(self):
        """Keep the status on record without any effect but that of rules about it."""
        self._set_status("none")
        return True

    def _set_status(self, status):
        self._check_may_set_policy()
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
        self._on_status_lifted()
        return True

    def _on_status_lifted(self):
        """React when people let orders of customers pass again; override after
        ``super()``."""

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        super()._merge_into(kept)
        on_hold = self.filtered(lambda one: one.credit_status != "none")
        if kept.credit_status == "none" and on_hold:
            kept.write(
                {
                    "credit_status": on_hold[0].credit_status,
                    "status_reason_id": on_hold[0].status_reason_id.id,
                    "status_review_date": on_hold[0].status_review_date,
                }
            )
        rules = self.env["credit.rule"].with_context(active_test=False)
        rules.search([("profile_id", "in", self.ids)]).profile_id = kept
