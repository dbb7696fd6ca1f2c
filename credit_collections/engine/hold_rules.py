"""Which credit rules an order breaks, with the numbers and what would change it.

Pure decisions: a rule and the facts come in, findings go out. Words are made elsewhere.
"""

from dataclasses import dataclass, replace

from .exposure import limit_used

LIMIT_USED, DAYS_OVERDUE, OVERDUE_AMOUNT = (
    "limit_used",
    "days_overdue",
    "overdue_amount",
)
ORDER_AMOUNT, MANUAL = "order_amount", "manual"

#: An amount within this of its threshold has not passed it: binary floats add up
#: 0.1 + 0.2 to more than 0.3, and no currency has a unit this small.
EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Rule:
    """One blocking rule.

    :param amount: company currency; order amount or overdue amount that may be reached
    :param days: days past due that may be reached
    :param share: share of the limit that may be reached (1.0 = 100 %); for an overdue
        amount the share above which the rule bites, 0.0 = always
    :param profile_id: the only profile it is valid for, ``None`` = all customers
    """

    id: int
    kind: str
    amount: float = 0.0
    days: int = 0
    share: float = 0.0
    profile_id: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order in hand, company currency.

    :param total: what the customer buys, with taxes
    :param on_credit: what it adds to the exposure: the total less what is paid already,
        0 for an order so far away that it does not count yet
    :param to_pay: what is left to pay for it, default the same
    :param key: whatever the caller knows it by
    """

    total: float
    on_credit: float
    to_pay: float | None = None
    key: object = None

    @property
    def is_free(self):
        """Whether there is nothing to pay any more: fully prepaid, free, a return."""
        to_pay = self.on_credit if self.to_pay is None else self.to_pay
        return to_pay <= EPSILON


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: ``value`` passed ``threshold``; ``missing`` money would clear it.

    Value and threshold are amounts, shares or days, by the kind of rule. ``missing`` is
    0.0 where money alone does not help. ``of_group`` tells that it is about the credit
    that the customer shares with a group.
    """

    rule_id: int
    kind: str
    value: float
    threshold: float
    missing: float = 0.0
    of_group: bool = False


def evaluate(rules, customer, order):
    """Return the findings of an order, empty where it may go through.

    An order with nothing left to pay (return, fully prepaid) breaks no rule about
    money; a manual hold stops it all the same.

    :param rules: iterable of :class:`Rule`, in the order in which reasons are shown
    :param customer: :class:`~.exposure.CustomerCredit` without the order in hand
    :param order: :class:`Order`
    """
    findings = []
    for rule in rules:
        if rule.profile_id is not None and rule.profile_id != customer.profile_id:
            continue
        if order.is_free and rule.kind != MANUAL:
            continue
        finding = _CHECKS[rule.kind](rule, customer, order)
        if finding:
            findings.append(finding)
    return findings


def evaluate_in_turn(rules, customer, orders, is_released):
    """Return one list of findings per order, where a passed order uses up credit.

    Orders of one customer confirmed together are decided one after the other: what
    passes is part of the exposure of the next. A return lowers nothing, as it does not
    once it is confirmed either.

    :param is_released: function that tells whether a release covers an order, which
        then passes whatever rules it breaks
    """
    verdicts = []
    for order in orders:
        findings = [] if is_released(order) else evaluate(rules, customer, order)
        verdicts.append(findings)
        if not findings:
            customer = customer.with_order(max(order.on_credit, 0.0))
    return verdicts


def _check_limit_used(rule, customer, order):
    """The room of the group comes first, the customer's own after it; what is missing
    clears both. Who has unlimited credit has it in a group too."""
    if customer.limit is None or order.on_credit <= EPSILON:
        return None
    own = _over(rule, customer.limit, customer.exposure + order.on_credit)
    if customer.group_limit is None:
        return own
    group = _over(rule, customer.group_limit, customer.group_exposure + order.on_credit)
    if group is None:
        return own
    missing = max(group.missing, own.missing if own else 0.0)
    return replace(group, missing=missing, of_group=True)


def _over(rule, limit, after):
    """Return the finding where ``after`` passes the rule's share of a limit."""
    allowed = limit * rule.share
    if after <= allowed + EPSILON:
        return None
    used = limit_used(limit, after)
    return Finding(rule.id, rule.kind, used, rule.share, after - allowed)


def _check_days_overdue(rule, customer, order):
    days = customer.overdue_days
    if days <= rule.days:
        return None
    return Finding(rule.id, rule.kind, days, rule.days, customer.overdue_amount)


def _check_overdue_amount(rule, customer, order):
    overdue = customer.overdue_amount
    if overdue <= rule.amount + EPSILON:
        return None
    if rule.share and not _is_above_share(rule.share, customer, order):
        return None
    return Finding(rule.id, rule.kind, overdue, rule.amount, overdue - rule.amount)


def _is_above_share(share, customer, order):
    """Tell whether the order takes the customer above that share of the limit."""
    if customer.limit is None:
        return False
    return customer.exposure + order.on_credit > customer.limit * share + EPSILON


def _check_order_amount(rule, customer, order):
    if order.total <= rule.amount + EPSILON:
        return None
    return Finding(rule.id, rule.kind, order.total, rule.amount)


def _check_manual(rule, customer, order):
    if not customer.on_hold:
        return None
    return Finding(rule.id, rule.kind, 1.0, 0.0)


_CHECKS = {
    LIMIT_USED: _check_limit_used,
    DAYS_OVERDUE: _check_days_overdue,
    OVERDUE_AMOUNT: _check_overdue_amount,
    ORDER_AMOUNT: _check_order_amount,
    MANUAL: _check_manual,
}
