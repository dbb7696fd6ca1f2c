"""The gate in front of confirmation: every way into it leads through here."""

from dataclasses import dataclass, field

from odoo import fields, models

from ..engine import hold_rules, release
from ..engine.exposure import CustomerCredit

#: Key of the set of order ids, in the data of the transaction, that were let through.
#: It is not a context key, which anybody could send along with a call.
PASSED = "credit_collections.passed"


@dataclass
class Verdict:
    """What the rules say about one order; amounts in ``currency``, the company's.

    All empty where the company has no rule.
    """

    order: hold_rules.Order | None = None
    currency: object = None
    customer: CustomerCredit | None = None
    findings: list = field(default_factory=list)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === THE GATE === #

    def _register_hook(self):
        """Put the gate around ``action_confirm`` of all addons.

        An ordinary override would run after the side effects that other addons have
        before they call ``super()``, loyalty points for instance.
        """
        super()._register_hook()
        model_class = self.env.registry[self._name]
        if hasattr(vars(model_class).get("action_confirm"), "origin"):
            return

        def action_confirm(self):
            return self._credit_confirm(action_confirm.origin)

        action_confirm.origin = model_class.action_confirm
        model_class.action_confirm = action_confirm

    def _unregister_hook(self):
        super()._unregister_hook()
        model_class = self.env.registry[self._name]
        if "action_confirm" in vars(model_class):
            del model_class.action_confirm

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

        Orders that are not quotations, or went through the gate already, are left alone.
        """
        passed = self._credit_passed_ids()
        orders = self.filtered(
            lambda order: order.state in ("draft", "sent") and order.id not in passed
        )
        verdicts = orders.sudo()._credit_verdicts(lock=True)  # facts of all salespeople
        held = orders.filtered(lambda order: verdicts[order].findings)
        held._credit_record_holds(verdicts)
        (orders - held).sudo().credit_hold_id._set_lapsed()  # reasons are gone
        return held

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

    # === DECIDE === #

    def _credit_verdicts(self, lock=False):
        """Return what the rules say about these orders: ``{order: Verdict}``.

        Two statements per company for any number of orders, none where it has no rule.

        :param lock: decide for good: no other order can use the same credit
        """
        verdicts = {order: Verdict() for order in self}
        for root, orders in self.grouped(
            lambda order: order.company_id.root_id
        ).items():
            rules = self.env["credit.rule"]._get_engine_rules(root.id, "confirm")
            if rules:
                orders._credit_prepare_verdicts(root, verdicts)
                orders._credit_decide(root, rules, verdicts, lock)
        return verdicts

    def _credit_prepare_verdicts(self, root, verdicts):
        on_credit = self._credit_on_credit()
        for order in self:
            verdicts[order].currency = root.currency_id
            verdicts[order].order = hold_rules.Order(
                total=order._credit_total(), on_credit=on_credit[order], key=order
            )

    def _credit_decide(self, root, rules, verdicts, lock):
        by_customer = self.grouped(lambda order: order._credit_partner().id)
        by_customer.pop(False, None)  # a quotation that has no customer yet
        customers = self.env["credit.profile"]._collect(
            root,
            by_customer.keys(),
            lock=lock,
            without_orders=self.filtered(
                lambda order: order.state == "sale"
            )._origin.ids,
        )
        today = fields.Date.context_today(self)

        def is_released(order):
            return order.key._credit_is_released(order.total, today)

        for partner_id, orders in by_customer.items():
            customer = customers[partner_id]
            found = hold_rules.evaluate_in_turn(
                rules,
                customer,
                [verdicts[order].order for order in orders],
                is_released,
            )
            for order, findings in zip(orders, found, strict=True):
                verdicts[order].customer = customer
                verdicts[order].findings = findings

    def _credit_is_released(self, total, today):
        """Tell whether a release that was given still covers the order."""
        hold = self._origin.credit_hold_id
        if hold.state != "released":
            return False
        given = release.Release(hold.released_amount, hold.valid_until, hold.tolerance)
        return release.covers(given, total, today)

    # === RECORD === #

    def _credit_record_holds(self, verdicts):
        """Write the holds of broken orders, tell approvers and salespeople."""
        if not self:
            return
        again = self.filtered(lambda order: order.sudo().credit_hold_id.state == "held")
        for order in again:
            order.sudo().credit_hold_id._update_reasons(verdicts[order])
        new = self - again
        # a hold is a fact: whoever confirms, also a customer in the portal, causes it
        holds_sudo = self.env["credit.hold"].sudo()
        holds_sudo = holds_sudo.create(
            [order._prepare_credit_hold_vals(verdicts[order]) for order in new]
        )
        for hold in holds_sudo:
            hold.order_id.credit_hold_id = hold
        holds_sudo._announce()
        self.sudo()._credit_park()

    def _prepare_credit_hold_vals(self, verdict):
        """Return the values of the hold of one order, with the numbers of its verdict."""
        customer, order = verdict.customer, verdict.order
        missing = [finding.missing for finding in verdict.findings]
        available = customer.available
        over = verdict.currency.round(max(order.on_credit - (available or 0.0), 0.0))
        language = self.sudo().user_id.lang or self.env.lang
        lines = self.env["credit.hold.line"].sudo().with_context(lang=language)
        return {
            "order_id": self.id,
            "profile_id": customer.profile_id,
            "checkpoint": "change" if self.state == "sale" else "confirm",
            "amount": order.total,
            "amount_on_credit": order.on_credit,
            "is_limited": customer.limit is not None,
            "limit_amount": customer.limit or 0.0,
            "exposure_amount": customer.exposure,
            "overdue_amount": customer.overdue_amount,
            "overdue_days": customer.overdue_days,
            "amount_over": 0.0 if available is None else over,
            "missing_amount": verdict.currency.round(max(missing)) if all(missing) else 0.0,
            "send_confirmation": bool(self.env.context.get("send_email")),
            "line_ids": [
                fields.Command.create(lines._prepare_vals(finding, verdict))
                for finding in verdict.findings
            ],
        }

    def _credit_park(self):
        """Keep a held order of a customer's own doing from being taken for a cart."""
        carts = self.filtered(
            lambda order: (
                order.state == "draft"
                and (order.transaction_ids or order._credit_is_from_website())
            )
        )
        carts.write({"state": "sent"})

    def _credit_is_from_website(self):
        return "website_id" in self._fields and bool(self.website_id)

    def _credit_summary(self, passed_count):
        """Return one notification for orders that were held."""
        if len(self) == 1 and not passed_count:
            message = self.env._(
                "%(order)s is on credit hold: %(reason)s. A credit manager was told.",
                order=self.name,
                reason=self.sudo().credit_hold_id.reason_summary,
            )
        else:
            message = self.env._(
                "%(passed)s confirmed, %(held)s on credit hold: %(names)s",
                passed=passed_count,
                held=len(self),
                names=", ".join(self.mapped("name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Credit hold"),
                "message": message,
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class _Passing:
    """Marks orders as having been through the gate while a block runs."""

    def __init__(self, orders):
        self.passed = orders._credit_passed_ids()
        self.ids = set(orders.ids) - self.passed

    def __enter__(self):
        self.passed |= self.ids

    def __exit__(self, *exc_info):
        self.passed -= self.ids
