from collections import defaultdict
from dataclasses import dataclass, field, replace

from odoo import models

from ...engine.exposure.exposure import CustomerCredit
from ...engine.hold import hold_rules
from ...engine.hold.change import Weight
from ...engine.rule import rule as engine_rule
from ...sql.limit.standing import unasked


@dataclass
class Verdict:
    """What the rules say about one order; amounts in ``currency``, the company's.

    All empty where the company has no rule.
    """

    order: engine_rule.Order | None = None
    currency: object = None
    customer: CustomerCredit | None = None
    findings: list = field(default_factory=list)
    #: What was stopped, where it is not the confirmation or growth of the order.
    checkpoint: str | None = None
    #: What the order is once something has happened that is not on it yet.
    weight: Weight | None = None


class SaleOrder(models.Model):
    """What the rules say about orders, as they decide and to look at."""

    _inherit = "sale.order"

    # === DECIDE === #

    def _credit_verdicts(self, lock=False):
        """Return what the rules say about these orders: ``{order: Verdict}``.

        Two statements per company for any number of orders, none where it has no rule.

        :param lock: decide for good: no other order can use the same credit
        """
        verdicts = {order: Verdict() for order in self}
        taken = defaultdict(float)
        for root, orders in self._credit_grouped_by_root():
            rules = self.env["credit.rule"]._get_engine_rules(root.id, "confirm")
            if rules:
                orders._credit_prepare_verdicts(root, verdicts)
                orders._credit_decide(root, rules, verdicts, lock, taken)
        return verdicts

    def _credit_verdicts_beyond(self, checkpoint, weights):
        """Return what the rules for whole orders say of confirmed orders that are about
        to take more than what is on them, goods that leave beyond what was ordered for
        instance: ``{order: Verdict}``.

        :param checkpoint: where that is stopped
        :param weights: ``{order: Weight}`` of what they are then
        """
        verdicts = {
            order: Verdict(checkpoint=checkpoint, weight=weights[order])
            for order in self
        }
        taken = defaultdict(float)
        for root, orders in self._credit_grouped_by_root():
            rules = self.env["credit.rule"]._get_engine_rules(root.id, "confirm")
            if rules:
                orders._credit_prepare_verdicts(root, verdicts)
                for order in orders:
                    verdicts[order].order = order._credit_with_weight(verdicts[order])
                orders._credit_decide(root, rules, verdicts, True, taken)
        return verdicts

    def _credit_with_weight(self, verdict):
        """Return the order of a verdict with what its weight has beyond what it is."""
        order, then, now = verdict.order, verdict.weight, self._credit_weight()
        more = self._credit_convert(then.total - now.total)
        return replace(
            order,
            total=order.total + more,
            on_credit=order.on_credit + self._credit_convert(then.credit_beyond(now)),
            to_pay=order.to_pay + more,
        )

    def _credit_findings(self):
        """Return the verdicts on orders that are held anyway: the position of the
        customer is in them also where there is no rule, or a release covers them."""
        verdicts = {order: Verdict() for order in self}
        taken = defaultdict(float)
        for root, orders in self._credit_grouped_by_root():
            rules = self.env["credit.rule"]._get_engine_rules(root.id, "confirm")
            orders._credit_prepare_verdicts(root, verdicts)
            orders._credit_decide(root, rules, verdicts, True, taken)
        return verdicts

    def _credit_prepare_verdicts(self, root, verdicts):
        on_credit = self._credit_on_credit()
        terms = self.env["account.payment.term"]
        for order in self:
            verdicts[order].currency = root.currency_id
            verdicts[order].order = engine_rule.Order(
                total=order._credit_total(),
                on_credit=on_credit[order],
                to_pay=order._credit_to_pay(),
                key=order,
                terms=terms._credit_terms(order.payment_term_id._origin.id),
                company_id=order.company_id.id,
                is_excluded=order._credit_is_excluded(),
            )

    def _credit_decide(self, root, rules, verdicts, lock, taken):
        """Decide the orders of one root company.

        :param taken: ``{(credit group id, root company): amount}`` that orders decided
            before take of the credit of groups; those that pass are added
        """
        by_contact = self.grouped(lambda order: order._credit_contact().id)
        by_contact.pop(False, None)  # a quotation that has no customer yet
        today = root._credit_today()
        profiles = self.env["credit.profile"]
        customers = profiles._collect(
            root,
            by_contact.keys(),
            lock=lock,
            without_orders=[
                order._origin.id for order in verdicts if order.state == "sale"
            ],
            today=today,
            skip=unasked(rules, profiles._get_facts()),
        )

        def customer_of(order):
            return customers[order._credit_contact().id]

        stops = any(rule.of.by_hand for rule in rules)

        def is_released(order):
            status = customer_of(order.key).standing.status if stops else None
            weight = verdicts[order.key].weight
            return order.key._credit_is_released(today, status, weight)

        buying = self.filtered(lambda order: order._credit_contact().id in by_contact)
        for orders in buying.grouped(
            lambda order: customer_of(order).partner_id
        ).values():
            customer = customer_of(orders[0])
            customer = customer.with_group_order(
                self._credit_taken(root, customer.group_id, taken, today)
            )
            found = hold_rules.evaluate_in_turn(
                rules,
                customer,
                [verdicts[order].order for order in orders],
                is_released,
            )
            for order, findings in zip(orders, found, strict=True):
                verdicts[order].customer = customer
                verdicts[order].findings = findings
                if customer.group_id and not findings:
                    on_credit = max(verdicts[order].order.on_credit, 0.0)
                    taken[customer.group_id, root] += on_credit

    def _credit_taken(self, root, group_id, taken, today):
        """Return what was taken of a group's credit, in the currency of the company."""
        return sum(
            company.currency_id._convert(amount, root.currency_id, root, today)
            for (taken_group_id, company), amount in taken.items()
            if group_id and taken_group_id == group_id
        )

    def _credit_is_released(self, today, status=None, weight=None):
        """Tell whether a release that was given still covers the order.

        :param status: what the status of the customer stops now, where a rule asks
        :param weight: what the order will be, where that is not what it is
        """
        hold = self._credit_get_hold()
        if hold.state != "released" or hold.partner_id != self._credit_partner():
            return False
        return hold._covers(self, today, status, weight)

    # === JUDGE === #

    def _credit_judge(self, checkpoint="confirm"):
        """Return the :class:`Verdict` of one order and the judgements of all rules.

        What a release covers is judged too, as if it had not been given.
        """
        self.ensure_one()
        root = self.company_id.browse(self.company_id._credit_root_id())
        verdict = Verdict()
        self._credit_prepare_verdicts(root, {self: verdict})
        order = replace(verdict.order, checkpoint=checkpoint)
        verdict.customer, judgements = self.env["credit.profile"]._judge_order(
            root,
            self._credit_partner(),
            order,
            without_orders=self.ids if self.state == "sale" else (),
        )
        return verdict, judgements

    def action_try_rules(self):
        """Show what the rules say about this order."""
        self.ensure_one()
        profiles = self.env["credit.profile"]
        return profiles._open_try_rules({"default_order_id": self.id})
