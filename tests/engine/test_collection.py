from datetime import date, timedelta

import pytest

from engine.run import collection, guard
from engine.run.collection import Policy
from engine.strategy import dunning
from engine.strategy.dunning import LATEST, ONE_BY_ONE, Step

TODAY = date(2026, 3, 31)

# reminder 3 days before, mail on day 5, call on day 20, legal on day 60
STEPS = (Step(1, -3), Step(2, 5), Step(3, 20), Step(4, 60, is_legal=True))
CHANNELS = {1: "email", 2: "email", 3: "call", 4: "task"}


def policy(**values):
    return Policy(
        **{
            "steps": STEPS,
            "catch_up": ONE_BY_ONE,
            "quiet_days": 5,
            "minimum": 0.0,
            "channels": CHANNELS,
            "minimums": dict.fromkeys(CHANNELS, 0.0),
            **values,
        }
    )


def facts(days=10, level=1, **values):
    """Return the facts of a customer whose leading item is so many days overdue."""
    return {
        "excluded": 0,
        "promised": 0,
        "disputed": 0,
        "early_items": 2,
        "early_amount": 150.0,
        "early_credit": 0.0,
        "overdue_items": 1,
        "overdue_amount": 100.0,
        "overdue_credit": 0.0,
        "lead_due_date": None if days is None else TODAY - timedelta(days=days),
        "lead_level": level,
        "is_legal": False,
        "not_before": None,
        "last_contact": None,
        "is_archived": False,
        "is_waiting": False,
        "is_done_today": False,
        "contact_id": 7,
        "email_contact_id": 8,
        "phone_contact_id": 9,
        "sms_contact_id": 10,
        "letter_contact_id": 11,
        **values,
    }


def plan(the_facts, **values):
    return collection.plan(the_facts, policy(**values), TODAY)


@pytest.mark.parametrize(
    ("days", "level", "step_id"),
    [
        (-4, 0, None),  # too early
        (-3, 0, 1),
        (4, 1, None),
        (5, 1, 2),
        (6, 1, 2),
        (6, 2, None),  # never repeated
        (6, 3, None),  # never gone back to
        (60, 3, 4),
        (99, 4, None),  # the strategy has ended
    ],
)
def test_the_leading_item_says_which_step(days, level, step_id):
    planned = plan(facts(days, level))
    assert (planned and planned.step_id) == step_id


def test_missed_steps_are_done_one_by_one_or_the_latest_at_once():
    # what comes before the due date is over
    assert plan(facts(30, 0), catch_up=ONE_BY_ONE).level == 2
    assert plan(facts(30, 1), catch_up=ONE_BY_ONE).level == 2
    assert plan(facts(30, 0), catch_up=LATEST).level == 3


def test_a_reminder_before_the_due_date_is_about_all_that_the_strategy_has_come_to():
    planned = plan(facts(-3, 0))
    assert (planned.items, planned.amount) == (2, 150.0)


def test_later_steps_are_about_what_is_overdue():
    planned = plan(facts(5, 1))
    assert (planned.items, planned.amount) == (1, 100.0)


@pytest.mark.parametrize(("days", "early"), [(-1, True), (0, True), (1, False)])
def test_a_step_is_early_until_the_due_date(days, early):
    assert collection.is_early(Step(1, days)) is early


@pytest.mark.parametrize(
    ("level", "days", "contact_id"), [(1, 5, 8), (2, 20, 9), (3, 60, 7)]
)
def test_each_channel_has_its_contact(level, days, contact_id):
    assert plan(facts(days, level)).contact_id == contact_id


def test_without_an_address_for_the_channel_the_customer_is_still_named():
    planned = plan(facts(email_contact_id=None))
    assert (planned.reason, planned.contact_id) == (guard.NO_ADDRESS, 7)


def test_a_task_needs_no_address():
    nowhere = {"email_contact_id": None, "phone_contact_id": None}
    assert plan(facts(60, 3, **nowhere)).reason is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, None),
        ({"is_legal": True}, guard.LEGAL),
        ({"not_before": TODAY + timedelta(days=1)}, guard.DO_NOT_CONTACT),
        ({"not_before": TODAY}, None),
        ({"overdue_credit": 100.0}, guard.NET_CREDIT),
        ({"overdue_credit": 99.99}, None),
        ({"last_contact": TODAY - timedelta(days=4)}, guard.QUIET_DAYS),
        ({"last_contact": TODAY - timedelta(days=5)}, None),
    ],
)
def test_the_guard_is_asked(values, reason):
    assert plan(facts(**values)).reason == reason


@pytest.mark.parametrize(
    ("amount", "skipped"), [(99, True), (100, False), (101, False)]
)
@pytest.mark.parametrize("where", ["strategy", "step"])
def test_the_higher_minimum_of_strategy_and_step_counts(where, amount, skipped):
    minimums = {**dict.fromkeys(CHANNELS, 0.0), 2: 100.0 if where == "step" else 0.0}
    planned = plan(
        facts(overdue_amount=amount),
        minimum=100.0 if where == "strategy" else 0.0,
        minimums=minimums,
    )
    assert (planned.reason == guard.BELOW_MINIMUM) is skipped


def test_a_customer_whose_items_are_all_excluded_is_named_with_that_reason():
    planned = plan(facts(None, None, excluded=1, early_items=0, overdue_items=0))
    assert planned.reason == guard.EXCLUDED


def test_items_whose_strategy_has_ended_plan_nothing():
    assert plan(facts(None, None, excluded=1)) is None


def test_a_customer_whose_items_are_all_promised_is_named_with_that_reason():
    planned = plan(facts(None, None, promised=1, early_items=0, overdue_items=0))
    assert (planned.level, planned.reason) == (1, "promised")
    assert plan(facts(None, None, promised=1)) is None


def test_the_engine_numbers_levels_as_dunning_does():
    assert plan(facts(5, 1)).level == dunning.due_level(STEPS, 5, 1)


def test_what_is_on_its_way_blocks_a_second_action():
    assert plan(facts(is_waiting=True)).reason == "waiting"


def test_one_run_a_day_also_without_quiet_days():
    done = facts(is_done_today=True)
    assert plan(done, quiet_days=0).reason == "quiet_days"
    assert plan(facts(), quiet_days=0).reason is None
    # a person who called today is another matter
    assert plan(facts(last_contact=TODAY), quiet_days=0).reason is None


def test_a_late_item_does_not_get_what_is_said_before_the_due_date():
    assert plan(facts(2, 0)) is None
    assert plan(facts(6, 0)).step_id == 2
    assert plan(facts(0, 0)).step_id == 1
