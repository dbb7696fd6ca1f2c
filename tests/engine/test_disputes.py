from datetime import date, timedelta

import pytest

from engine import disputes

FRIDAY = date(2024, 3, 1)
MONDAY = date(2024, 3, 4)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, MONDAY),
        (MONDAY, 4, date(2024, 3, 8)),
        (MONDAY, 5, date(2024, 3, 11)),
        (FRIDAY, 6, date(2024, 3, 11)),
        (date(2024, 3, 2), 0, MONDAY),  # a Saturday
        (date(2024, 3, 3), 1, date(2024, 3, 5)),  # a Sunday
        (MONDAY, 10, date(2024, 3, 18)),
    ],
)
def test_working_days_leave_weekends_out(start, days, expected):
    assert disputes.add_working_days(start, days) == expected


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("days", range(12))
def test_working_days_are_counted_one_by_one(weekday, days):
    start = MONDAY + timedelta(days=weekday)
    day, left = start, days
    while day.weekday() > 4:
        day += timedelta(days=1)
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    assert disputes.add_working_days(start, days) == day


@pytest.mark.parametrize(
    ("today", "told", "has_lead", "expected"),
    [
        (MONDAY, disputes.NOBODY, True, disputes.NOBODY),  # the day itself
        (date(2024, 3, 5), disputes.NOBODY, True, disputes.LEAD),
        (date(2024, 3, 5), disputes.LEAD, True, disputes.NOBODY),
        (date(2024, 3, 6), disputes.LEAD, True, disputes.NOBODY),  # two days later
        (date(2024, 3, 7), disputes.LEAD, True, disputes.MANAGER),
        (date(2024, 3, 7), disputes.NOBODY, True, disputes.MANAGER),
        (date(2024, 3, 7), disputes.MANAGER, True, disputes.NOBODY),
        (date(2024, 3, 5), disputes.NOBODY, False, disputes.MANAGER),
    ],
)
def test_who_is_told_of_late_answers(today, told, has_lead, expected):
    assert disputes.escalation(MONDAY, today, 2, told, has_lead) == expected


def test_nobody_is_told_without_a_deadline():
    assert disputes.escalation(None, MONDAY, 2, disputes.NOBODY) == disputes.NOBODY


def test_days_to_resolve_are_known_when_it_is_closed():
    assert disputes.days_to_resolve(FRIDAY, MONDAY) == 3
    assert disputes.days_to_resolve(FRIDAY, FRIDAY) == 0
    assert disputes.days_to_resolve(FRIDAY, None) is None
