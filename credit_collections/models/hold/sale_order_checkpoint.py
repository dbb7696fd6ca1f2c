from dataclasses import replace

from odoo import models

from ...engine.hold import hold_rules
from ...engine.hold.prepaid import paid_of_order
from .sale_order_verdict import Verdict


class SaleOrder(models.Model):
    """Checkpoints behind confirmation: what rules say of a part of an order."""

    _inherit = "sale.order"

    def _credit_verdicts_at(self, checkpoint, values, lock=False):
        """Return what the rules of a later checkpoint say: ``{order: Verdict}``.

        The orders are confirmed, so the exposure has them already: what is in hand is
        taken out of it for the comparison and not added once more. Three statements
        per company for any number of orders, none where it has no rule.

        :param checkpoint: ``invoice``; the name of a rule's field without ``at_``
        :param values: ``{order: amount}`` that is in hand, in company currency
        :param lock: decide for good: no other decision can use the same credit
        """
        verdicts = {order: Verdict(checkpoint=checkpoint) for order in self}
        for root, orders in self._credit_grouped_by_root():
            rules = self.env["credit.rule"]._get_engine_rules(root.id, checkpoint)
            if rules:
                orders._credit_prepare_verdicts(root, verdicts)
                orders._credit_decide_part(root, rules, verdicts, values, lock)
        return verdicts

    def _credit_decide_at(self, checkpoint, values, weights=None):
        """Hold those of these orders that break a rule of a later checkpoint, and
        return them; the holds that it gave the others lapse.

        :param values: as :meth:`_credit_verdicts_at` takes them
        :param weights: ``{order: Weight}`` of those that take more credit by it than
            what is on them: they are asked about as if they were to grow
        """
        verdicts = self._credit_verdicts_at(checkpoint, values, lock=True)
        if weights:
            more = self.filtered(
                lambda order: order in weights and not verdicts[order].findings
            )
            verdicts |= more._credit_verdicts_beyond(checkpoint, weights)
        held = self.filtered(lambda order: verdicts[order].findings)
        held._credit_record_holds(verdicts)
        (self - held)._credit_get_hold().filtered(
            lambda hold: hold.checkpoint == checkpoint
        )._set_lapsed()  # reasons are gone
        return held

    def _credit_decide_part(self, root, rules, verdicts, values, lock):
        by_contact = self.grouped(lambda order: order._credit_contact().id)
        customers = self.env["credit.profile"]._collect(root, by_contact, lock=lock)
        today = root._credit_today()
        stops = any(rule.of.by_hand for rule in rules)
        counted = "order" in root._credit_scope(root.id).components
        for order in self:
            verdict, checkpoint = verdicts[order], verdicts[order].checkpoint
            to_pay = order._credit_left_to_pay()
            value = max(min(values[order], to_pay), 0.0)
            inside = value if counted and order._credit_is_in_horizon() else 0.0
            verdict.order = replace(
                verdict.order,
                total=values[order],
                on_credit=value,
                to_pay=to_pay,
                checkpoint=checkpoint,
            )
            customer = customers[order._credit_contact().id]
            verdict.customer = customer.with_order(-inside)
            if checkpoint == "invoice" and verdict.order.is_free:
                continue  # what is paid is billed, whatever is known of the customer
            status = verdict.customer.standing.status if stops else None
            if not order._credit_is_released(today, status):
                verdict.findings = hold_rules.evaluate(
                    rules, verdict.customer, verdict.order
                )

    def _credit_left_to_pay(self):
        """Return what a confirmed order still waits for, in company currency.

        Less what was paid of its invoices, and what was paid for it in advance.
        """
        invoiced = [
            (line.price_total * -line.move_id.direction_sign, _paid_share(line.move_id))
            for line in self.order_line.invoice_lines
            if line.parent_state == "posted"
        ]
        received = [
            transaction._credit_received_for(self)
            for transaction in self.transaction_ids
            if transaction.state in ("authorized", "done")
        ]
        paid = self.currency_id.round(paid_of_order(invoiced, received))
        return self._credit_convert(self.amount_total - paid)


def _paid_share(move):
    """Return which share of an invoice is paid."""
    if move.currency_id.is_zero(move.amount_total):
        return 1.0
    return 1.0 - move.amount_residual / move.amount_total
