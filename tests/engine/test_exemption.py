"""Whose orders no rule looks at: companies of the database, and by choice."""

import pytest

from engine.exposure.exposure import CustomerCredit
from engine.hold.hold_rules import evaluate
from engine.rule.exemption import is_exempt
from engine.rule.rule import Order, Rule


@pytest.mark.parametrize(
    "choice, is_own, skips, expected",
    [
        (None, False, True, False),  # a customer like all others
        (None, True, True, True),
        (None, True, False, False),  # the company looks at its sisters too
        ("always", True, True, False),
        ("never", True, False, True),
        ("never", False, False, True),
        ("always", False, True, False),
    ],
)
def test_whose_orders_are_exempt(choice, is_own, skips, expected):
    assert (
        is_exempt(choice, is_own_company=is_own, skips_own_companies=skips) is expected
    )


@pytest.mark.parametrize("exempt, held", [(False, True), (True, False)])
def test_orders_of_exempt_customers_break_no_rule(exempt, held):
    # no credit at all: an order of 1 is too much
    customer = CustomerCredit(limit=0.0, is_exempt=exempt)
    order = Order(total=1.0, on_credit=1.0)
    assert bool(evaluate([Rule(1, "limit_used", share=1.0)], customer, order)) is held


def test_a_manual_hold_stops_exempt_customers_too():
    customer = CustomerCredit(limit=None, on_hold=True, is_exempt=True)
    order = Order(total=1.0, on_credit=1.0)
    assert evaluate([Rule(1, "manual")], customer, order)
