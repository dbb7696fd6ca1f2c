"""The credit that customers share: the group is asked first, the customer after it."""

import pytest

from engine.exposure.exposure import CustomerCredit
from engine.hold.hold_rules import evaluate, evaluate_in_turn
from engine.hub.standing import Standing
from engine.rule.rule import Order, Rule
from engine.rule.rule_order import Finding

RULE = Rule(1, "limit_used", share=1.0)


def member(limit, owed, group_limit, group_exposure):
    return CustomerCredit(
        limit=limit,
        components={"not_due": owed},
        standing=Standing(group_id=5),
        group_limit=group_limit,
        group_exposure=group_exposure,
    )


def order(amount):
    return Order(total=amount, on_credit=amount)


@pytest.mark.parametrize(
    "limit, owed, amount, of_group",
    [
        # the group may owe 2,000 and owes 1,500: 500 are left to all members
        (1000.0, 100.0, 500.0, None),
        (1000.0, 100.0, 500.01, True),
        # 300 of the own limit are left, less than the group leaves
        (400.0, 100.0, 300.0, None),
        (400.0, 100.0, 300.01, False),
        # unlimited credit is not asked about the group
        (None, 100.0, 5000.0, None),
        # no credit at all, though the group has room
        (0.0, 0.0, 0.01, False),
    ],
)
def test_the_group_comes_first(limit, owed, amount, of_group):
    found = evaluate([RULE], member(limit, owed, 2000.0, 1500.0), order(amount))
    assert [finding.of_group for finding in found] == (
        [] if of_group is None else [of_group]
    )


def test_the_finding_has_the_numbers_of_the_group():
    # 1,500 + 700 = 2,200 of 2,000 = 110 %, 200 too much; own 100 + 700 of 1,000
    found = evaluate([RULE], member(1000.0, 100.0, 2000.0, 1500.0), order(700.0))
    assert found == [Finding(1, "limit_used", 1.1, 1.0, 200.0, of_group=True)]


def test_what_is_missing_clears_the_own_limit_too():
    # group 2,200 of 2,000: 200 too much; own 100 + 700 of 300: 500 too much
    (found,) = evaluate([RULE], member(300.0, 100.0, 2000.0, 1500.0), order(700.0))
    assert (found.of_group, found.missing) == (True, 500.0)


def test_the_share_of_the_rule_counts_for_the_group():
    # 90 % of 2,000 = 1,800: 300 may be bought
    rule = Rule(1, "limit_used", share=0.9)
    who = member(1000.0, 100.0, 2000.0, 1500.0)
    assert not evaluate([rule], who, order(300.0))
    assert evaluate([rule], who, order(300.01))


def test_a_member_whose_fellows_are_in_credit_has_its_own_limit_still():
    # the group owes 100 - 5,000: room enough; own 100 + 950 of 1,000
    (found,) = evaluate([RULE], member(1000.0, 100.0, 2000.0, -4900.0), order(950.0))
    assert not found.of_group
    assert found.missing == 50.0


def test_orders_in_turn_use_up_what_is_left_to_the_group():
    # 500 left to the group: 300 pass, the next 300 do not, 200 do
    who = member(5000.0, 100.0, 2000.0, 1500.0)
    found = evaluate_in_turn(
        [RULE], who, [order(300.0), order(300.0), order(200.0)], lambda order: False
    )
    assert [bool(findings) for findings in found] == [False, True, False]
