"""The gate in front of confirmation: every way into it leads through here."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from odoo import api, models
from odoo.exceptions import UserError

from ...engine.exposure.exposure import CustomerCredit
from ...engine.hold import hold_rules, release
from ...engine.rule import rule as engine_rule
from ...sql.limit.standing import unasked
from ...tools.outermost import put_around, take_away

#: Key of the set of order ids, in the data of the transaction, that were let through.
#: It is not a context key, which anybody could send along with a call.
PASSED = "credit_collections.passed"


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


class SaleOrder(models.Model):
    """The gate, the doors that lead around it, and what rules say about orders."""

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
                or order.sudo().credit_hold_id._stays_held()
            )
        )
        held._credit_record_holds(verdicts)
        (orders - held).sudo().credit_hold_id._set_lapsed()  # reasons are gone
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
        today = self.env["res.company"]._credit_today()
        customers = self.env["credit.profile"]._collect(
            root,
            by_contact.keys(),
            lock=lock,
            without_orders=[
                order._origin.id for order in verdicts if order.state == "sale"
            ],
            today=today,
            skip=unasked(rules),
        )

        def is_released(order):
            return order.key._credit_is_released(order.total, today)

        def customer_of(order):
            return customers[order._credit_contact().id]

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

    def _credit_is_released(self, total, today):
        """Tell whether a release that was given still covers the order."""
        hold = self._origin.credit_hold_id
        if hold.state != "released" or hold.partner_id != self._credit_partner():
            return False
        given = release.Release(hold.released_amount, hold.valid_until, hold.tolerance)
        return release.covers(given, total, today)

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


class _Passing:
    """Marks orders as having been through the gate while a block runs."""

    def __init__(self, orders):
        self.passed = orders._credit_passed_ids()
        self.ids = set(orders.ids) - self.passed

    def __enter__(self):
        self.passed |= self.ids

    def __exit__(self, *exc_info):
        self.passed -= self.ids
