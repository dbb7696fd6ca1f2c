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

import logging
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field

import confirming
import databases
import jobs
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
OURS = "odoo.addons.credit_collections"
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
        usual = _filled(database)
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
    again: int = 0
    losses: list = field(default_factory=list)
    locked: dict = field(default_factory=dict)
    orders: dict = field(default_factory=dict)


class Log(logging.Handler):
    """What the jobs say: failures, and what was left to somebody who was faster."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.failures, self.busy = [], 0

    def emit(self, record):
        if record.levelno >= logging.ERROR:
            error = record.exc_info and record.exc_info[0].__name__
            self.failures.append(f"{record.getMessage()}: {error}")
        elif "busy" in record.getMessage():
            self.busy += 1

    def __enter__(self):
        logger = logging.getLogger(OURS)
        logger.setLevel(logging.INFO)
        logger.propagate = False  # counted, not told
        logger.addHandler(self)
        return self

    def __exit__(self, *_error):
        logging.getLogger(OURS).removeHandler(self)


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
        log = stack.enter_context(Log())
        watch = stack.enter_context(Watch(database, WRITING, [application()]))
        beside = stack.enter_context(orders.Orders(*desk))
        figures = weigh(
            lambda: {job: jobs.work_off(database, job) for job in jobs.FIRST}
        )
    night.seconds, night.calls = figures["median_ms"] / 1000, figures["result"]
    night.rss_mb, night.queries = figures["rss_mb"], figures["queries"]
    night.again, night.orders = log.busy, beside.figures
    night.locked = {name: round(one, 1) for name, one in watch.longest.items()}
    night.losses = [*log.failures, *_left(database, number, usual)]
    print(night, file=sys.stderr, flush=True)
    return night


# === WHAT CAME OF IT === #


def _filled(database):
    """Return ``{(company, column): customers}`` of what nights work out."""
    names = scale_night.worked_out(database)
    counts = ", ".join(f"count({name})" for name in names)
    rows = databases.rows(
        database, f"SELECT company_id, {counts} FROM credit_profile GROUP BY company_id"
    )
    return {
        (company_id, name): count
        for company_id, *counts in rows
        for name, count in zip(names, counts, strict=True)
    }


def _left(database, days, usual):
    """Return what the jobs did not do, in words."""
    empty = {}
    for (company_id, name), count in _filled(database).items():
        missing = usual[company_id, name] - count
        if missing > 0.01 * usual[company_id, name]:  # orders change some
            empty.setdefault(company_id, []).append(missing)
    found = [
        f"company {company_id}: {len(counts)} columns are empty, of {max(counts):,} "
        "customers"
        for company_id, counts in empty.items()
    ]
    found += [
        f"company {company_id}: ages of {count:,} are not those of the day"
        for company_id, count in databases.rows(
            database, STALE, {"today": session.today(), "days": days}
        )
    ]
    if databases.rows(database, "SELECT to_regclass('credit_job_step')")[0][0]:
        found += [
            f"company {company_id}: step {name} is {state}"
            for company_id, name, state in databases.rows(database, STEPS)
        ]
    return found


STALE = """
    SELECT company_id, count(*) FROM credit_profile
     WHERE oldest_due_date < %(today)s::date + %(days)s
       AND overdue_days IS DISTINCT FROM %(today)s::date + %(days)s - oldest_due_date
     GROUP BY company_id"""

#: Steps of the two jobs that are over and not done, or not over.
STEPS = """
    SELECT company_id, name, state FROM credit_job_step
     WHERE job IN ('hour', 'night') AND state <> 'done'"""


def _of_nights(found):
    lost = [night for night in found if night.losses]
    seconds = [night.seconds for night in found]
    return {
        "lost": {"value": len(lost), "unit": f"of {len(found)}"},
        "batches that waited": _count(night.again for night in found),
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
        "| night | takes | batches that waited | rows locked | orders | median | p95 "
        "| longest | again | failed | lost |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for one in found.pop("each"):
        of_orders, losses = one["orders"], one["losses"]
        lines.append(
            f"| {one['number']}: {one['kind']} | {one['seconds']:.1f} s "
            f"| {one['again']} | {max(one['locked'].values(), default=0.0):.1f} s "
            f"| {of_orders['orders']:,} | {of_orders['median_ms']:,.0f} ms "
            f"| {of_orders['p95_ms']:,.0f} ms | {of_orders['longest_ms']:,.0f} ms "
            f"| {of_orders['retries']} | {sum(of_orders['errors'].values())} "
            f"| {'; '.join(losses) or 'no'} |"
        )
    return "\n".join([*lines, "", sizes.rows_of(found), ""])


if __name__ == "__main__":
    sys.exit(main())
