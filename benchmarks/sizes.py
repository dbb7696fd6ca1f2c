# ruff: noqa: T201
"""A command that measures one subject in copies of generated databases."""

import argparse
import json
from contextlib import contextmanager
from pathlib import Path

from odoo.modules.registry import Registry

import databases
import jobs
import prepare
import session
from measure import Samples, once, peak, settle


def run(doc, measure, report, arguments=None, **switches):
    """Measure every size that the command names, print its table and keep the figures.

    :param doc: documentation of the command
    :param measure: function of the database and the options
    :param report: function of the size and what was measured; returns a table
    :param switches: options that only this command has: their help texts, or pairs of
        what they are if they are not given, and the help text
    """
    options = _options(doc, switches, arguments)
    session.start()
    results = {}
    for word in options.sizes:
        size, template = word.split("=")
        results[size] = measure(template, options)
        print(report(size, results[size]), flush=True)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")
    return 0


def _options(doc, switches, arguments):
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("sizes", nargs="+", metavar="SIZE=DATABASE")
    parser.add_argument("--json", metavar="FILE", help="also write every figure there")
    for name, words in switches.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(words, str):
            parser.add_argument(option, action="store_true", help=words)
        else:
            usual, words = words
            parser.add_argument(option, type=type(usual), default=usual, help=words)
    parser.add_argument("--keep", action="store_true", help="keep the copied database")
    return parser.parse_args(arguments)


@contextmanager
def copied(template, suffix, add_data, keep, finish=None):
    """Yield the name of a copy with our modules, filled, and what ``add_data(env)``
    adds; ``finish(database)`` may commit more."""
    side = prepare.Side("ours", f"{template}_{suffix}")
    if not databases.exists(side.database):
        databases.copy(side.database, template)
        databases.install(side.database, databases.OUR_MODULES)
        jobs.work_off_all(side.database)
        with session.transaction(side.database, commit=True) as env:
            prepare.PREPARED["ours"](env)
            add_data(env)
        if finish:
            finish(side.database)
        databases.vacuum(side.database)
    Registry(side.database)
    settle()
    try:
        yield side.database
    finally:
        if not keep:
            databases.forget(side.database)


def three(case):
    """Return the figures of three runs of a case; memory is that of the first, when it
    grows most."""
    samples = Samples()
    before = peak()
    once(case, samples)
    grown = peak() - before
    for _turn in range(2):
        once(case, samples)
    return {**samples.as_dict(), "peak_mb": round(grown / 1024, 1)}


def rows_of(found):
    """Return nested figures as lines of text."""
    lines = []
    for job, figures in found.items():
        lines.append(job)
        lines += [f"  {what:42} {words(one)}" for what, one in figures.items()]
    return "\n".join(lines)


def seconds(wall):
    """Return the figures of what was timed once, without a case."""
    return {"median_ms": round(wall * 1000, 1), "result": None}


def words(one):
    """Return figures in words: time or a number, queries, memory, what came out."""
    found = [f"{one['median_ms']:,.1f} ms"] if "median_ms" in one else []
    found += [f"{one['value']:,} {one['unit']}"] if "value" in one else []
    found += [f"{one['queries']:,} queries"] if "queries" in one else []
    found += [f"+{one['peak_mb']:,.0f} MB"] if "peak_mb" in one else []
    found += [f"{one['rss_mb']:,.0f} MB in all"] if "rss_mb" in one else []
    found += [f"{one['result']}"] if one.get("result") is not None else []
    return "  ".join(found)
