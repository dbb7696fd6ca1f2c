"""Timing: every side of a job in turn, cold ORM cache each time, everything undone."""

import ctypes
import gc
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import session  # isort: skip  (patches libraries: before anything else of Odoo)
from odoo import sql_db

LONG = 5.0  # seconds from which on one run has to do
BUDGET = 20.0  # seconds to spend on one side of one job
REPEATS = 31
NOISE = "stock again"


@dataclass(frozen=True)
class Case:
    """One side's way of doing a job.

    ``run(env, subject)`` is timed; ``prepare(env)`` before it is not, and returns the
    subject. ``before()`` runs outside of the transaction.
    """

    side: str
    database: str
    run: Callable
    prepare: Callable | None = None
    before: Callable | None = None
    login: str | None = session.MANAGER
    cold: bool = True  # else it runs twice, and the second time counts


@dataclass
class Samples:
    """What was measured of one case; seconds."""

    wall: list = field(default_factory=list)
    cpu: list = field(default_factory=list)
    queries: list = field(default_factory=list)
    result: object = None

    def add(self, wall, cpu, queries, result):
        self.wall.append(wall)
        self.cpu.append(cpu)
        self.queries.append(queries)
        self.result = result

    @property
    def median(self):
        return statistics.median(self.wall)

    def as_dict(self):
        return {
            "median_ms": round(self.median * 1000, 3),
            "min_ms": round(min(self.wall) * 1000, 3),
            "max_ms": round(max(self.wall) * 1000, 3),
            "cpu_ms": round(statistics.median(self.cpu) * 1000, 3),
            "queries": statistics.median_low(self.queries),
            "runs": len(self.wall),
            "result": self.result,
        }


def settle():
    """Take what is loaded by now out of garbage collection, as a server has it."""
    gc.collect()
    gc.freeze()


def peak():
    """Return the most memory that this process ever had, in KB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def weigh(work):
    """Do some work once, that may commit by itself, and return its figures.

    Queries are those of all cursors of this process, memory is the most that the
    process had meanwhile, with what Odoo takes anyway.
    """
    gc.collect()
    _forget_peak()
    queries = sql_db.sql_counter
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "median_ms": round(wall * 1000, 1),
        "cpu_ms": round(cpu * 1000, 1),
        "queries": sql_db.sql_counter - queries,
        "rss_mb": round(_peak_now() / 1024, 1),
        "result": result,
    }


def _forget_peak():
    """Give back what is free, and let the system count the peak anew."""
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def _peak_now():
    """Return the most memory since the peak was forgotten, in KB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def once(case, samples=None):
    """Run ``case`` in a transaction of its own and add the figures to ``samples``."""
    if case.before:
        case.before()
    with session.transaction(case.database, case.login) as env:
        subject = case.prepare(env) if case.prepare else None
        if not case.cold:
            case.run(env, subject)
        env.flush_all()
        if case.cold:
            env.invalidate_all()
        gc.collect()
        queries = env.cr.sql_log_count
        wall, cpu = time.perf_counter(), time.process_time()
        result = case.run(env, subject)
        env.cr.flush()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        queries = env.cr.sql_log_count - queries
    if samples is not None:
        samples.add(wall, cpu, queries, result)
    return wall


def interleaved(cases, repeats=REPEATS):
    """``{side: Samples}``: the sides in turn, so that drift of the machine hits all.

    The first round warms up and counts only for what is too long to be repeated.
    """
    samples = {case.side: Samples() for case in cases}
    left = {}
    for case in cases:
        first = Samples()
        wall = once(case, first)
        if wall > LONG:
            samples[case.side] = first
        else:
            left[case.side] = min(repeats, max(3, int(BUDGET / max(wall, 1e-6))))
    for turn in range(max(left.values(), default=0)):
        # the other way round every second time: being next to a busy side is no fate
        for case in cases[:: -1 if turn % 2 else 1]:
            if left.get(case.side, 0) > turn:
                once(case, samples[case.side])
    return samples


def every_side(sides, run, prepare):
    """The same work in every database, and in stock Odoo twice: that is the noise."""
    cases = [Case(side.name, side.database, run, prepare) for side in sides.values()]
    return [*cases, Case(NOISE, sides["stock"].database, run, prepare)]


def paired_difference(one, other):
    """Median of the differences of neighbours, in seconds."""
    pairs = zip(one.wall, other.wall, strict=True)
    return statistics.median(a - b for a, b in pairs)


def paired_ratio(one, other):
    """Median of the ratios of neighbours; of the medians where one ran fewer times."""
    if len(one.wall) != len(other.wall):
        return one.median / other.median
    pairs = zip(one.wall, other.wall, strict=True)
    return statistics.median(a / b for a, b in pairs)


def best_difference(one, other):
    """Difference of the quietest runs: what is left when nothing else disturbs."""
    return min(one.wall) - min(other.wall)


def best_ratio(one, other):
    return min(one.wall) / min(other.wall)
