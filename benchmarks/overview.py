# ruff: noqa: T201
"""Measure bare SQL, Odoo, OCA and this addon side by side and print tables and JSON.

    python overview.py S=bench_s M=bench_m --json results.json

Each word is a size and the generated database of that size; it is copied, not changed.
"""

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from odoo.modules.registry import Registry
from odoo.sql_db import close_db

import confirming
import databases
import exposures
import goals
import posting
import prepare
import render
import session
from measure import settle


def main(arguments=None):
    options = _options(arguments)
    results = {}
    if not options.without_oca:
        databases.fetch_oca()
    session.start()
    for word in options.sizes:
        size, template = word.split("=")
        results[size] = measure(template, options)
        print(render.report(size, results[size]), flush=True)
    print(_goals(results))
    if options.json:
        Path(options.json).write_text(json.dumps(_plain(results), indent=1) + "\n")
    if options.readme:
        put_into_readme(results)
    return 0


def _goals(results):
    found = {size: goals.outcomes(one) for size, one in results.items()}
    if {"S", "M"} <= found.keys():
        found["growth"] = goals.growth(results["S"], results["M"])
    tables = [render.goals_table(*pair) for pair in found.items()]
    return "\n".join(["## Promised and measured", "", *tables])


def put_into_readme(results):
    """Replace what stands between the marks in the README."""
    path = session.HERE / "README.md"
    before, start, rest = path.read_text().partition("<!-- results -->\n")
    _old, end, after = rest.partition("<!-- end of results -->")
    parts = [
        f"Measured on {session.today()}, {describe_machine()}.",
        "",
        _goals(results),
    ]
    parts += [render.report(size, one) for size, one in results.items()]
    text = "\n".join(parts).rstrip()
    path.write_text(f"{before}{start}\n{text}\n\n{end}{after}")


def describe_machine():
    """The machine and the versions in words."""
    wheels = ", ".join(f"{n} {v}" for n, v in databases.oca_versions().items())
    with databases.connect().cursor() as cr:
        cr.execute("SHOW server_version")
        server = cr.fetchone()[0].split()[0]
    python = platform.python_version()
    load = f"load {os.getloadavg()[1]:.1f} on {os.cpu_count()} CPUs"
    return f"{load}, Python {python}, PostgreSQL {server}, {wheels}"


def _options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("sizes", nargs="+", metavar="SIZE=DATABASE")
    parser.add_argument("--json", metavar="FILE", help="also write every figure there")
    parser.add_argument("--readme", action="store_true", help="and into README.md")
    parser.add_argument("--without-oca", action="store_true")
    parser.add_argument("--without-ours", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keep the copied databases")
    return parser.parse_args(arguments)


def measure(template, options):
    """All jobs of one size; the copies of the database are dropped afterwards."""
    with_ours = databases.ours_is_there() and not options.without_ours
    sides = prepare.sides(template, not options.without_oca, with_ours)
    for side in sides.values():
        Registry(side.database)
    settle()
    try:
        return {
            "data": describe(template),
            "sides": sides,
            "exposure": exposures.jobs(sides),
            "confirm": confirming.jobs(sides),
            "hold": confirming.held_jobs(sides),
            "posting": posting.jobs(sides),
            "indexes": exposures.added_indexes(sides),
        }
    finally:
        for side in sides.values() if not options.keep else ():
            Registry.delete(side.database)
            close_db(side.database)
            databases.drop(side.database)


def describe(database):
    """The size of the data in words."""
    with session.transaction(database) as env:
        env.cr.execute(
            """SELECT (SELECT count(*) FROM res_partner
                       WHERE customer_rank > 0 AND parent_id IS NULL),
                      (SELECT count(*) FROM account_move_line l
                       JOIN account_account a ON a.id = l.account_id
                       WHERE a.account_type = 'asset_receivable'
                         AND l.reconciled IS NOT TRUE AND l.parent_state = 'posted'),
                      (SELECT count(*) FROM account_move_line),
                      (SELECT count(*) FROM sale_order)"""
        )
        words = ("customers", "open receivable lines", "journal items", "orders")
        numbers = env.cr.fetchone()
    return ", ".join(f"{n:,} {word}" for n, word in zip(numbers, words, strict=True))


def _plain(results):
    """The results as what JSON can hold."""
    return {
        "date": f"{session.today()}",
        "processors": os.cpu_count(),
        "oca": databases.oca_versions(),
        "sizes": {size: _plain_size(one) for size, one in results.items()},
    }


def _plain_size(measured):
    found = {"data": measured["data"], "indexes": measured["indexes"]}
    for group in ("exposure", "confirm", "hold", "posting"):
        found[group] = {
            job: {side: samples.as_dict() for side, samples in sides.items()}
            for job, sides in measured[group].items()
        }
    found["installing"] = {
        side.name: {"seconds": side.install_seconds, "bytes": side.added_bytes}
        for side in measured["sides"].values()
    }
    found["goals"] = [
        vars(one) | {"verdict": one.verdict} for one in goals.outcomes(measured)
    ]
    return found


if __name__ == "__main__":
    sys.exit(main())
