"""What a rule finds, and whether it is true."""

from .kinds import MATCH
from .rule import EXCLUDE


def measure(rule, customer, order):
    """Return the :class:`~.kinds.Measure` of a rule, whoever it is valid for.

    :param customer: :class:`~.exposure.CustomerCredit` without the order in hand
    """
    return rule.of.find(rule, customer, order)


def is_true(rule, found):
    """Tell whether a rule holds true: a block bites, an exclusion covers the order.

    An exclusion covers what stays within its threshold. One that names a status, class
    or terms covers those who have it, as a block bites them.
    """
    if rule.type == EXCLUDE and rule.of.value_type != MATCH:
        return not found.is_passed
    return found.is_passed
