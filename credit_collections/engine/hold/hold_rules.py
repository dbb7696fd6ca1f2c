"""Which credit rules hold an order, and which orders of one customer.

Pure decisions: rules and facts come in, findings go out. Words are made elsewhere.
"""

from ..rule.rule_order import fired


def evaluate(rules, customer, order):
    """Return the findings of an order, empty where it may go through.

    An order with nothing left to pay (return, fully prepaid) breaks no rule about
    money, nor does one of a customer who is exempt; a manual hold stops them all the
    same.

    :param rules: iterable of :class:`~.rule.Rule`, in the order in which reasons are
        shown
    :param customer: :class:`~.exposure.CustomerCredit` without the order in hand
    :param order: :class:`~.rule.Order`
    """
    return fired(rules, customer, order)


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
