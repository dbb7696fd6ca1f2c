"""What each kind of rule looks at: the value, what is allowed, what would help."""

from typing import NamedTuple

from ..exposure.exposure import limit_used
from ..hub.standing import EVERYTHING
from .rule import (
    ACCOUNT_STATUS,
    AMOUNT,
    BROKEN_PROMISES,
    CONFIRM,
    DAYS_OVERDUE,
    DUNNING_STEP,
    EPSILON,
    EXCLUDE,
    LIMIT_EXPIRED,
    LIMIT_USED,
    MANUAL,
    MATCH,
    ORDER_AMOUNT,
    OVERDUE_AMOUNT,
    PAYMENT_TERMS,
    RISK_CLASS,
    TERMS_BETTER,
    VALUE_TYPES,
)


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
