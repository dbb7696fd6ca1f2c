from datetime import date, timedelta

import pytest

from engine.promise import promises
from engine.promise.promises import Item, Money, Promise

MONDAY = date(2026, 3, 2)
THURSDAY = date(2026, 3, 5)
MADE = MONDAY
LAST = date(2026, 3, 10)
AFTER = LAST + timedelta(days=1)


def _promise(amount=100.0, owed=100.0, paid=0.0, credited=0.0, off=0.0, **values):
    item = Item(amount, owed, paid, credited, written_off=off)
    return Promise(
        **{
            "id": 1,
            "plan_id": values.get("id", 1),
            "amount": amount,
            "made_on": MADE,
            "last_day": LAST,
            "items": (item,),
            **values,
        }
    )


def _judge(promise, today=AFTER, money=()):
    return promises.judge([promise], money, today)[promise.id]


# === GRACE === #


@pytest.mark.parametrize(
    ("day", "grace", "last"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 3, THURSDAY),
        (THURSDAY, 1, date(2026, 3, 6)),
        # Friday, Monday, Tuesday
        (THURSDAY, 3, date(2026, 3, 10)),
        # promised for a Saturday: Monday is the first day of grace
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 0, date(2026, 3, 7)),
    ],
)
def test_weekends_are_no_grace(day, grace, last):
    assert promises.last_day(day, grace) == last


# === STATES === #


@pytest.mark.parametrize(
    ("paid", "today", "state"),
    [
        (0.0, LAST, "open"),
        (0.0, AFTER, "broken"),
        (-20.0, AFTER, "broken"),
        (0.01, LAST, "open"),
        (0.01, AFTER, "partly_kept"),
        (99.99, LAST, "open"),
        (99.99, AFTER, "partly_kept"),
        (100.0, LAST, "kept"),
        (100.0, AFTER, "kept"),
        (150.0, AFTER, "kept"),
    ],
)
def test_a_promise_is_open_until_its_last_day_is_over(paid, today, state):
    assert _judge(_promise(owed=200.0, paid=paid), today).state == state


def test_no_more_is_kept_than_was_promised():
    assert _judge(_promise(owed=200.0, paid=150.0)).kept == 100.0


def test_money_for_one_item_keeps_what_was_promised_for_another():
    items = (Item(50.0, 200.0, paid=100.0), Item(50.0, 50.0))
    assert _judge(_promise(items=items)).state == "kept"


# === CREDIT NOTES === #


def test_a_credit_note_lowers_what_is_due():
    verdict = _judge(_promise(paid=70.0, credited=30.0))
    assert (verdict.state, verdict.due, verdict.kept) == ("kept", 70.0, 70.0)


def test_a_credit_note_for_what_was_not_promised_changes_nothing():
    # 100 owed, 50 promised, 30 credited: 70 are left, and 50 of them promised
    verdict = _judge(_promise(amount=50.0, owed=100.0, credited=30.0))
    assert (verdict.state, verdict.due) == ("broken", 50.0)


def test_what_was_credited_altogether_is_neither_kept_nor_broken():
    verdict = _judge(_promise(credited=100.0))
    assert (verdict.state, verdict.due) == ("cancelled", 0.0)


# === WRITE-OFFS === #


@pytest.mark.parametrize(
    ("paid", "credited", "off", "today", "state", "due", "kept"),
    [
        # all of it, or all but what came: nobody is praised, nobody is blamed
        (0.0, 0.0, 100.0, LAST, "cancelled", 0.0, 0.0),
        (0.0, 0.0, 100.0, AFTER, "cancelled", 0.0, 0.0),
        (1.0, 0.0, 99.0, AFTER, "cancelled", 1.0, 1.0),
        (99.0, 0.0, 1.0, AFTER, "cancelled", 99.0, 99.0),
        (50.0, 30.0, 20.0, AFTER, "cancelled", 50.0, 50.0),
        (0.0, 50.0, 50.0, AFTER, "cancelled", 0.0, 0.0),
        # the rest is still promised
        (0.0, 0.0, 40.0, LAST, "open", 60.0, 0.0),
        (0.0, 0.0, 40.0, AFTER, "broken", 60.0, 0.0),
        (59.99, 0.0, 40.0, AFTER, "partly_kept", 60.0, 59.99),
        # older ones that were taken back change nothing
        (100.0, 0.0, -40.0, AFTER, "kept", 100.0, 100.0),
    ],
)
def test_what_was_written_off_is_neither_kept_nor_broken(
    paid, credited, off, today, state, due, kept
):
    verdict = _judge(_promise(paid=paid, credited=credited, off=off), today)
    assert (verdict.state, verdict.due, verdict.kept) == (state, due, kept)
    assert verdict.is_written_off is (state == "cancelled")


def test_a_write_off_of_what_was_not_promised_changes_nothing():
    verdict = _judge(_promise(amount=50.0, owed=100.0, paid=50.0, off=50.0))
    assert (verdict.state, verdict.due, verdict.is_written_off) == ("kept", 50.0, False)


def test_what_was_credited_is_not_written_off():
    assert not _judge(_promise(credited=100.0)).is_written_off


@pytest.mark.parametrize(
    ("paid", "off", "state"),
    [(0.0, 100.0, "broken"), (40.0, 60.0, "partly_kept"), (100.0, 0.0, "kept")],
)
def test_a_promise_that_was_missed_stays_missed_when_it_is_written_off(
    paid, off, state
):
    verdict = _judge(_promise(paid=paid, off=off, is_missed=True))
    assert (verdict.state, verdict.due) == (state, 100.0)


@pytest.mark.parametrize(
    ("paid", "off", "state"),
    [
        (99.5, 0.5, "kept"),
        (99.49, 0.51, "cancelled"),
        (0.0, 0.5, "broken"),
        (99.4, 0.5, "partly_kept"),
    ],
)
def test_a_small_leftover_that_is_written_off_is_nothing(paid, off, state):
    promise = _promise(paid=paid, off=off)
    verdict = promises.judge([promise], [], AFTER, leftover=0.5)[1]
    assert verdict.state == state


def test_a_write_off_shortens_a_plan_from_its_end():
    plan = _plan(50.0, 50.0, off=(50.0, 50.0))
    verdicts = promises.judge(plan, [], LAST + timedelta(days=30))
    assert [verdict.state for verdict in verdicts.values()] == ["kept", "cancelled"]
    plan = _plan(0.0, 0.0, off=(0.0, 100.0))
    verdicts = promises.judge(plan, [], LAST + timedelta(days=30))
    assert [verdict.state for verdict in verdicts.values()] == ["broken", "cancelled"]


# === MONEY THAT IS NOT MATCHED === #


@pytest.mark.parametrize(
    ("day", "amount", "state"),
    [
        (MADE - timedelta(days=1), 100.0, "broken"),
        (MADE, 100.0, "open"),
        (LAST, 100.0, "open"),
        (AFTER, 100.0, "broken"),
        (LAST, 99.99, "partly_kept"),
    ],
)
def test_a_promise_waits_for_the_matching_of_money_that_came_in_time(
    day, amount, state
):
    verdict = _judge(_promise(), money=[Money(day, amount)])
    assert (verdict.state, verdict.kept) == (state, 0.0)


def test_unmatched_money_counts_once_and_for_the_earliest_promise():
    first = _promise(id=7)
    second = _promise(id=8, last_day=LAST + timedelta(days=3))
    verdicts = promises.judge([second, first], [Money(MADE, 130.0)], LAST)
    assert [verdicts[one].unapplied for one in (7, 8)] == [100.0, 30.0]


def test_what_is_matched_goes_before_what_is_not():
    verdict = _judge(_promise(paid=60.0), money=[Money(MADE, 70.0)])
    assert (verdict.state, verdict.kept, verdict.unapplied) == ("open", 60.0, 40.0)


# === PLANS === #


def _plan(*paid, owed=100.0, credited=(0.0, 0.0), off=(0.0, 0.0)):
    """Return two instalments of 50, with what was paid by the last day of each."""
    return [
        Promise(
            id=number,
            plan_id=1,
            amount=50.0,
            made_on=MADE,
            last_day=LAST + timedelta(days=7 * (number - 1)),
            items=(Item(100.0, owed, *by_then),),
        )
        for number, by_then in enumerate(zip(paid, credited, off, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("paid", "states", "kept"),
    [
        ((50.0, 100.0), ["kept", "kept"], [50.0, 50.0]),
        ((100.0, 100.0), ["kept", "kept"], [50.0, 50.0]),
        # what is late for the first one counts for the second
        ((0.0, 50.0), ["broken", "kept"], [0.0, 50.0]),
        ((20.0, 50.0), ["partly_kept", "partly_kept"], [20.0, 30.0]),
        ((50.0, 50.0), ["kept", "broken"], [50.0, 0.0]),
    ],
)
def test_each_instalment_is_kept_by_the_money_of_its_time(paid, states, kept):
    verdicts = promises.judge(_plan(*paid), [], LAST + timedelta(days=30))
    assert [verdict.state for verdict in verdicts.values()] == states
    assert [verdict.kept for verdict in verdicts.values()] == kept


def test_a_credit_note_shortens_a_plan_from_its_end():
    plan = _plan(50.0, 50.0, credited=(30.0, 30.0))
    verdicts = promises.judge(plan, [], LAST + timedelta(days=30))
    assert [verdict.due for verdict in verdicts.values()] == [50.0, 20.0]
    plan = _plan(0.0, 0.0, credited=(70.0, 70.0))
    verdicts = promises.judge(plan, [], LAST)
    assert [verdict.due for verdict in verdicts.values()] == [30.0, 0.0]


@pytest.mark.parametrize(("unit", "state"), [(1.0, "kept"), (0.01, "partly_kept")])
def test_less_than_half_of_the_smallest_amount_is_nothing(unit, state):
    promise = _promise(paid=99.6)
    assert promises.judge([promise], [], AFTER, unit)[1].state == state
