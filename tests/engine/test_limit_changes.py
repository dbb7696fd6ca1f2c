"""What a new limit comes to, and what must not be proposed."""

from dataclasses import replace
from datetime import date

import pytest

from engine.limit.limit_changes import (
    CEILING,
    Line,
    amount_problem,
    new_limit,
    problems,
)

TODAY = date(2025, 6, 15)
LIMITED = Line("permanent", "limited", 1000.0, None, date(2026, 6, 15))
RAISED = Line("temporary", "limited", 5000.0, TODAY, date(2025, 6, 30))
SHARED = Line("group", "limited", 9e3, None, date(2026, 1, 1), False, True)
CANCELLED = Line("cancel", "limited", 0.0, ends_line=True)

# current, method, value, unit, direction, expected
NEW_LIMITS = [
    (1000.0, "set", 2500.0, 0, "nearest", 2500.0),
    (1000.0, "add", 250.0, 0, "nearest", 1250.0),
    (1000.0, "add", -250.0, 0, "nearest", 750.0),
    # never below zero
    (1000.0, "add", -1000.01, 0, "nearest", 0.0),
    (1000.0, "percent", 0.1, 0, "nearest", 1100.0),
    (1000.0, "percent", -1.5, 0, "nearest", 0.0),
    # 1,234 + 10 % = 1,357.40: to hundreds 1,400, up 1,400, down 1,300
    (1234.0, "percent", 0.1, 100.0, "nearest", 1400.0),
    (1234.0, "percent", 0.1, 100.0, "up", 1400.0),
    (1234.0, "percent", 0.1, 100.0, "down", 1300.0),
    # halves go up: 1,250 / 500 = 2.5 steps
    (1250.0, "add", 0.0, 500.0, "nearest", 1500.0),
    (1249.99, "add", 0.0, 500.0, "nearest", 1000.0),
    # a multiple stays what it is, although 1000 * 1.1 is 1100.0000000000002
    (1000.0, "percent", 0.1, 100.0, "up", 1100.0),
    (1000.0, "percent", 0.1, 100.0, "down", 1100.0),
    (0.0, "percent", 0.5, 100.0, "up", 0.0),
]

# amount, maximum, expected
AMOUNTS = [
    (0.0, 0.0, None),
    (-0.01, 0.0, "negative"),
    (5000.0, 5000.0, None),
    (5000.01, 5000.0, "above_maximum"),
    (5000.01, 0.0, None),
    (CEILING - 1, 0.0, None),
    (CEILING, 0.0, "absurd"),
    (float("nan"), 0.0, "absurd"),
    (float("inf"), 0.0, "absurd"),
    (float("-inf"), 0.0, "absurd"),
]

# proposal, expected
PROPOSALS = [
    (LIMITED, []),
    (RAISED, []),
    (SHARED, []),
    (CANCELLED, []),
    # for whom
    (replace(LIMITED, has_profile=False), ["no_customer"]),
    (replace(LIMITED, is_elsewhere=True), ["other_company"]),
    (replace(CANCELLED, is_elsewhere=True), ["other_company"]),
    (replace(LIMITED, has_group=True), ["two_targets"]),
    (replace(LIMITED, has_group=True, has_profile=False), ["group_target"]),
    (replace(RAISED, has_group=True, has_profile=False), []),
    (replace(RAISED, has_profile=False), ["no_customer"]),
    (replace(SHARED, has_group=False), ["no_group"]),
    (replace(SHARED, has_profile=True), ["two_targets"]),
    (replace(CANCELLED, ends_line=False), ["nothing_to_cancel"]),
    # how much
    (replace(LIMITED, limit=-1.0), ["negative"]),
    (replace(LIMITED, policy="none", limit=-1.0), []),
    (replace(SHARED, policy="unlimited"), ["group_policy"]),
    (replace(RAISED, policy="default"), ["temporary_policy"]),
    (replace(RAISED, policy="unlimited"), ["temporary_policy"]),
    (replace(RAISED, policy="none"), ["temporary_policy"]),
    (replace(LIMITED, policy="default", date_to=None), []),
    (replace(LIMITED, policy="none", date_to=None), []),
    # until when
    (replace(LIMITED, date_to=None), ["no_end"]),
    (replace(LIMITED, policy="unlimited", date_to=None), ["no_end"]),
    (replace(RAISED, date_to=None), ["no_end"]),
    (replace(RAISED, date_from=None), ["no_start"]),
    (replace(RAISED, date_to=TODAY), []),
    (replace(RAISED, date_to=date(2025, 6, 14)), ["reversed"]),
    (replace(LIMITED, date_to=TODAY), []),
    (replace(LIMITED, date_to=date(2025, 6, 14)), ["over"]),
    (replace(LIMITED, date_from=TODAY), []),
    (replace(LIMITED, date_from=date(2025, 6, 16)), []),
    (replace(RAISED, date_from=date(2025, 6, 16)), []),
    # everything at once
    (
        replace(RAISED, limit=-1.0, date_from=None, date_to=None, has_profile=False),
        ["no_customer", "negative", "no_start", "no_end"],
    ),
]


@pytest.mark.parametrize("row", NEW_LIMITS)
def test_new_limit(row):
    *given, expected = row
    assert new_limit(*given) == pytest.approx(expected)


@pytest.mark.parametrize(("amount", "maximum", "expected"), AMOUNTS)
def test_amounts(amount, maximum, expected):
    assert amount_problem(amount, maximum) == expected


@pytest.mark.parametrize(("line", "expected"), PROPOSALS)
def test_proposals(line, expected):
    assert problems(line, TODAY) == expected


def test_the_maximum_of_the_company_counts_for_limits_alone():
    assert problems(LIMITED, TODAY, maximum=999.99) == ["above_maximum"]
    assert problems(LIMITED, TODAY, maximum=1000.0) == []
    # what a group shares is the limit of many, in a currency of its own
    assert problems(SHARED, TODAY, maximum=1.0) == []
    assert problems(replace(LIMITED, policy="unlimited"), TODAY, maximum=1.0) == []
