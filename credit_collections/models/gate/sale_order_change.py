"""Whatever moves credit is judged by what the order is after it, confirmed or not."""

from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Command

from ...engine.hold.change import Weight, is_within
from ...tools.marks import marked

#: What moves credit of an order: a change of one of these may take more, of another's
#: credit, or sooner. Fields that follow from them are found in the weight.
MOVES_CREDIT = {
    "partner_id",
    "partner_invoice_id",
    "company_id",
    "payment_term_id",
    "pricelist_id",
    "currency_id",
    "commitment_date",
}

#: The same of a line.
LINE_MOVES_CREDIT = {
    "order_id",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "price_unit",
    "discount",
    "tax_ids",
    "is_downpayment",
    "qty_delivered",
}

#: What others work out: written by call, it is worked out again.
WORKED_OUT = {"amount_untaxed", "amount_tax", "amount_total"}
LINE_WORKED_OUT = {
    "price_subtotal",
    "price_tax",
    "price_total",
    "qty_invoiced",
    "qty_to_invoice",
    "state",
    "currency_id",
    "company_id",
    "order_partner_id",
}

#: Mark of the ids of orders that are judged when the change in hand is over.
JUDGED = "credit_collections.judged"


def written(names, vals_list, context=()):
    """Return those of the names that values give, or defaults of a context."""
    return {
        name
        for name in names
        if f"default_{name}" in context or any(name in vals for vals in vals_list)
    }


def work_out(records, names):
    """Work fields out anew: what they are is no one's to write."""
    for name in names:
        records.env.add_to_compute(records._fields[name], records)


def _is_idle(command):
    """Tell whether a command on order lines changes nothing that moves credit; what is
    no command is the id or record of a line that the order is to have."""
    return (
        isinstance(command, list | tuple)
        and command[0] == Command.UPDATE
        and LINE_MOVES_CREDIT.isdisjoint(command[2])
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === WHAT MOVES CREDIT === #

    @api.model
    def _credit_is_moved_by(self, vals):
        """Tell whether a write of these values may move credit."""
        if not MOVES_CREDIT.isdisjoint(vals):
            return True
        return "order_line" in vals and not all(
            map(_is_idle, vals["order_line"] or [0])
        )

    def _credit_weight(self):
        """Return the :class:`~..engine.hold.change.Weight` of the order."""
        self.ensure_one()
        lines = self.order_line
        delivery = self.commitment_date
        weight = Weight(
            payer=self._credit_partner()._origin.id,
            company=self.company_id.id,
            currency=self.currency_id.id,
            terms=self.payment_term_id._origin.id,
            counts=self._credit_is_in_horizon(),
            delivery=fields.Date.to_string(delivery.date()) if delivery else "",
            total=self.amount_total,
            advances=frozenset(lines.filtered("is_downpayment")._origin.ids),
            lines={line._origin.id: line.price_total for line in lines},
        )
        if self.state != "sale":
            return weight
        taken = (line for line in lines if line._credit_is_taken(weight.counts))
        return weight.with_delivered(
            {line._origin.id: line._credit_taken_value() for line in taken}
        )

    # === CHANGE === #

    @contextmanager
    def _credit_judged(self):
        """Judge confirmed orders when a block is over, by what they are then.

        Nothing is undone: the order keeps what was entered, and what the change would
        set off waits for the release. Of changes inside each other the outer one asks.
        """
        judged = marked(self.env, JUDGED)
        orders = self.filtered(
            lambda order: order.state == "sale" and order.id not in judged
        )
        # facts of customers, also for salespeople who may not read them
        before = {order: order.sudo()._credit_weight() for order in orders}
        ids = set(orders.ids)
        judged |= ids
        try:
            yield
        finally:
            judged -= ids
        orders._credit_judge_changed(before)

    def _credit_judge_changed(self, before):
        """Hold confirmed orders that take more now than the rules allow, and end the
        holds of changes that were taken back.

        :param before: ``{order: weight before the change}``
        """
        # facts of everybody
        orders_sudo = self.sudo().filtered(lambda order: order.state == "sale")
        now = {order: order._credit_weight() for order in orders_sudo}
        changed = orders_sudo.filtered(lambda order: now[order] != before[order])
        waiting = changed.filtered(lambda order: order._credit_waits_for_change())
        undone = waiting.filtered(
            lambda order: order._credit_get_hold()._is_within_approved(now[order])
        )
        more = changed.filtered(
            lambda order: (
                not is_within(before[order], now[order])
                or order._credit_get_hold()._is_refused()
            )
        )
        asked = (more | waiting) - undone
        held = asked.browse()
        if asked:
            verdicts = asked._credit_verdicts(lock=True)
            held = asked.filtered(lambda order: verdicts[order].findings)
            (held & more).with_env(self.env)._credit_hold_change(verdicts, before)
        ended = waiting - held
        ended._credit_get_hold()._end_change()

    def _credit_hold_change(self, verdicts, before):
        """Hold changed orders, and keep what of them goes on: what they were before the
        change, or before an earlier one that is held or was rejected."""
        orders_sudo = self.sudo()  # holds are written by decisions alone
        approved = {}
        for order in orders_sudo:
            hold = order._credit_get_hold()
            if hold._withholds():
                approved[order] = hold.approved_as
            else:
                approved[order] = before[order].to_json()
        self._credit_record_holds(verdicts)
        for order, weight in approved.items():
            order._credit_get_hold()._approve_as(weight)

    def _credit_waits_for_change(self):
        """Tell whether what waits, or was rejected, is a change alone, and a change may
        end it."""
        hold = self._credit_get_hold()
        return hold._withholds() and hold._is_of_change()
