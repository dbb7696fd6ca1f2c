from odoo import fields, models

from ...engine.hold import release
from ...engine.hold.change import Weight, is_within, may_leave


class CreditHold(models.Model):
    """What a decision let through, and whether an order is still that."""

    _inherit = "credit.hold"

    approved_as = fields.Json(
        readonly=True,
        help="What the order was before the change that is held: so much goes on.",
    )

    released_as = fields.Json(
        readonly=True,
        help="What the order was when it was released, in its own currency.",
    )
    released_status = fields.Char(
        readonly=True, help="What the status of the customer stopped at the release."
    )

    # === A RELEASE === #

    def _covers(self, order, today, status=None):
        """Tell whether the release still covers its order.

        :param status: what the status of the customer stops now
        """
        given = release.Release(
            self.released_amount,
            self.valid_until,
            self.tolerance,
            Weight.from_json(self.released_as) if self.released_as else None,
            self.released_status or None,
        )
        if release.is_overruled(given, status) or self._is_paid_back():
            return False
        total = 0.0 if given.weight else order._credit_total()
        return release.covers(given, total, today, order._credit_weight())

    def _is_paid_back(self):
        """Tell whether what the release was given for was taken back; override."""
        return False

    # === A CHANGE THAT WAITS === #

    def _approve_as(self, weight):
        """Keep what a confirmed order was before the change that it is held for.

        Of several changes the first counts.
        """
        self.approved_as = weight.to_json()

    def _is_of_change(self):
        """Tell whether nothing but a change of the order is held."""
        return bool(self.approved_as) and not self.is_forced

    def _is_within_approved(self, weight):
        """Tell whether an order of this weight is what it was before its change."""
        return is_within(Weight.from_json(self.approved_as), weight)

    def _may_leave(self, line, value):
        """Tell whether goods of an order line may leave while the order is held.

        :param value: what left of the line and is to leave comes to, with taxes, in
            the currency of the order
        """
        if not self._is_of_change():
            return False
        approved = Weight.from_json(self.approved_as)
        return may_leave(approved, self.order_id._credit_weight(), line.id, value)

    def _end_change(self):
        """End holds of changes that were taken back: what was decided before stands."""
        for hold in self._set_lapsed():
            order = hold.order_id
            order.credit_hold_id = hold._released_before() or hold
            order.order_line._credit_run_withheld()

    def _released_before(self):
        """Return the release that covered the order before this hold."""
        domain = [("order_id", "=", self.order_id.id), ("id", "<", self.id)]
        last = self.search([*domain, ("state", "!=", "lapsed")], limit=1)
        return last.filtered(lambda hold: hold.state == "released")
