# ruff: noqa: T201
"""A command that measures one subject in copies of generated databases."""

import argparse
import json
from contextlib import contextmanager
from pathlib import Path

from odoo.modules.registry import Registry

import databases
import prepare
import session
from measure import Samples, once, peak, settle


def run(doc, measure, report, arguments=None, **switches):
    """Measure every size that the command names, print its table and keep the figures.

    :param doc: documentation of the command
    :param measure: function of the database and the options
    :param report: function of the size and what was measured; returns a table
    :param switches: help texts of options that only this command has
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
        parser.add_argument(
            f"--{name.replace('_', '-')}", action="store_true", help=words
        )
    parser.add_argument("--keep", action="store_true", help="keep the copied database")
    return parser.parse_args(arguments)


@contextmanager
def copied(template, suffix, add_data, keep):
    """Yield the name of a copy with our modules and what ``add_data(env)`` adds."""
    side = prepare.Side("ours", f"{template}_{suffix}")
    if not databases.exists(side.database):
        databases.copy(side.database, template)
        databases.install(side.database, databases.OUR_MODULES)
        with session.transaction(side.database, commit=True) as env:
            prepare.PREPARED["ours"](env)
            add_data(env)
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
