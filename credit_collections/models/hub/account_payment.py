from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ...sql.hub.registered import any_registered


class AccountPayment(models.Model):
    """Payments that the bank rejects stay matched; others are in no entry at all."""

    _name = "account.payment"
    _inherit = ["account.payment", "credit.feature.mixin"]

    _credit_registered_idx = models.Index(
        "(partner_id) WHERE move_id IS NULL AND state IN ('in_process', 'paid') "
        "AND payment_type = 'inbound' AND partner_type = 'customer'"
    )

    @api.model
    def _credit_feature_domain(self):
        return (
            Domain("move_id", "=", False)
            & Domain("state", "in", ("in_process", "paid"))
            & Domain("payment_type", "=", "inbound")
            & Domain("partner_type", "=", "customer")
        )

    @api.model
    def _credit_feature_fields(self):
        return {"move_id", "partner_type", "payment_type", "state"}

    @api.model
    @ormcache()
    def _credit_is_used(self):
        """Tell whether payments are registered that are in no entry; by a statement of
        its own, in the words of the index."""
        self.flush_model(["move_id", "partner_type", "payment_type", "state"])
        ((is_used,),) = self.env.execute_query(any_registered())
        return is_used

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        was_rejected = "rejected" in self.mapped("state")
        res = super().write(vals)
        if was_rejected or vals["state"] == "rejected":
            self.env["account.partial.reconcile"]._credit_note_undone()
        return res
