"""The order of evaluation: what goes before, what lifts what, what is left alone."""

from dataclasses import replace

import pytest

from engine.exposure.exposure import CustomerCredit
from engine.hold.hold_rules import evaluate, evaluate_in_turn
from engine.hub.standing import PaymentTerms, Standing
from engine.rule.rule import Order, Rule
from engine.rule.rule_order import explain

# 50 days overdue with 400 of a limit of 1000; profile 11 of group 21, segment 31
CUSTOMER = CustomerCredit(
    limit=1000.0,
    components={"overdue": 400.0},
    overdue_amount=400.0,
    overdue_days=50,
    profile_id=11,
    standing=Standing(group_id=21, segment_id=31, risk_class_id=41),
)
ORDER = Order(total=300.0, on_credit=300.0, terms=PaymentTerms(8, 30))

OWN, GROUP, SEGMENT, ALL = (
    {"profile_id": 11},
    {"group_id": 21},
    {"segment_id": 31},
    {},
)
# bites: 50 > 30
LATE = Rule(1, "days_overdue", days=30)


def exclude(kind="days_overdue", days=60, **values):
    return Rule(9, kind, days=days, type="exclude", **values)


def fired(*rules, who=CUSTOMER, what=ORDER):
    return [found.rule_id for found in evaluate(rules, who, what)]


def verdicts(*rules, who=CUSTOMER, what=ORDER):
    return {one.rule.id: one.verdict for one in explain(rules, who, what)}


def by(*rules, who=CUSTOMER, what=ORDER):
    return {one.rule.id: one.by for one in explain(rules, who, what)}


# === 1. AN EXCLUSION THAT RELEASES === #


@pytest.mark.parametrize("level", [OWN, GROUP, SEGMENT, ALL])
def test_an_exclusion_that_releases_ends_everything_at_any_level(level):
    releasing = exclude(releases=True, **level)
    own_block = Rule(2, "order_amount", amount=100.0, profile_id=11)
    assert fired(LATE, own_block, releasing) == []
    assert verdicts(LATE, own_block, releasing) == {
        1: "skipped",
        2: "skipped",
        9: "releases",
    }
    assert by(LATE, releasing)[1] == (9,)


def test_an_exclusion_that_releases_goes_before_a_hold_by_hand_too():
    held = replace(CUSTOMER, on_hold=True)
    assert fired(Rule(2, "manual"), exclude(releases=True), who=held) == []


@pytest.mark.parametrize("days, expected", [(49, [1]), (50, []), (51, [])])
def test_it_has_to_be_true(days, expected):
    # 50 days overdue: covered up to and including its own threshold
    assert fired(LATE, exclude(days=days, releases=True, **OWN)) == expected


def test_it_has_to_be_for_the_customer():
    assert fired(LATE, exclude(releases=True, profile_id=12)) == [1]


def test_the_narrowest_of_two_that_release_is_the_one_named():
    wide = replace(exclude(releases=True), id=8)
    assert verdicts(wide, exclude(releases=True, **OWN)) == {
        9: "releases",
        8: "skipped",
    }


def test_a_release_by_amount_ends_a_block_by_days():
    # the published way to mix value types: 400 overdue, up to 400 is released
    releasing = exclude(compares="amount", amount=400.0, releases=True, **OWN)
    assert fired(LATE, releasing) == []
    assert fired(LATE, replace(releasing, amount=399.99)) == [1]


# === 2. LEVELS, AND RULES OF THE OWN KIND === #


def test_rules_are_asked_customer_first_then_group_or_segment_then_all():
    rules = [
        Rule(1, "days_overdue"),
        Rule(2, "days_overdue", segment_id=31),
        Rule(3, "days_overdue", group_id=21),
        Rule(4, "days_overdue", profile_id=11),
    ]
    # of one level in the order in which they are given
    assert fired(*rules) == [4, 2, 3, 1]


def test_a_narrow_block_does_not_lift_a_wider_one():
    own = Rule(2, "days_overdue", days=60, profile_id=11)
    assert fired(LATE, own) == [1]


@pytest.mark.parametrize("kind", ["overdue_amount", "order_amount"])
def test_an_exclusion_leaves_rules_of_another_kind_alone(kind):
    other = Rule(2, kind, amount=100.0)
    assert fired(LATE, other, exclude(**OWN)) == [2]


def test_without_a_block_of_its_kind_an_exclusion_has_nothing_to_do():
    rules = Rule(2, "order_amount", amount=100.0), exclude(**OWN)
    assert verdicts(*rules) == {2: "fired", 9: "idle"}


# === 3. NARROWER BEATS WIDER, IF BOTH COMPARE THE SAME === #


@pytest.mark.parametrize("level", [OWN, GROUP, SEGMENT])
def test_a_narrower_exclusion_lifts_a_block_of_all(level):
    assert fired(LATE, exclude(**level)) == []
    assert verdicts(LATE, exclude(**level)) == {1: "suppressed", 9: "lifts"}
    assert by(LATE, exclude(**level)) == {1: (9,), 9: (1,)}


@pytest.mark.parametrize("level", [GROUP, SEGMENT])
def test_an_exclusion_of_a_customer_lifts_a_block_of_its_group_or_segment(level):
    assert fired(replace(LATE, **level), exclude(**OWN)) == []


@pytest.mark.parametrize("days, expected", [(49, [1]), (50, []), (51, [])])
def test_an_exclusion_lifts_up_to_its_own_threshold(days, expected):
    assert fired(LATE, exclude(days=days, **OWN)) == expected


def test_an_exclusion_beyond_its_threshold_says_so():
    assert verdicts(LATE, exclude(days=49, **OWN)) == {1: "fired", 9: "beyond"}


def test_days_do_not_beat_amounts():
    by_amount = exclude(compares="amount", amount=1000.0, **OWN)
    assert fired(LATE, by_amount) == [1]
    assert verdicts(LATE, by_amount) == {1: "fired", 9: "other_value"}


def test_an_exclusion_by_amount_knows_no_share_of_the_limit():
    unlimited = replace(CUSTOMER, limit=None)
    releasing = exclude(
        compares="amount", amount=399.99, share=1.0, releases=True, **OWN
    )
    assert fired(LATE, releasing, who=unlimited) == [1]


def test_amounts_beat_amounts():
    # 400 overdue: blocked above 100, this customer may owe 400
    block = Rule(1, "overdue_amount", amount=100.0)
    own = Rule(9, "overdue_amount", amount=400.0, type="exclude", **OWN)
    assert fired(block, own) == []
    assert fired(block, replace(own, amount=399.99)) == [1]


@pytest.mark.parametrize(
    "block, exclusion",
    [
        (Rule(1, "limit_used", share=0.5), Rule(9, "limit_used", share=0.7)),
        (
            Rule(1, "order_amount", amount=100.0),
            Rule(9, "order_amount", amount=300.0),
        ),
        (
            Rule(1, "risk_class", class_ids=frozenset({41, 42})),
            Rule(9, "risk_class", class_ids=frozenset({41})),
        ),
        (
            Rule(1, "payment_terms", match_ids=frozenset({8})),
            Rule(9, "payment_terms", match_ids=frozenset({8})),
        ),
        (Rule(1, "terms_better", days=0), Rule(9, "terms_better", days=30)),
    ],
)
def test_every_kind_has_its_exclusion(block, exclusion):
    exclusion = replace(exclusion, type="exclude", **OWN)
    assert fired(block) == [1]
    assert fired(block, exclusion) == []


def test_several_blocks_are_lifted_by_one_exclusion():
    group = Rule(2, "days_overdue", days=20, **GROUP)
    assert by(LATE, group, exclude(**OWN))[9] == (2, 1)


# === 4. THE SAME LEVEL, AND WIDER === #


@pytest.mark.parametrize(
    "level, same",
    [
        (OWN, OWN),
        (GROUP, GROUP),
        (SEGMENT, SEGMENT),
        # a group and a segment are one level
        (GROUP, SEGMENT),
        (SEGMENT, GROUP),
        (ALL, ALL),
    ],
)
def test_an_exclusion_does_not_lift_a_block_of_its_own_level(level, same):
    rules = replace(LATE, **level), exclude(**same)
    assert fired(*rules) == [1]
    assert verdicts(*rules) == {1: "fired", 9: "too_wide"}


@pytest.mark.parametrize(
    "narrow, wide", [(OWN, GROUP), (OWN, SEGMENT), (OWN, ALL), (GROUP, ALL)]
)
def test_a_wider_exclusion_does_not_lift_a_narrower_block(narrow, wide):
    assert fired(replace(LATE, **narrow), exclude(**wide)) == [1]


def test_it_lifts_the_wider_and_leaves_the_one_of_its_own_level():
    group = Rule(2, "days_overdue", days=20, **GROUP)
    assert fired(LATE, group, exclude(**SEGMENT)) == [2]


# === FOR WHOM === #


@pytest.mark.parametrize(
    "scope, expected",
    [
        ({"group_id": 21}, True),
        ({"group_id": 22}, False),
        ({"segment_id": 31}, True),
        ({"segment_id": 32}, False),
        ({"class_ids": frozenset({41, 42})}, True),
        ({"class_ids": frozenset({42})}, False),
        # a class narrows down whom of a group the rule is for
        ({"group_id": 21, "class_ids": frozenset({42})}, False),
    ],
)
def test_groups_segments_and_classes(scope, expected):
    assert (fired(replace(LATE, **scope)) == [1]) is expected


def test_rules_of_others_are_told_apart_from_rules_that_are_not_reached():
    rules = (
        replace(LATE, profile_id=12),
        Rule(2, "days_overdue", days=60),
        Rule(3, "days_overdue", days=60, group_id=99),
    )
    assert verdicts(*rules) == {1: "elsewhere", 2: "clear", 3: "elsewhere"}


# === ORDERS THAT ARE NOT ASKED ABOUT === #


def test_a_prepaid_order_is_told_apart():
    paid = replace(ORDER, on_credit=0.0, to_pay=0.0)
    held = replace(CUSTOMER, on_hold=True)
    rules = LATE, exclude(**OWN), Rule(2, "manual")
    assert verdicts(*rules, who=held, what=paid) == {
        1: "prepaid",
        9: "prepaid",
        2: "fired",
    }


def test_an_order_taken_out_of_credit_control_is_not_asked_about():
    out = replace(ORDER, is_excluded=True)
    held = replace(CUSTOMER, on_hold=True)
    rules = LATE, Rule(2, "manual")
    assert fired(*rules, who=held, what=out) == []
    assert verdicts(*rules, who=held, what=out) == {1: "skipped", 2: "skipped"}


def test_an_order_taken_out_still_uses_up_credit():
    limit = Rule(1, "limit_used", share=1.0)
    # 400 owed, 600 left: 500 out of control, 200 more are 100 too much
    out = replace(ORDER, on_credit=500.0, is_excluded=True)
    second = replace(ORDER, on_credit=200.0)
    found = evaluate_in_turn([limit], CUSTOMER, [out, second], lambda order: False)
    assert [bool(one) for one in found] == [False, True]
    assert found[1][0].missing == 100.0


# === ONE PATH === #


def test_what_is_explained_carries_the_numbers_also_where_nothing_fired():
    (one,) = explain([Rule(1, "days_overdue", days=60)], CUSTOMER, ORDER)
    assert (one.found.value, one.found.threshold) == (50, 60)
