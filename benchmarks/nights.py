# ruff: noqa: T201
"""Measure nights beside people who confirm orders: who loses, who waits.

    python nights.py S=bench_s L=bench_l --nights 10 --rate 8 --json results.json

Each night the clock of the jobs is a day further, so that the ages of all that is
overdue change; before every third one nothing was ever worked out, as after installing.
The jobs are called as Odoo's worker calls them, again where they ask for it. A night is
lost if a step failed, if something was left for the next one, or if figures are not
those of its day. Each word is a size and the generated database of that size; it is
copied, not changed.
"""

import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field

import confirming
import databases
import jobs
import losses
import orders
import scale
import scale_night
import session
import sizes
from measure import weigh
from watching import WRITING, Watch, application

NIGHTS = 10
ALONE = 20  # seconds in which orders are confirmed and no job runs
DRAFTS = 6_000  # orders to confirm in one night

EVERYTHING, NEXT_DAY = "everything to do", "the next day"
#: Nearly all orders pass, and each is a decision about the credit of a customer.
RULE = {"kind": "limit_used", "limit_share": 1_000.0}


def main(arguments=None):
    return sizes.run(
        __doc__,
        measure,
        report,
        arguments,
        nights=(NIGHTS, "how many"),
        rate=(orders.RATE, "orders a second"),
        sessions=(orders.SESSIONS, "of people who confirm orders"),
    )


def measure(template, options):
    """Return ``{job: {what: figures}}`` of one size, and every night."""
    with sizes.copied(
        template, "nights", _prepare, options.keep, finish=jobs.work_off_all
    ) as database:
        confirming.set_rules(database, 1, RULE)
        desk = (database, options.rate, options.sessions)
        with orders.Orders(*desk) as alone:
            time.sleep(ALONE)
        usual = losses.filled(database)
        found = [_night(one + 1, desk, usual) for one in range(options.nights)]
    rate = f"{options.rate:g} orders a second"
    return {
        f"nights beside {rate}": _of_nights(found),
        f"{rate} beside nights": _of_orders([one.orders for one in found]),
        f"{rate} alone": _of_orders([alone.figures]),
        "each": [asdict(one) for one in found],
    }


def _prepare(env):
    scale.prepare(env)
    orders.draft(env, DRAFTS)


# === A NIGHT === #


@dataclass
class Night:
    """What came of one night; it is lost where ``losses`` has a reason."""

    number: int
    kind: str
    seconds: float = 0.0
    rss_mb: float = 0.0
    queries: int = 0
    calls: dict = field(default_factory=dict)
    conflicts: int = 0
    losses: list = field(default_factory=list)
    locked: dict = field(default_factory=dict)
    orders: dict = field(default_factory=dict)


def _night(number, desk, usual):
    """Run one night beside orders; what is ``usual`` is filled when it is over."""
    database = desk[0]
    night = Night(number, NEXT_DAY if number % 3 else EVERYTHING)
    if night.kind == EVERYTHING:
        scale_night.forget(database)
    with session.transaction(database, commit=True) as env:
        orders.draft(env, DRAFTS)
    databases.vacuum(database)
    with ExitStack() as stack:
        stack.enter_context(scale_night.days_later(number))
        log = stack.enter_context(losses.Log())
        watch = stack.enter_context(Watch(database, WRITING, [application()]))
        beside = stack.enter_context(orders.Orders(*desk))
        figures = weigh(
            lambda: {job: jobs.work_off(database, job) for job in jobs.FIRST}
        )
    night.seconds, night.calls = figures["median_ms"] / 1000, figures["result"]
    night.rss_mb, night.queries = figures["rss_mb"], figures["queries"]
    night.conflicts, night.orders = log.conflicts, beside.figures
    night.locked = {name: round(one, 1) for name, one in watch.longest.items()}
    night.losses = [*log.failures, *losses.left(database, number, usual)]
    print(night, file=sys.stderr, flush=True)
    return night


# === WHAT CAME OF IT === #


def _of_nights(found):
    lost = [night for night in found if night.losses]
    seconds = [night.seconds for night in found]
    return {
        "lost": {"value": len(lost), "unit": f"of {len(found)}"},
        "conflicts": _count(night.conflicts for night in found),
        "a night takes": {"median_ms": round(statistics.median(seconds) * 1000, 1)},
        "longest one": {"median_ms": round(max(seconds) * 1000, 1)},
        "rows of customers locked, longest": _longest(found, "credit_profile"),
        "any rows locked, longest": _longest(found),
        "most memory": {"value": max(one.rss_mb for one in found), "unit": "MB"},
    }


def _longest(found, table=None):
    times = [
        seconds
        for night in found
        for name, seconds in night.locked.items()
        if name == (table or name)
    ]
    return {"median_ms": round(max(times, default=0.0) * 1000, 1)}


def _of_orders(found):
    return {
        "orders": _count(one["orders"] for one in found),
        "median": {"median_ms": statistics.median(one["median_ms"] for one in found)},
        "p95, of the middle one": {
            "median_ms": statistics.median(one["p95_ms"] for one in found)
        },
        "p95, of the worst one": {"median_ms": max(one["p95_ms"] for one in found)},
        "longest": {"median_ms": max(one["longest_ms"] for one in found)},
        "tried again": _count(one["retries"] for one in found),
        "failed": _count(sum(one["errors"].values()) for one in found),
    }


def _count(numbers):
    return {"value": sum(numbers), "unit": ""}


# === TABLE === #


def report(size, found):
    """Return a table of all nights, and what they come to."""
    found = dict(found)
    lines = [
        f"### Nights beside orders, {size}",
        "",
        "| night | takes | conflicts | rows locked | orders | median | p95 "
        "| longest | again | failed | lost |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for one in found.pop("each"):
        of_orders, reasons = one["orders"], one["losses"]
        lines.append(
            f"| {one['number']}: {one['kind']} | {one['seconds']:.1f} s "
            f"| {one['conflicts']} | {max(one['locked'].values(), default=0.0):.1f} s "
            f"| {of_orders['orders']:,} | {of_orders['median_ms']:,.0f} ms "
            f"| {of_orders['p95_ms']:,.0f} ms | {of_orders['longest_ms']:,.0f} ms "
            f"| {of_orders['retries']} | {sum(of_orders['errors'].values())} "
            f"| {'; '.join(reasons) or 'no'} |"
        )
    return "\n".join([*lines, "", sizes.rows_of(found), ""])


if __name__ == "__main__":
    sys.exit(main())
