"""Every kind of rule below, at and above its threshold, and orders decided in turn."""

import pytest

from engine.exposure.exposure import CustomerCredit
from engine.hold.hold_rules import evaluate, evaluate_in_turn
from engine.rule.rule import Order, Rule
from engine.rule.rule_order import Finding


def customer(limit=1000.0, overdue=0.0, not_due=0.0, **values):
    parts = {"overdue": overdue, "not_due": not_due}
    return CustomerCredit(
        limit=limit, components=parts, overdue_amount=overdue, **values
    )


def order(on_credit=100.0, total=None, key=None):
    return Order(
        total=on_credit if total is None else total, on_credit=on_credit, key=key
    )


def broken(rule, who, what):
    """Tell whether the order breaks the rule."""
    return bool(evaluate([rule], who, what))


# === SHARE OF THE LIMIT === #


@pytest.mark.parametrize(
    "limit, share, owed, amount, expected",
    [
        # limit 1000, 90 % may be used: 500 owed leave 400
        (1000.0, 0.9, 500.0, 399.99, False),
        (1000.0, 0.9, 500.0, 400.0, False),
        (1000.0, 0.9, 500.0, 400.01, True),
        # all of it
        (1000.0, 1.0, 0.0, 999.99, False),
        (1000.0, 1.0, 0.0, 1000.0, False),
        (1000.0, 1.0, 0.0, 1000.01, True),
        # more than the limit may be used: 120 % of 1000 = 1200
        (1000.0, 1.2, 0.0, 1200.0, False),
        (1000.0, 1.2, 0.0, 1200.01, True),
        # no credit at all: every order on credit is too much
        (0.0, 1.0, 0.0, 0.01, True),
        # in credit with us: 200 prepaid without any limit
        (0.0, 1.0, -200.0, 200.0, False),
        (0.0, 1.0, -200.0, 200.01, True),
        # unlimited
        (None, 1.0, 1e9, 1e9, False),
    ],
)
def test_limit_used(limit, share, owed, amount, expected):
    rule = Rule(1, "limit_used", share=share)
    assert broken(rule, customer(limit, not_due=owed), order(amount)) is expected


def test_limit_used_says_which_share_and_what_is_missing():
    # 500 owed + 600 ordered = 1100 of 1000; 90 % = 900 may be used: 200 too much
    found = evaluate(
        [Rule(7, "limit_used", share=0.9)], customer(not_due=500.0), order(600.0)
    )
    assert found == [Finding(7, "limit_used", 1.1, 0.9, 200.0)]


def test_limit_used_without_any_credit_shows_a_thousand_percent():
    (found,) = evaluate([Rule(1, "limit_used", share=1.0)], customer(0.0), order(50.0))
    assert (found.value, found.missing) == (10.0, 50.0)


def test_limit_used_is_not_fooled_by_binary_floats():
    rule = Rule(1, "limit_used", share=1.0)
    assert not broken(rule, customer(0.3, not_due=0.1), order(0.2))


# === DAYS OVERDUE === #


@pytest.mark.parametrize("days, expected", [(29, False), (30, False), (31, True)])
def test_days_overdue(days, expected):
    late = customer(overdue=80.0, overdue_days=days)
    assert broken(Rule(1, "days_overdue", days=30), late, order()) is expected


@pytest.mark.parametrize("days, expected", [(0, False), (1, True)])
def test_days_overdue_without_any_grace(days, expected):
    late = customer(overdue=80.0, overdue_days=days)
    assert broken(Rule(1, "days_overdue", days=0), late, order()) is expected


def test_days_overdue_is_cleared_by_paying_what_is_overdue():
    late = customer(overdue=80.0, not_due=500.0, overdue_days=40)
    found = evaluate([Rule(3, "days_overdue", days=30)], late, order())
    assert found == [Finding(3, "days_overdue", 40, 30, 80.0)]


# === OVERDUE AMOUNT === #


@pytest.mark.parametrize(
    "overdue, expected", [(199.99, False), (200.0, False), (200.01, True)]
)
def test_overdue_amount(overdue, expected):
    rule = Rule(1, "overdue_amount", amount=200.0)
    assert broken(rule, customer(overdue=overdue), order()) is expected


@pytest.mark.parametrize("overdue, expected", [(0.0, False), (0.01, True)])
def test_overdue_amount_of_anything(overdue, expected):
    assert broken(Rule(1, "overdue_amount"), customer(overdue=overdue), order()) is (
        expected
    )


@pytest.mark.parametrize(
    "amount, expected",
    # 300 overdue of 1000; the rule bites above 50 %: the order may be 200
    [(199.99, False), (200.0, False), (200.01, True)],
)
def test_overdue_amount_above_a_share_of_the_limit(amount, expected):
    rule = Rule(1, "overdue_amount", amount=100.0, share=0.5)
    assert broken(rule, customer(overdue=300.0), order(amount)) is expected


def test_overdue_amount_above_a_share_needs_both():
    rule = Rule(1, "overdue_amount", amount=300.0, share=0.5)
    assert not broken(rule, customer(overdue=300.0), order(900.0))


def test_overdue_amount_above_a_share_never_bites_without_a_limit():
    rule = Rule(1, "overdue_amount", amount=100.0, share=0.5)
    assert not broken(rule, customer(None, overdue=300.0), order(1e6))


def test_overdue_amount_always_bites_without_a_share():
    rule = Rule(1, "overdue_amount", amount=100.0)
    assert broken(rule, customer(None, overdue=300.0), order(1.0))


def test_overdue_amount_is_cleared_by_paying_down_to_the_threshold():
    found = evaluate(
        [Rule(4, "overdue_amount", amount=200.0)], customer(overdue=350.0), order()
    )
    assert found == [Finding(4, "overdue_amount", 350.0, 200.0, 150.0)]


# === ORDER AMOUNT === #


@pytest.mark.parametrize(
    "total, expected", [(499.99, False), (500.0, False), (500.01, True)]
)
def test_order_amount(total, expected):
    rule = Rule(1, "order_amount", amount=500.0)
    assert broken(rule, customer(None), order(total)) is expected


def test_order_amount_looks_at_the_total_not_at_the_unpaid_part():
    rule = Rule(1, "order_amount", amount=500.0)
    assert broken(rule, customer(), order(on_credit=100.0, total=600.0))


def test_order_amount_is_not_cleared_by_money():
    found = evaluate([Rule(5, "order_amount", amount=500.0)], customer(), order(600.0))
    assert found == [Finding(5, "order_amount", 600.0, 500.0, 0.0)]


# === MANUAL HOLD === #


@pytest.mark.parametrize("on_hold, expected", [(False, False), (True, True)])
def test_manual(on_hold, expected):
    assert broken(Rule(1, "manual"), customer(on_hold=on_hold), order()) is expected


def test_manual_is_not_cleared_by_money():
    found = evaluate([Rule(6, "manual")], customer(on_hold=True), order())
    assert found == [Finding(6, "manual", 1.0, 0.0, 0.0)]


# === WHAT ALL RULES SHARE === #

EVERY_MONEY_RULE = [
    Rule(1, "limit_used", share=0.1),
    Rule(2, "days_overdue", days=0),
    Rule(3, "overdue_amount"),
    Rule(4, "order_amount", amount=1.0),
]


@pytest.mark.parametrize("rule", EVERY_MONEY_RULE)
@pytest.mark.parametrize(
    "on_credit, expected", [(-50.0, False), (0.0, False), (0.01, True)]
)
def test_an_order_that_takes_no_credit_breaks_no_rule_about_money(
    rule, on_credit, expected
):
    bad = customer(overdue=999.0, overdue_days=99)
    assert broken(rule, bad, order(on_credit, total=600.0)) is expected


def test_a_manual_hold_stops_an_order_that_is_paid_too():
    assert broken(Rule(1, "manual"), customer(on_hold=True), order(0.0, total=600.0))


@pytest.mark.parametrize(
    "valid_for, whose, expected",
    [(None, 11, True), (11, 11, True), (11, 12, False), (11, None, False)],
)
def test_a_rule_of_one_customer_is_for_nobody_else(valid_for, whose, expected):
    rule = Rule(1, "order_amount", amount=1.0, profile_id=valid_for)
    assert broken(rule, customer(profile_id=whose), order()) is expected


def test_all_broken_rules_are_found_in_the_order_of_the_rules():
    bad = customer(overdue=999.0, overdue_days=99)
    rules = EVERY_MONEY_RULE[::-1]
    assert [found.rule_id for found in evaluate(rules, bad, order())] == [4, 3, 2, 1]


def test_without_rules_everything_passes():
    assert evaluate([], customer(0.0, overdue=9e9, on_hold=True), order(9e9)) == []


# === ORDERS DECIDED IN TURN === #

LIMIT = [Rule(1, "limit_used", share=1.0)]


def passed(verdicts):
    return [not findings for findings in verdicts]


def nobody(_order):
    return False


@pytest.mark.parametrize(
    "amounts, expected",
    [
        # limit 1000: what passes takes credit from those behind it
        ((500.0, 499.99), [True, True]),
        ((500.0, 500.0), [True, True]),
        ((500.0, 500.01), [True, False]),
        # what is held takes none: a smaller one behind it still fits
        ((1000.01, 1000.0), [False, True]),
        ((600.0, 600.0, 400.0), [True, False, True]),
        # a return never lowers what is owed before it is booked
        ((-50.0, 1000.0), [True, True]),
        ((-50.0, 1000.01), [True, False]),
    ],
)
def test_orders_of_one_customer_in_turn(amounts, expected):
    orders = [order(amount) for amount in amounts]
    verdicts = evaluate_in_turn(LIMIT, customer(), orders, nobody)
    assert passed(verdicts) == expected


def test_a_released_order_passes_and_takes_credit():
    orders = [order(2000.0, key="released"), order(1.0, key="next")]
    verdicts = evaluate_in_turn(
        LIMIT, customer(), orders, lambda one: one.key == "released"
    )
    assert passed(verdicts) == [True, False]


def test_no_orders_no_verdicts():
    assert evaluate_in_turn(LIMIT, customer(), [], nobody) == []


# === NOTHING LEFT TO PAY, OR NOT YET ON CREDIT === #


@pytest.mark.parametrize(("to_pay", "expected"), [(0.0, False), (0.01, True)])
def test_rules_about_money_ask_what_is_left_to_pay(to_pay, expected):
    late = customer(overdue=80.0, overdue_days=40)
    what = Order(total=500.0, on_credit=0.0, to_pay=to_pay)
    assert broken(Rule(1, "days_overdue", days=30), late, what) is expected


def test_an_order_that_takes_no_credit_yet_is_not_held_for_the_limit():
    far_away = Order(total=5000.0, on_credit=0.0, to_pay=5000.0)
    assert not broken(Rule(1, "limit_used", share=1.0), customer(100.0), far_away)
    assert broken(Rule(1, "order_amount", amount=4999.0), customer(100.0), far_away)
