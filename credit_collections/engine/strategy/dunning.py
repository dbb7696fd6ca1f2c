"""Which step of a collection strategy comes next for an item, and when.

A strategy is a tuple of :class:`Step` in the order in which they are done. An item is a
receivable with a due date and the level of the last step that was done for it, 0 for
none; levels count the steps from 1. Days count from the due date, negative before it.
"""

from dataclasses import dataclass
from datetime import timedelta

#: What happens when more than one step has come due since the last run.
ONE_BY_ONE, LATEST = "one_by_one", "latest"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``days`` from the due date; ``is_legal`` ends the friendly part."""

    id: int
    days: int
    is_legal: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: the step, its level, its date, and the steps left to legal."""

    step: Step
    level: int
    date: object
    steps_to_legal: int


def in_order(steps):
    """Return the steps as a strategy: by days, in the given order within a day."""
    return tuple(sorted(steps, key=lambda step: step.days))


def reached_level(steps, days):
    """Return the level that an item of so many days has come to, 0 for none yet."""
    return sum(step.days <= days for step in steps)


def due_level(steps, days, done, catch_up=ONE_BY_ONE):
    """Return the level to do now, 0 when nothing is due.

    A step is never repeated and never gone back to. One from before the due date that
    was missed is not made up for: its text would be wrong.

    :param days: days past due of the leading item, negative before
    :param done: level of the last step done for it
    :param catch_up: ``one_by_one`` does missed steps one after the other, each on a run
        of its own; ``latest`` goes to the last one that came due
    """
    reached = reached_level(steps, days)
    done = _passed(steps, days, done)
    if reached <= done:
        return 0
    return reached if catch_up == LATEST else done + 1


def _passed(steps, days, done):
    """Return the level that is behind an item: what was done, and for one that is late
    what comes before the due date."""
    if days < 1:
        return done
    return max(done, sum(step.days < 0 for step in steps))


def next_step(steps, due_date, done, today):
    """Return the :class:`Next` of an item, ``None`` when its strategy has ended.

    The date is never in the past: a step that came due is next today.
    """
    done = _passed(steps, (today - due_date).days, done)
    if done >= len(steps):
        return None
    step = steps[done]
    return Next(
        step=step,
        level=done + 1,
        date=max(due_date + timedelta(days=step.days), today),
        steps_to_legal=steps_to_legal(steps, done),
    )


def steps_to_legal(steps, done):
    """Return how many steps are left before the legal one, itself not counted.

    0 means that the next one is legal, or that it was done; strategies without a legal
    step count to their end.
    """
    for level, step in enumerate(steps, start=1):
        if step.is_legal:
            return max(level - 1 - done, 0)
    return max(len(steps) - done, 0)


def leads(steps, done):
    """Tell whether an item can lead: one whose strategy has ended can't."""
    return done < len(steps)
