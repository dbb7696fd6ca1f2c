"""What each kind of rule looks at: the value found, what is allowed, what would help."""

from dataclasses import dataclass

from .exposure import limit_used
from .standing import EVERYTHING

LIMIT_USED, DAYS_OVERDUE, OVERDUE_AMOUNT = (
    "limit_used",
    "days_overdue",
    "overdue_amount",
)
ORDER_AMOUNT, MANUAL = "order_amount", "manual"
LIMIT_EXPIRED, ACCOUNT_STATUS, RISK_CLASS = (
    "limit_expired",
    "account_status",
    "risk_class",
)
PAYMENT_TERMS, TERMS_BETTER = "payment_terms", "terms_better"
BROKEN_PROMISES, DUNNING_STEP = "broken_promises", "dunning_step"

BLOCK, EXCLUDE = "block", "exclude"

#: What a rule compares. An exclusion lifts only rules that compare the same.
DAYS, AMOUNT, SHARE, COUNT, MATCH = "days", "amount", "share", "count", "match"
VALUE_TYPES = {
    LIMIT_USED: SHARE,
    DAYS_OVERDUE: DAYS,
    OVERDUE_AMOUNT: AMOUNT,
    ORDER_AMOUNT: AMOUNT,
    MANUAL: MATCH,
    LIMIT_EXPIRED: DAYS,
    ACCOUNT_STATUS: MATCH,
    RISK_CLASS: MATCH,
    PAYMENT_TERMS: MATCH,
    TERMS_BETTER: DAYS,
    BROKEN_PROMISES: COUNT,
    DUNNING_STEP: COUNT,
}

#: An amount within this of its threshold has not passed it: binary floats add up
#: 0.1 + 0.2 to more than 0.3, and no currency has a unit this small.
EPSILON = 1e-6

#: Where an order is looked at while it is still an order.
CONFIRM = "confirm"

#: How narrow a rule is: the narrowest comes first.
CUSTOMER, GROUP, EVERYBODY = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it blocks orders, or excludes them from being blocked.

    :param amount: company currency; order amount or overdue amount that may be reached
    :param days: days that may be reached: past due, after the end of the limit, or
        that the terms are longer than usual
    :param share: share of the limit that may be reached (1.0 = 100 %); for an overdue
        amount the share above which the rule bites, 0.0 = always
    :param profile_id: the only profile it is valid for, ``None`` = all customers
    :param group_id: the credit group that it is valid for; so is ``segment_id``
    :param class_ids: risk classes that it is about, or else that it is valid for; empty
        = all
    :param type: ``block`` or ``exclude``
    :param releases: an exclusion that is true lets the order pass, whatever else
    :param count: broken promises that may be reached; collection level that may not
    :param match_ids: ids of status reasons or payment terms that the rule is about
    :param compares: value type where it is not that of the kind: an exclusion from days
        overdue may look at the overdue amount
    """

    id: int
    kind: str
    amount: float = 0.0
    days: int = 0
    share: float = 0.0
    profile_id: int | None = None
    group_id: int | None = None
    segment_id: int | None = None
    class_ids: frozenset = frozenset()
    type: str = BLOCK
    releases: bool = False
    count: int = 0
    match_ids: frozenset = frozenset()
    compares: str | None = None

    @property
    def level(self):
        if self.profile_id is not None:
            return CUSTOMER
        if self.group_id is not None or self.segment_id is not None:
            return GROUP
        return EVERYBODY

    @property
    def value_type(self):
        return self.compares or VALUE_TYPES[self.kind]

    def is_for(self, customer):
        """Tell whether the rule is valid for the customer."""
        standing = customer.standing
        return (
            self.profile_id in (None, customer.profile_id)
            and self.group_id in (None, standing.group_id)
            and self.segment_id in (None, standing.segment_id)
            and (
                not self.class_ids
                or self.kind == RISK_CLASS
                or standing.risk_class_id in self.class_ids
            )
        )


@dataclass(frozen=True, slots=True)
class Order:
    """An order in hand, company currency.

    :param total: what the customer buys, with taxes
    :param on_credit: what it adds to the exposure: the total less what is paid already,
        0 for an order so far away that it does not count yet
    :param to_pay: what is left to pay for it, default the same
    :param key: whatever the caller knows it by
    :param terms: its payment :class:`~.standing.Terms`, ``None`` = not looked at
    :param company_id: the company that sells, maybe a branch
    :param checkpoint: where it is looked at
    :param is_excluded: somebody took it out of credit control
    """

    total: float
    on_credit: float
    to_pay: float | None = None
    key: object = None
    terms: object = None
    company_id: int | None = None
    checkpoint: str = CONFIRM
    is_excluded: bool = False

    @property
    def is_free(self):
        """Whether there is nothing to pay any more: fully prepaid, free, a return."""
        to_pay = self.on_credit if self.to_pay is None else self.to_pay
        return to_pay <= EPSILON


@dataclass(frozen=True, slots=True)
class Measure:
    """What a rule found: the value, what it allows, and whether the value passed it.

    ``missing`` is the money that would clear it, 0.0 where money alone does not help.
    """

    value: float
    threshold: float
    is_passed: bool
    missing: float = 0.0


def measure(rule, customer, order):
    """Return the :class:`Measure` of a rule, whoever it is valid for.

    :param customer: :class:`~.exposure.CustomerCredit` without the order in hand
    """
    if rule.kind == DAYS_OVERDUE and rule.compares == AMOUNT:
        return _overdue_amount(rule, customer, order)
    return _MEASURES[rule.kind](rule, customer, order)


def is_true(rule, found):
    """Tell whether a rule holds true: a block bites, an exclusion covers the order.

    An exclusion covers what stays within its threshold. One that names a status, class
    or terms covers those who have it, as a block bites them.
    """
    if rule.type == EXCLUDE and VALUE_TYPES[rule.kind] != MATCH:
        return not found.is_passed
    return found.is_passed


def _limit_used(rule, customer, order):
    if customer.limit is None:
        return Measure(0.0, rule.share, False)
    after = customer.exposure + max(order.on_credit, 0.0)
    allowed = customer.limit * rule.share
    is_passed = order.on_credit > EPSILON and after > allowed + EPSILON
    used = limit_used(customer.limit, after)
    return Measure(used, rule.share, is_passed, after - allowed if is_passed else 0.0)


def _days_overdue(rule, customer, order):
    days = customer.overdue_days
    return Measure(days, rule.days, days > rule.days, customer.overdue_amount)


def _overdue_amount(rule, customer, order):
    overdue = customer.overdue_amount
    has_share = rule.kind == OVERDUE_AMOUNT and rule.share
    is_passed = overdue > rule.amount + EPSILON and (
        not has_share or _is_above_share(rule.share, customer, order)
    )
    return Measure(overdue, rule.amount, is_passed, overdue - rule.amount)


def _is_above_share(share, customer, order):
    """Tell whether the order takes the customer above that share of the limit."""
    if customer.limit is None:
        return False
    return customer.exposure + order.on_credit > customer.limit * share + EPSILON


def _order_amount(rule, customer, order):
    return Measure(order.total, rule.amount, order.total > rule.amount + EPSILON)


def _manual(rule, customer, order):
    """Orders are stopped where they are confirmed; everything is stopped everywhere."""
    stops_all = customer.standing.status == EVERYTHING
    stops = customer.on_hold and (stops_all or order.checkpoint == CONFIRM)
    return Measure(float(stops), 0.0, stops)


def _limit_expired(rule, customer, order):
    """A customer without any limit, or without any credit, has none that could end."""
    standing = customer.standing
    if standing.expiry_date is None:
        is_open = standing.needs_expiry and bool(customer.limit)
        return Measure(0, rule.days, is_open)
    days = standing.expired_days
    return Measure(days, rule.days, days > rule.days)


def _matches(found, wanted):
    return Measure(float(found in wanted), 0.0, found in wanted)


def _account_status(rule, customer, order):
    return _matches(customer.standing.status_reason_id, rule.match_ids)


def _risk_class(rule, customer, order):
    return _matches(customer.standing.risk_class_id, rule.class_ids)


def _payment_terms(rule, customer, order):
    return _matches(order.terms and order.terms.id, rule.match_ids)


def _terms_better(rule, customer, order):
    """Longer credit than usual, or a better discount for early payment."""
    if order.terms is None:
        return Measure(0, rule.days, False)
    usual = customer.standing.terms_in(order.company_id)
    longer = order.terms.days - usual.days
    is_passed = longer > rule.days or order.terms.discount_rank > usual.discount_rank
    return Measure(longer, rule.days, is_passed)


def _broken_promises(rule, customer, order):
    broken = customer.standing.broken_promises
    return Measure(broken, rule.count, broken > rule.count)


def _dunning_step(rule, customer, order):
    """Reached, not passed: the step that the rule names is one too many."""
    level = customer.standing.dunning_level
    return Measure(
        level, rule.count, level >= max(rule.count, 1), customer.overdue_amount
    )


_MEASURES = {
    LIMIT_USED: _limit_used,
    DAYS_OVERDUE: _days_overdue,
    OVERDUE_AMOUNT: _overdue_amount,
    ORDER_AMOUNT: _order_amount,
    MANUAL: _manual,
    LIMIT_EXPIRED: _limit_expired,
    ACCOUNT_STATUS: _account_status,
    RISK_CLASS: _risk_class,
    PAYMENT_TERMS: _payment_terms,
    TERMS_BETTER: _terms_better,
    BROKEN_PROMISES: _broken_promises,
    DUNNING_STEP: _dunning_step,
}
