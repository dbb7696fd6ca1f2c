from contextlib import contextmanager

from odoo import models

from odoo.addons.credit_collections.engine.hold.change import is_within
from odoo.addons.credit_collections.tools.marks import marked
from odoo.addons.credit_collections.tools.outermost import put_around, take_away

#: Mark of the ids of pickings that were let through.
PASSED = "credit_collections_stock.passed"


class StockPicking(models.Model):
    """The gate in front of shipping: every way to validate a delivery leads here."""

    _inherit = "stock.picking"

    def _register_hook(self):
        put_around(self, "button_validate", type(self)._credit_button_validate)
        put_around(self, "_action_done", type(self)._credit_action_done)
        return super()._register_hook()

    def _unregister_hook(self):
        take_away(self, "button_validate")
        take_away(self, "_action_done")
        return super()._unregister_hook()

    def _credit_button_validate(self, validate):
        """Validate the transfers that may leave and hold the others.

        :param validate: function that validates, as it was without the gate
        :return: what it returns, or a summary where deliveries were held
        """
        held = self._credit_hold_broken()
        passed = self - held
        if held and not passed:
            return held._credit_summary(passed)
        if held and "button_validate_picking_ids" in self.env.context:
            # wizards go on with what is in there
            passed = passed.with_context(button_validate_picking_ids=passed.ids)
        with passed._credit_passing():
            result = validate(passed)
        return held._credit_summary(passed, result) if held else result

    def _credit_action_done(self, done):
        """Ship what may leave: for callers that do not validate."""
        held = self._credit_hold_broken()
        passed = self - held
        if held and not passed:
            return True
        with passed._credit_passing():
            return done(passed)

    def _credit_passed_ids(self):
        return marked(self.env, PASSED)

    @contextmanager
    def _credit_passing(self):
        """Inside, these transfers have been through the gate."""
        passed = self._credit_passed_ids()
        new = set(self.ids) - passed
        passed |= new
        try:
            yield
        finally:
            passed -= new

    # === DECIDE === #

    def _credit_hold_broken(self):
        """Hold the deliveries among these that may not leave, and return them.

        Those of held orders, and those whose orders break a rule of the checkpoint.
        """
        # facts of orders, also for people of the warehouse without rights on sales
        leaving = self.sudo().filtered(lambda picking: picking._credit_is_stoppable())
        if not leaving:
            return self.browse()
        orders = leaving._credit_orders().filtered(lambda order: order.state == "sale")
        holds = orders._credit_get_hold().filtered(
            lambda hold: (
                hold._is_refused()
                or (hold.state == "held" and hold.checkpoint != "delivery")
            )
        )
        blocked = (orders & holds.order_id).filtered(
            lambda order: not leaving._credit_is_approved(order)
        )
        held = blocked | leaving._credit_decide(orders - blocked)
        return leaving._credit_stop(held).with_env(self.env)

    def _credit_is_stoppable(self):
        """Tell whether a hold may stop this transfer at all: goods leave for a customer
        with it. What a shop's till hands out is being paid right now."""
        if self.id in self._credit_passed_ids() or not self._credit_orders():
            return False
        if "pos_order_id" in self._fields and self.pos_order_id:
            return False
        return bool(self._credit_moves())

    def _credit_decide(self, orders):
        """Hold those of the orders that break a rule with these deliveries, and return
        them; holds of the others lapse."""
        values = {order: 0.0 for order in orders}
        values |= {
            order: value
            for order, value in self._credit_values().items()
            if order in orders
        }
        weights = {order: self._credit_weight_with(order) for order in orders}
        more = {
            order: weight
            for order, weight in weights.items()
            if not is_within(order._credit_weight(), weight)
        }
        return orders._credit_decide_at("delivery", values, more)

    # === WHAT PEOPLE ARE TOLD === #

    def _credit_summary(self, passed, action=None):
        """Return one notification for deliveries that are held.

        :param action: what was to follow for those that passed
        """
        names = ", ".join(self.mapped("name"))
        if len(self) == 1 and not passed:
            message = self.env._(
                "%(name)s is on credit hold: waiting for release (%(reason)s). It is "
                "validated with the release.",
                name=names,
                reason=self.credit_hold_reason,
            )
        else:
            message = self.env._("On credit hold, waiting for release: %s", names)
        follows = action if isinstance(action, dict) else None
        return self.env["credit.hold"]._notify_held(message, follows)
