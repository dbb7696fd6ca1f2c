"""What became of promises to pay: kept, kept in part, broken, or still open.

A promise is judged by the money that has come in by its last day, the day of the
promise and the days of grace. Instalments of one plan are promises that share their
items. Amounts are in the currency of the promise. No clock, no database.

Who need not pay any more has neither kept nor broken a promise: not what was credited,
and not what was written off by its last day. A promise that was missed before stays
missed, whatever is written off afterwards.
"""

from dataclasses import dataclass
from datetime import date, timedelta

OPEN = "open"
KEPT = "kept"
PARTLY_KEPT = "partly_kept"
BROKEN = "broken"
CANCELLED = "cancelled"

#: Promises that were not kept in time.
MISSED = {BROKEN, PARTLY_KEPT}


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a plan, as it stands on the last day of one of its promises.

    :param total: what all promises of the plan say about the item
    :param owed: what was open when the plan was made
    :param paid, credited, written_off: what was matched to it since then, up to the
        last day: money, what is not owed any more, and what was given up; negative
        when older ones were taken back
    """

    total: float
    owed: float
    paid: float = 0.0
    credited: float = 0.0
    written_off: float = 0.0


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise, or one instalment of a plan; a plan is known by its first promise.

    :param items: all items of the plan
    :param is_missed: its last day was over before, and it was not kept
    """

    id: int
    plan_id: int
    amount: float
    made_on: date
    last_day: date
    items: tuple
    is_missed: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """A payment of the customer that is not matched to anything yet."""

    date: date
    amount: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a promise.

    :param due: the amount, less what was credited or written off and can't be paid any
        more
    :param kept: how much of it came in time and is matched
    :param unapplied: how much more came in time and is not matched yet
    :param is_written_off: cancelled because something of it was written off
    """

    state: str
    due: float
    kept: float
    unapplied: float
    is_written_off: bool = False


def last_day(day, grace_days):
    """Return the last day on which money keeps a promise; weekends are no grace."""
    while grace_days > 0:
        day += timedelta(days=1)
        grace_days -= day.weekday() < 5
    return day


def judge(promises, money, today, unit=0.01, leftover=0.0):
    """Return ``{promise_id: Verdict}`` of promises of one customer in one currency.

    Money counts for the promise in whose time it comes: what is late for an instalment
    counts for the next one. Payments that are not matched yet keep no promise, but none
    is broken while those that came between its making and its last day cover it, the
    earliest promise first: the customer has paid, even if nobody has looked at it yet.

    :param promises: with all instalments of their plans
    :param money: the :class:`Money` of the customer
    :param unit: smallest amount of the currency
    :param leftover: a promise of which no more than this was written off is kept, if
        the rest of it came
    """
    matched = {}
    for plan in _plans(promises):
        matched.update(_match(plan))
    left = [[one.date, one.amount] for one in sorted(money, key=lambda one: one.date)]
    verdicts = {}
    for promise in sorted(promises, key=lambda one: (one.last_day, one.id)):
        due, kept, given_up = matched[promise.id]
        unapplied = _take(left, promise, due - kept)
        tolerance = unit / 2
        if due <= tolerance:
            state = CANCELLED
        elif kept >= due - tolerance:
            state = KEPT if given_up <= leftover + tolerance else CANCELLED
        elif today <= promise.last_day or kept + unapplied >= due - tolerance:
            state = OPEN
        else:
            state = PARTLY_KEPT if kept + unapplied > tolerance else BROKEN
        is_written_off = state == CANCELLED and given_up > tolerance
        verdicts[promise.id] = Verdict(state, due, kept, unapplied, is_written_off)
    return verdicts


def _plans(promises):
    """Return the promises by plan, each in the order in which they fall due."""
    plans = {}
    for promise in sorted(promises, key=lambda one: (one.last_day, one.id)):
        plans.setdefault(promise.plan_id, []).append(promise)
    return plans.values()


def _match(plan):
    """Return ``{promise_id: (due, kept, given up)}`` by what is matched to a plan."""
    result = {}
    later = sum(promise.amount for promise in plan)
    used = 0.0
    for promise in plan:
        later -= promise.amount
        # both take from the end of the plan, as nobody owes that any more
        credited, gone = (
            min(max(amount - later, 0.0), promise.amount)
            for amount in _not_owed(promise)
        )
        due = promise.amount - gone
        paid = sum(max(item.paid, 0.0) for item in promise.items)
        kept = max(min(paid - used, due), 0.0)
        used += kept
        result[promise.id] = due, kept, gone - credited
    return result


def _not_owed(promise):
    """Return how much more was promised for the items of a plan than is owed after
    credit notes, and after what was written off as well.

    What is written off of a promise that was missed before does not save it.
    """
    credited = gone = 0.0
    for item in promise.items:
        given_up = 0.0 if promise.is_missed else item.written_off
        credited += max(item.total - item.owed + item.credited, 0.0)
        gone += max(item.total - item.owed + item.credited + given_up, 0.0)
    return credited, gone


def _take(left, promise, missing):
    """Take what is missing from money that came in time, and return how much."""
    taken = 0.0
    for one in left:
        if promise.made_on <= one[0] <= promise.last_day:
            part = max(min(one[1], missing - taken), 0.0)
            one[1] -= part
            taken += part
    return taken
