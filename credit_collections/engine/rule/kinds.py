"""The kinds of rules: what each looks at, and how that is measured.

A kind is registered once, as a :class:`Kind`. Those of other addons come with the rule
itself, from the hook of its model.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..exposure.exposure import limit_used
from ..hub.amounts import EPSILON
from ..hub.standing import EVERYTHING

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

#: What a rule compares. An exclusion lifts only rules that compare the same.
DAYS, AMOUNT, SHARE, COUNT, MATCH = "days", "amount", "share", "count", "match"

#: Where an order is looked at while it is still an order.
CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule.

    :param value_type: what it compares: days, amounts, shares, counts, or whether
        something is the case
    :param measure: function of a :class:`~.rule.Rule`, the
        :class:`~..exposure.exposure.CustomerCredit` without the order in hand and the
        :class:`~.rule.Order`; returns a :class:`Measure`, whoever the rule is valid for
    :param fact: the fact about the customer that it asks for, where that takes time to
        find: it is left out as long as no rule asks
    :param others: what it may compare instead, ``{value type: function}``
    :param by_hand: a person decided it: it stops what is paid and whoever is exempt
        too, and neither an exclusion, a payment nor the system takes it back
    :param is_overdue: it is gone when the invoices are paid that are past due
    :param is_about_classes: risk classes are what it is about, not who it is for
    """

    name: str
    value_type: str
    measure: Callable
    fact: str | None = None
    others: dict = field(default_factory=dict, hash=False)
    by_hand: bool = False
    is_overdue: bool = False
    is_about_classes: bool = False

    def find(self, rule, customer, order):
        """Return the :class:`Measure` of a rule of this kind."""
        return self.others.get(rule.compares, self.measure)(rule, customer, order)


class Measure(NamedTuple):
    """What a rule found: the value, what it allows, and whether the value passed it.

    ``missing`` is the money that would clear it, 0.0 where money alone does not help.
    ``of_group`` tells that it is about the credit that is shared with a group.
    """

    value: float
    threshold: float
    is_passed: bool
    missing: float = 0.0
    of_group: bool = False


def _limit_used(rule, customer, order):
    """The room of the group comes first, the customer's own after it; what is missing
    clears both. Who has unlimited credit has it in a group too."""
    if customer.limit is None:
        return Measure(0.0, rule.share, False)
    own = _share_used(rule, order, customer.limit, customer.exposure)
    if customer.group_limit is None:
        return own
    group = _share_used(rule, order, customer.group_limit, customer.group_exposure)
    if own.is_passed and not group.is_passed:
        return own
    missing = max(group.missing, own.missing)
    return group._replace(missing=missing, of_group=True)


def _share_used(rule, order, limit, exposure):
    after = exposure + max(order.on_credit, 0.0)
    allowed = limit * rule.share
    is_passed = order.on_credit > EPSILON and after > allowed + EPSILON
    missing = after - allowed if is_passed else 0.0
    return Measure(limit_used(limit, after), rule.share, is_passed, missing)


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


_ALL = (
    Kind(LIMIT_USED, SHARE, _limit_used),
    Kind(
        DAYS_OVERDUE,
        DAYS,
        _days_overdue,
        others={AMOUNT: _overdue_amount},
        is_overdue=True,
    ),
    Kind(OVERDUE_AMOUNT, AMOUNT, _overdue_amount, is_overdue=True),
    Kind(ORDER_AMOUNT, AMOUNT, _order_amount),
    Kind(MANUAL, MATCH, _manual, by_hand=True),
    Kind(LIMIT_EXPIRED, DAYS, _limit_expired),
    Kind(ACCOUNT_STATUS, MATCH, _account_status),
    Kind(PAYMENT_TERMS, MATCH, _payment_terms),
    Kind(TERMS_BETTER, DAYS, _terms_better, fact="payment_terms"),
    Kind(RISK_CLASS, MATCH, _risk_class, is_about_classes=True),
    Kind(BROKEN_PROMISES, COUNT, _broken_promises),
    Kind(DUNNING_STEP, COUNT, _dunning_step, fact="dunning_level"),
)

#: All kinds by name, in the order in which people read them.
KINDS = {kind.name: kind for kind in _ALL}
