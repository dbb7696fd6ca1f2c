from datetime import date

import pytest

from engine.promise.instalments import MONTHS, WEEKS, in_equal_parts, over_items


@pytest.mark.parametrize(
    ("amount", "count", "smallest", "parts"),
    [
        (100.0, 1, 0.01, [100.0]),
        (100.0, 3, 0.01, [33.33, 33.33, 33.34]),
        (0.05, 4, 0.01, [0.01, 0.01, 0.01, 0.02]),
        # yen have no smaller unit
        (1000.0, 3, 1.0, [333.0, 333.0, 334.0]),
        # dinars have three places
        (1.0, 3, 0.001, [0.333, 0.333, 0.334]),
        # Swiss cash is rounded to 5 centimes
        (10.0, 3, 0.05, [3.3, 3.3, 3.4]),
    ],
)
def test_what_cannot_be_divided_is_in_the_last_part(amount, count, smallest, parts):
    plan = in_equal_parts(amount, count, date(2026, 1, 1), 1, WEEKS, smallest)
    assert [part for _day, part in plan] == parts


@pytest.mark.parametrize(
    ("every", "unit", "days"),
    [
        (1, WEEKS, [(1, 31), (2, 7), (2, 14)]),
        (2, WEEKS, [(1, 31), (2, 14), (2, 28)]),
        # the last day of February, and the 31st again in March
        (1, MONTHS, [(1, 31), (2, 28), (3, 31)]),
    ],
)
def test_parts_are_weeks_or_months_apart(every, unit, days):
    plan = in_equal_parts(90.0, 3, date(2026, 1, 31), every, unit)
    assert [day for day, _part in plan] == [date(2026, *day) for day in days]


def test_months_go_on_in_the_next_year():
    plan = in_equal_parts(20.0, 2, date(2026, 12, 15), 1, MONTHS)
    assert plan[1][0] == date(2027, 1, 15)


def test_the_first_items_are_in_the_first_parts():
    items = [("a", 60.0), ("b", 30.0), ("c", 10.0)]
    assert over_items([50.0, 50.0], items) == [
        [("a", 50.0)],
        [("a", 10.0), ("b", 30.0), ("c", 10.0)],
    ]


def test_less_than_the_items_leaves_the_last_ones_out():
    assert over_items([70.0], [("a", 60.0), ("b", 30.0)]) == [
        [("a", 60.0), ("b", 10.0)]
    ]


def test_many_small_amounts_come_to_their_sum():
    items = [(number, 0.1) for number in range(10)]
    parts = over_items([0.7, 0.3], items)
    assert [len(part) for part in parts] == [7, 3]
