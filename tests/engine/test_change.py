"""What of an order moves credit, and whether a change takes more of it."""

from dataclasses import replace

import pytest

from engine.hold.change import Weight, is_within, may_leave

ORDER = Weight(
    payer=1,
    company=1,
    currency=1,
    terms=1,
    counts=True,
    delivery="",
    total=400.0,
    lines={7: 400.0, 8: 0.0},
    advances=frozenset({8}),
)
LATER = replace(ORDER, counts=False, delivery="2028-01-01")


@pytest.mark.parametrize(
    "change, expected",
    [
        ({}, True),
        ({"total": 399.99}, True),
        ({"total": 400.01}, False),
        ({"payer": 2}, False),
        ({"company": 2}, False),
        ({"currency": 2}, False),
        ({"terms": 2, "total": 1.0}, False),
        ({"counts": False, "delivery": "2028-01-01"}, True),
        ({"advances": frozenset()}, False),  # what was deducted counts again
        ({"advances": frozenset({7, 8})}, False),  # goods are no advance
        ({"advances": frozenset({8, 9})}, True),  # one more advance
    ],
)
def test_less_of_the_same_credit_is_within(change, expected):
    assert is_within(ORDER, replace(ORDER, **change)) is expected


@pytest.mark.parametrize(
    "delivery, expected",
    [("", False), ("2027-12-31", False), ("2028-01-01", True), ("2028-01-02", True)],
)
def test_an_order_that_is_moved_up_takes_more_and_one_that_waited_does_not(
    delivery, expected
):
    assert is_within(LATER, replace(LATER, counts=True, delivery=delivery)) is expected


def test_moving_up_what_does_not_count_yet_takes_nothing():
    assert is_within(LATER, replace(LATER, delivery="2027-12-31"))


def test_a_share_of_growth():
    assert is_within(ORDER.grown_by(0.1), replace(ORDER, total=440.0))
    assert not is_within(ORDER.grown_by(0.1), replace(ORDER, total=440.01))


@pytest.mark.parametrize(
    "line, value, expected",
    [(7, 400.0, True), (7, 400.01, False), (9, 0.01, False), (9, 0.0, True)],
)
def test_what_was_approved_may_leave(line, value, expected):
    grown = replace(ORDER, total=600.0)
    assert may_leave(ORDER, grown, line, value) is expected


def test_nothing_leaves_for_another_payer():
    assert not may_leave(ORDER, replace(ORDER, payer=2), 7, 1.0)


def test_json_brings_it_back():
    assert Weight.from_json(ORDER.to_json()) == ORDER


def test_delivered_within_the_order_takes_nothing_more():
    weight = ORDER.with_delivered({7: 400.0})
    assert weight == ORDER
    assert weight.credit_beyond(ORDER) == 0.0


def test_delivered_beyond_the_order_takes_more():
    weight = ORDER.with_delivered({7: 500.0, 9: 30.0})  # 9 was added on the way
    assert (weight.total, weight.lines[7], weight.early) == (530.0, 500.0, 0.0)
    assert not is_within(ORDER, weight)
    assert weight.credit_beyond(ORDER) == 130.0


def test_delivered_early_takes_credit_however_late_it_was_to_be():
    weight = LATER.with_delivered({7: 100.0})
    assert (weight.total, weight.early) == (400.0, 100.0)
    assert not is_within(LATER, weight)
    assert is_within(weight, LATER)
    assert weight.credit_beyond(LATER) == 100.0
    # beyond what was ordered it is in both; it takes credit once
    more = LATER.with_delivered({7: 500.0})
    assert more.credit_beyond(LATER) == 500.0


def test_what_was_delivered_early_counts_like_the_rest_once_time_has_gone_by():
    weight = LATER.with_delivered({7: 100.0})
    near = replace(LATER, counts=True)
    assert is_within(weight, near)
    assert is_within(near, weight)


def test_what_was_delivered_is_kept_as_plain_values():
    weight = LATER.with_delivered({7: 100.0})
    assert Weight.from_json(weight.to_json()) == weight
    old = weight.to_json()
    del old["early"]  # of a decision before it was kept
    assert Weight.from_json(old) == replace(weight, early=0.0)
