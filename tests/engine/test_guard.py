from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.run import guard
from engine.run.guard import Contact

TODAY = date(2026, 3, 31)
TOMORROW = TODAY + timedelta(days=1)
FREE = Contact(items=2, amount=100.0)

# what stops a contact, in the published order
STOPS = [
    ("legal", {"is_legal": True}),
    ("do_not_contact", {"not_before": TOMORROW}),
    ("excluded", {"items": 0, "excluded": 1}),
    ("disputed", {"items": 0, "disputed": 1}),
    ("promised", {"items": 0, "promised": 1}),
    ("net_credit", {"credit": 100.0}),
    ("below_minimum", {"minimum": 500.0}),
    ("waiting", {"is_waiting": True}),
    ("quiet_days", {"last_contact": TODAY, "quiet_days": 7}),
    ("bank_not_reconciled", {"is_bank_current": False}),
    ("archived", {"is_archived": True, "has_address": False}),
    ("no_address", {"has_address": False}),
]


def test_a_customer_whom_nothing_protects_is_contacted():
    assert guard.refuse(FREE, TODAY) is None


@pytest.mark.parametrize(("reason", "facts"), STOPS)
def test_each_reason_stops_a_contact(reason, facts):
    assert guard.refuse(replace(FREE, **facts), TODAY) == reason


def test_the_reasons_are_looked_for_in_the_published_order():
    assert [reason for reason, _facts in STOPS] == list(guard.REASONS)
    for number in range(len(STOPS)):
        facts = {}
        for _reason, more in reversed(STOPS[number:]):
            facts.update(more)
        assert guard.refuse(replace(FREE, **facts), TODAY) == STOPS[number][0]


@pytest.mark.parametrize(
    ("not_before", "refused"), [(TODAY, False), (TOMORROW, True), (None, False)]
)
def test_a_customer_may_be_contacted_from_the_day_on(not_before, refused):
    contact = replace(FREE, not_before=not_before)
    assert bool(guard.refuse(contact, TODAY)) is refused


@pytest.mark.parametrize(("days_ago", "refused"), [(6, True), (7, False), (8, False)])
def test_seven_quiet_days_are_over_on_the_seventh_day(days_ago, refused):
    last = TODAY - timedelta(days=days_ago)
    contact = replace(FREE, last_contact=last, quiet_days=7)
    assert bool(guard.refuse(contact, TODAY)) is refused


@pytest.mark.parametrize(
    ("credit", "reason"), [(99.99, None), (100.0, "net_credit"), (100.01, "net_credit")]
)
def test_a_customer_whose_credit_covers_everything_is_left_alone(credit, reason):
    assert guard.refuse(replace(FREE, credit=credit), TODAY) == reason


@pytest.mark.parametrize(
    ("minimum", "reason"), [(79.99, None), (80.0, None), (80.01, "below_minimum")]
)
def test_the_minimum_counts_after_credit(minimum, reason):
    contact = replace(FREE, credit=20.0, minimum=minimum)
    assert guard.refuse(contact, TODAY) == reason


def test_all_reasons_are_found_in_the_published_order():
    facts = {}
    for _reason, more in STOPS:
        facts.update(more)
    # of items left out for three reasons each one is named
    assert guard.reasons(replace(FREE, **facts), TODAY) == guard.REASONS
    assert guard.reasons(FREE, TODAY) == ()


def test_items_left_out_do_not_stop_the_others():
    contact = replace(FREE, excluded=1, disputed=2, promised=3)
    assert guard.refuse(contact, TODAY) is None


def test_what_was_left_out_is_not_said_to_be_little_as_well():
    facts = {"items": 0, "promised": 1, "amount": 0.0, "minimum": 500.0}
    assert guard.reasons(replace(FREE, **facts), TODAY) == ("promised",)
    some = replace(FREE, **{**facts, "items": 1})
    assert guard.reasons(some, TODAY) == ("below_minimum",)
