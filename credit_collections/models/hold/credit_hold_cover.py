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
    part_checkpoint = fields.Char(
        readonly=True,
        help="What was stopped before the order changed, and goes on to be when the "
        "change is taken back.",
    )

    released_as = fields.Json(
        readonly=True,
        help="What the order was when it was released, in its own currency.",
    )
    released_status = fields.Char(
        readonly=True, help="What the status of the customer stopped at the release."
    )

    # === A RELEASE === #

    def _covers(self, order, today, status=None, weight=None):
        """Tell whether the release still covers its order.

        :param status: what the status of the customer stops now
        :param weight: what the order will be, where that is not what it is
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
        now = weight or order._credit_weight()
        return release.covers(given, total, today, now)

    def _weight_to_release(self):
        """Return what an order is with what its release lets go on; override."""
        return self.order_id._credit_weight()

    def _is_paid_back(self):
        """Tell whether what the release was given for was taken back; override."""
        return False

    # === A CHANGE THAT WAITS === #

    def _hold_change(self):
        """Let a hold of a part be one of the change of the whole order from now on."""
        self.part_checkpoint = self.checkpoint
        self.checkpoint = "change"

    def _approve_as(self, weight):
        """Keep what a confirmed order was before the change that it is held for.

        Of several changes the first counts.

        :param weight: :meth:`~.engine.hold.change.Weight.to_json` of it, nothing where
            nothing of the order was approved
        """
        self.approved_as = weight

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
        parts = self.filtered(
            lambda hold: hold.state == "held" and hold.part_checkpoint
        )
        for hold in parts:
            hold._go_back_to_part()
        others = self - parts
        others._set_lapsed()
        others._end_refused()
        for hold in others:
            order = hold.order_id
            order.credit_hold_id = hold._released_before() or hold
        self._continue_unchanged()

    def _continue_unchanged(self):
        """Go on with what waited for a change. Override where more is in its way."""
        self.order_id.order_line._credit_run_withheld()

    def _go_back_to_part(self):
        """Hold the part again that was held before the order changed."""
        checkpoint = self.part_checkpoint
        elsewhere = self.line_ids.filtered(
            lambda line: (
                not line.cleared_date
                and line._is_of_rules()
                and line.rule_id._is_checked_elsewhere(checkpoint)
            )
        )
        elsewhere.cleared_date = fields.Datetime.now()
        self.write(
            {"checkpoint": checkpoint, "part_checkpoint": False, "approved_as": False}
        )
        self._lapse_idle()

    def _released_before(self):
        """Return the release that covered the order before this hold."""
        domain = [
            ("order_id", "=", self.order_id.id),
            ("id", "<", self.id),
            ("state", "!=", "lapsed"),
            ("is_over", "=", False),
        ]
        last = self.search(domain, limit=1)
        return last.filtered(lambda hold: hold.state == "released")
