"""The gate in front of confirmation: every way into it leads through here."""

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.batches import for_people
from ...tools.client_actions import outcome
from ...tools.marks import marked
from ...tools.outermost import put_around, take_away
from .sale_order_change import WORKED_OUT, work_out, written

#: Mark of the ids of orders that were let through.
PASSED = "credit_collections.passed"


class SaleOrder(models.Model):
    """The gate, and the doors that lead around it."""

    _inherit = "sale.order"

    # === THE GATE === #

    def _register_hook(self):
        """Put the gate around ``action_confirm`` of all addons: some have effects
        before they call ``super()``, loyalty points for instance."""
        put_around(self, "action_confirm", type(self)._credit_confirm)
        return super()._register_hook()

    def _unregister_hook(self):
        take_away(self, "action_confirm")
        return super()._unregister_hook()

    def _credit_confirm(self, confirm):
        """Confirm the orders that may pass and hold the others.

        :param confirm: function that confirms, as it was without the gate
        :return: what it returns, or a summary where orders were held
        """
        held = self._credit_hold_broken()
        if not held:
            with self._credit_passing():
                return confirm(self)
        passed = self - held
        with passed._credit_passing():
            if passed:
                confirm(passed)
        return held._credit_summary(len(passed))

    def _credit_passing(self):
        """Context manager: inside, these orders have been through the gate."""
        return _Passing(self)

    def _credit_passed_ids(self):
        return marked(self.env, PASSED)

    def _credit_hold_broken(self, states=("draft", "sent")):
        """Hold the orders among these that break a rule, and return them.

        Orders that went through the gate already are left alone.

        :param states: so are orders that are in no such state
        """
        passed = self._credit_passed_ids()
        orders = self.filtered(
            lambda order: order.state in states and order.id not in passed
        )
        if not orders:
            return orders
        orders.check_access("write")  # before anything is put on record about them
        verdicts = orders.sudo()._credit_verdicts(lock=True)  # facts of all salespeople
        # the hold is a fact, also for those who may not read it
        by_hand = orders.filtered(
            lambda order: order.sudo()._credit_get_hold()._stays_held()
        )
        unasked = by_hand.filtered(lambda order: not verdicts[order].customer)
        verdicts |= unasked.sudo()._credit_findings()  # as above
        held = by_hand | orders.filtered(lambda order: verdicts[order].findings)
        held._credit_record_holds(verdicts)
        gone = (orders - held).sudo()._credit_get_hold()  # as their reasons are
        gone._set_lapsed()
        gone._end_refused()
        return held

    # === DOORS: writes and creations that skip the button === #

    @api.model_create_multi
    def create(self, vals_list):
        """Orders that arrive confirmed, by import for instance, meet the rules too."""
        worked_out = written(WORKED_OUT, vals_list, self.env.context)
        default = self.default_get(["state"]).get("state")
        if all(vals.get("state", default) != "sale" for vals in vals_list):
            orders = super().create(vals_list)
            work_out(orders, worked_out)
            return orders
        with self.order_line._credit_withholding():
            orders = super().create(vals_list)
        work_out(orders, worked_out)
        arrived = orders.filtered(lambda order: order.state == "sale")
        held = arrived._credit_hold_arrived()
        (arrived - held).order_line._credit_run_withheld()
        return orders

    def write(self, vals):
        arriving = self.browse()
        if vals.get("state") == "sale":
            passed = self._credit_passed_ids()
            arriving = self.filtered(
                lambda order: order.state != "sale" and order.id not in passed
            )
        if arriving:
            held = self._credit_write_before_confirmed(arriving, vals)
            return super(SaleOrder, self - held).write({"state": vals["state"]})
        if not self._credit_is_moved_by(vals):
            res = super().write(vals)
        else:
            with self._credit_judged():
                res = super().write(vals)
        work_out(self, written(WORKED_OUT, [vals]))
        return res

    def _credit_write_before_confirmed(self, arriving, vals):
        """Write all but the state of values that confirm orders, and return those that
        are held as they are then: these stay or become quotations."""
        rest = {name: value for name, value in vals.items() if name != "state"}
        if rest:
            self.write(rest)
        held = arriving._credit_hold_broken(("draft", "sent", "cancel"))
        held.filtered(lambda order: order.state == "cancel").write({"state": "draft"})
        return held

    def _credit_hold_arrived(self):
        """Take confirmed orders that break a rule back to quotations and hold them."""
        verdicts = self.sudo()._credit_verdicts(lock=True)  # facts of all salespeople
        held = self.filtered(lambda order: verdicts[order].findings)
        if held:
            held.write({"state": "sent"})
            held._credit_record_holds(verdicts)
        return held

    # === ACTIONS === #

    def action_credit_confirm(self):
        """Confirm the quotations of a list: the good ones pass, one summary tells of
        the others. Orders that are no quotations any more are left out."""
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        if not quotations:
            raise UserError(self.env._("None of these orders is a quotation."))
        results = []
        errors = for_people(
            quotations,
            lambda some: results.append(some.action_confirm()),
            "confirming",
        )
        told = [result for result in results if isinstance(result, dict)]
        if not errors and told:
            return told[0]
        confirmed = quotations.filtered(lambda order: order.state == "sale")
        return outcome(
            self.env._("%s confirmed.", len(confirmed)),
            [
                *(result["params"]["message"] for result in told),
                *(f"{order.name}: {error}" for order, error in errors.items()),
            ],
        )


class _Passing:
    """Marks orders as having been through the gate while a block runs."""

    def __init__(self, orders):
        self.passed = orders._credit_passed_ids()
        self.ids = set(orders.ids) - self.passed

    def __enter__(self):
        self.passed |= self.ids

    def __exit__(self, *exc_info):
        self.passed -= self.ids
