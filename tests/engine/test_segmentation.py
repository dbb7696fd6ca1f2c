"""Segments that the data suggest: borders, ties, few customers."""

import pytest

from engine.strategy.segmentation import (
    Customer,
    Range,
    TooFewError,
    borders,
    choose,
    friendly,
    propose,
    ranges,
    rank,
)


def company(size, lateness=0.0, is_company=True, **amounts):
    return Customer(is_company, float(size), float(lateness), **amounts)


# === FRIENDLY FIGURES === #


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        (0, 0),
        (0.49, 0),
        (0.5, 0.5),
        (1, 1),
        (4870, 5000),
        (12, 10),
        (12.5, 10),  # as far from 15: the lower one
        (12.6, 15),
        (9.4, 10),
        (-11, -10),
        (1234567, 1000000),
    ],
)
def test_figures_are_rounded_to_those_that_people_like(value, figure):
    assert friendly(value) == figure


# === BORDERS === #


def test_half_of_the_customers_are_on_each_side():
    # the third of four values is the first of the upper half
    assert borders([10, 20, 30, 40], 2) == [30]


def test_three_classes_have_two_borders():
    # values 1 … 9: the fourth and the seventh
    assert borders(range(1, 10), 3) == [4, 7]


def test_one_class_has_no_border():
    assert borders([1, 2, 3], 1) == []


def test_a_border_is_exact_where_a_friendly_one_would_part_nothing():
    # 1030 → 1000, but nobody is below 1000
    assert borders([1010, 1020, 1030, 1040], 2) == [1030]


def test_customers_who_are_all_alike_are_not_parted():
    assert borders([5, 5, 5, 5], 3) == []


def test_ties_go_to_one_side_together():
    assert borders([0, 0, 0, 0, 50, 100], 2) == []
    assert borders([0, 0, 0, 50, 50, 100], 2) == [50]
    # the border of the first third is 0 and parts nothing, that of the second is 50
    assert borders([0, 0, 0, 0, 50, 100], 3) == [50]


@pytest.mark.parametrize(("value", "upper"), [(29.99, 0), (30, 1), (30.01, 1)])
def test_the_border_itself_belongs_to_the_upper_class(value, upper):
    assert rank(value, [30]) == upper


def test_ranges_leave_no_gap():
    assert ranges([10, 20]) == [
        Range(None, 10, 0, 3),
        Range(10, 20, 1, 3),
        Range(20, None, 2, 3),
    ]
    assert ranges([]) == [Range(None, None, 0, 1)]


# === GROUPS === #


def test_every_customer_is_in_one_group_with_its_money():
    rows = [
        company(n * 100, n % 4, open_amount=10, overdue_amount=n) for n in range(24)
    ]
    groups = propose(rows, 2, 2, by_kind=False)
    assert len(groups) == 4
    assert sum(group.customers for group in groups) == 24
    assert sum(group.open_amount for group in groups) == 240
    assert sum(group.overdue_amount for group in groups) == sum(range(24))


def test_large_late_companies_come_first_and_small_prompt_consumers_last():
    rows = [company(n, n % 2 * 20) for n in range(20)]
    rows += [company(n, n % 2 * 20, is_company=False) for n in range(20)]
    groups = propose(rows, 2, 2)
    order = [(one.is_company, one.size.rank, one.lateness.rank) for one in groups]
    assert order == [
        (kind, *pair)
        for kind in (True, False)
        for pair in ((1, 1), (1, 0), (0, 1), (0, 0))
    ]


def test_companies_and_consumers_have_borders_of_their_own():
    rows = [company(size) for size in (1000, 2000, 3000, 4000, 5000, 6000)]
    rows += [company(size, is_company=False) for size in (10, 20, 30, 40, 50, 60)]
    lows = {
        one.is_company: one.size.low for one in propose(rows, 2, 1) if one.size.rank
    }
    assert lows == {True: 4000, False: 40}


def test_a_kind_with_too_few_customers_is_not_split():
    rows = [company(n, n) for n in range(12)] + [company(1, is_company=False)]
    groups = propose(rows, 2, 2)
    assert [one.customers for one in groups if one.is_company is False] == [1]


@pytest.mark.parametrize(("number", "enough"), [(11, False), (12, True), (13, True)])
def test_too_few_customers_are_refused(number, enough):
    rows = [company(n, n) for n in range(number)]
    if enough:
        assert propose(rows, 2, 2)
        return
    with pytest.raises(TooFewError) as refused:
        propose(rows, 2, 2)
    assert (refused.value.found, refused.value.needed) == (11, 12)


# === HOW FIRMLY === #


def test_small_prompt_consumers_are_asked_gently_and_large_late_companies_firmly():
    rows = [company(n, n % 2 * 20) for n in range(20)]
    rows += [company(n, n % 2 * 20, is_company=False) for n in range(20)]
    groups = propose(rows, 2, 2)
    assert [round(one.harshness, 1) for one in groups] == [
        1.0,  # company, large, late: 0.5 + 0.5 + 0.1, at most 1
        0.6,  # company, large, prompt
        1.0,  # company, small, late
        0.5,  # company, small, prompt
        0.6,  # consumer, large, late
        0.1,
        0.5,
        0.0,
    ]


@pytest.mark.parametrize(
    ("harshness", "choices", "index"),
    [(0.0, 2, 0), (0.5, 2, 0), (0.6, 2, 1), (1.0, 2, 1), (0.5, 3, 1), (1.0, 1, 0)],
)
def test_the_choice_follows_the_harshness(harshness, choices, index):
    assert choose(harshness, choices) == index
