from odoo import api, models

from ...sql.hub.undone import READS, undone_partners
from ...tools.statements import flush
from ...tools.versioned import note_change, versioned


class AccountPartialReconcile(models.Model):
    """Matches with what settles nothing: few customers have any."""

    _inherit = "account.partial.reconcile"

    @api.model
    @versioned(of=("account.partial.reconcile",))
    def _credit_undone_partners(self):
        """Return the ids of commercial partners for whom Odoo calls something settled
        that the books do not, as a frozen set."""
        flush(self.env, READS)
        return frozenset(row[0] for row in self.env.execute_query(undone_partners()))

    @api.model
    def _credit_note_undone(self):
        """Let everybody look anew for whom that is."""
        note_change(self.env, self._name)

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        if partials._credit_is_void():
            self._credit_note_undone()
        return partials

    def unlink(self):
        is_void = self._credit_is_void()
        res = super().unlink()
        if is_void:
            self._credit_note_undone()
        return res

    def _credit_is_void(self):
        """Tell whether one end of any of these settles nothing."""
        items = self.debit_move_id + self.credit_move_id
        if any(item.parent_state != "posted" for item in items):
            return True
        # nothing of payments is read where nothing was ever rejected
        return bool(self._credit_undone_partners()) and any(
            payment.state == "rejected" for payment in items.payment_id
        )
