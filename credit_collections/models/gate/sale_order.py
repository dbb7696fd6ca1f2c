"""The gate in front of confirmation: every way into it leads through here."""

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.outermost import put_around, take_away

#: Key of the set of order ids, in the data of the transaction, that were let through.
#: It is not a context key, which anybody could send along with a call.
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
        return self.env.cr.precommit.data.setdefault(PASSED, set())

    def _credit_hold_broken(self):
        """Hold the orders among these that break a rule, and return them.

        Orders that are no quotations, or went through the gate already, are left alone.
        """
        passed = self._credit_passed_ids()
        orders = self.filtered(
            lambda order: order.state in ("draft", "sent") and order.id not in passed
        )
        if not orders:
            return orders
        verdicts = orders.sudo()._credit_verdicts(lock=True)  # facts of all salespeople
        held = orders.filtered(
            lambda order: (
                verdicts[order].findings
                # the hold is a fact, also for those who may not read it
                or order.sudo()._credit_get_hold()._stays_held()
            )
        )
        held._credit_record_holds(verdicts)
        (orders - held).sudo()._credit_get_hold()._set_lapsed()  # reasons are gone
        return held

    # === DOORS: writes and creations that skip the button === #

    @api.model_create_multi
    def create(self, vals_list):
        """Orders that arrive confirmed, by import for instance, meet the rules too."""
        confirmed = [vals.get("state") == "sale" for vals in vals_list]
        if not any(confirmed):
            return super().create(vals_list)
        with self.order_line._credit_withholding():
            orders = super().create(vals_list)
        arrived = orders.browse(
            order.id
            for order, is_sale in zip(orders, confirmed, strict=True)
            if is_sale
        )
        held = arrived._credit_hold_arrived()
        (arrived - held).order_line._credit_run_withheld()
        return orders

    def write(self, vals):
        if vals.get("state") != "sale":
            return super().write(vals)
        held = self._credit_hold_broken()
        if held:
            super(SaleOrder, held).write(
                {key: value for key, value in vals.items() if key != "state"}
            )
        return super(SaleOrder, self - held).write(vals)

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
        result = quotations.action_confirm()
        if isinstance(result, dict):
            return result
        return self.env["credit.hold"]._notify(
            self.env._("%s confirmed.", len(quotations)), {}
        )

    # === RAISED AFTER CONFIRMATION === #

    def _credit_totals_of_confirmed(self):
        """Return ``{order: total}`` of the confirmed orders among these."""
        return {order: order.amount_total for order in self if order.state == "sale"}

    def _credit_check_raised(self, before):
        """Hold confirmed orders that grew beyond what the rules allow.

        Nothing is undone: the order keeps what was entered, and what the growth would
        set off waits for the release.

        :param before: totals before the change, of :meth:`_credit_totals_of_confirmed`
        """
        raised = self.filtered(
            lambda order: (
                order in before
                and order.currency_id.compare_amounts(order.amount_total, before[order])
                > 0
            )
        )
        if raised:
            verdicts = raised.sudo()._credit_verdicts(lock=True)  # facts of everybody
            held = raised.filtered(lambda order: verdicts[order].findings)
            held._credit_record_holds(verdicts)


class _Passing:
    """Marks orders as having been through the gate while a block runs."""

    def __init__(self, orders):
        self.passed = orders._credit_passed_ids()
        self.ids = set(orders.ids) - self.passed

    def __enter__(self):
        self.passed |= self.ids

    def __exit__(self, *exc_info):
        self.passed -= self.ids
