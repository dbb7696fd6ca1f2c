from datetime import date, timedelta

import pytest

from engine.strategy import dunning
from engine.strategy.dunning import LATEST, ONE_BY_ONE, Step

# reminder 3 days before, on day 5, call on day 20, legal on day 60
STEPS = (Step(1, -3), Step(2, 5), Step(3, 20), Step(4, 60, is_legal=True))
TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("days", "level"),
    [(-4, 0), (-3, 1), (-2, 1), (4, 1), (5, 2), (6, 2), (19, 2), (20, 3), (60, 4)],
)
def test_an_item_reaches_a_step_on_its_day(days, level):
    assert dunning.reached_level(STEPS, days) == level


@pytest.mark.parametrize(
    ("days", "done", "one_by_one", "latest"),
    [
        (-4, 0, 0, 0),  # too early for anything
        (-3, 0, 1, 1),
        (5, 1, 2, 2),
        (5, 2, 0, 0),  # never repeated
        (5, 3, 0, 0),  # never gone back to
        (0, 0, 1, 1),  # the last day on which nothing is late
        (1, 0, 0, 0),  # too late for what is said before the due date
        (5, 0, 2, 2),
        (25, 0, 2, 3),  # two came due: one after the other, or the last
        (25, 1, 2, 3),
        (100, 4, 0, 0),  # the strategy has ended
    ],
)
def test_the_due_step(days, done, one_by_one, latest):
    assert dunning.due_level(STEPS, days, done, ONE_BY_ONE) == one_by_one
    assert dunning.due_level(STEPS, days, done, LATEST) == latest


def test_steps_are_done_in_the_order_of_their_days():
    late, early = Step(1, 30), Step(2, 10)
    assert dunning.in_order([late, early]) == (early, late)


def test_steps_of_one_day_keep_their_order():
    first, second = Step(7, 10), Step(3, 10)
    assert dunning.in_order([first, second]) == (first, second)


def test_the_next_step_has_its_day():
    due = TODAY - timedelta(days=2)
    following = dunning.next_step(STEPS, due, done=1, today=TODAY)
    assert (following.step.id, following.level) == (2, 2)
    assert following.date == TODAY + timedelta(days=3)


def test_a_step_that_came_due_is_next_today():
    following = dunning.next_step(STEPS, TODAY - timedelta(days=40), 1, TODAY)
    assert following.date == TODAY


def test_what_was_missed_before_the_due_date_is_not_next():
    following = dunning.next_step(STEPS, TODAY - timedelta(days=1), 0, TODAY)
    assert (following.step.id, following.level) == (2, 2)
    assert following.date == TODAY + timedelta(days=4)
    assert following.steps_to_legal == 2
    on_the_day = dunning.next_step(STEPS, TODAY, 0, TODAY)
    assert on_the_day.step.id == 1


def test_nothing_comes_after_the_last_step():
    assert dunning.next_step(STEPS, TODAY, 4, TODAY) is None
    assert not dunning.leads(STEPS, 4)
    assert dunning.leads(STEPS, 3)


@pytest.mark.parametrize(("done", "left"), [(0, 3), (1, 2), (2, 1), (3, 0), (4, 0)])
def test_the_steps_left_before_legal(done, left):
    assert dunning.steps_to_legal(STEPS, done) == left


def test_without_a_legal_step_the_steps_count_to_the_end():
    assert dunning.steps_to_legal(STEPS[:3], 1) == 2
