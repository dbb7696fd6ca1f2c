"""Measure installing the addon into a database full of data, and uninstalling it.

    python installing.py S=bench_s L=bench_l --json results.json

How long it takes, for how long nobody can read a table of core meanwhile, how long the
jobs need afterwards until nothing is left, and how big profiles are beside a copy.
Each word is a size and the generated database of that size; it is copied, not changed.
"""

import sys

import databases
import jobs
import sizes
from measure import weigh
from watching import SHUT, Watch

INSTALL, AFTERWARDS, UNINSTALL = "install", "jobs afterwards", "uninstall"
TOOK, LOCKED = "takes", "longest lock on a table of core"


def main(arguments=None):
    return sizes.run(
        __doc__, measure, report, arguments, no_uninstall="leave the addon installed"
    )


def measure(template, options):
    """Return ``{job: {what: figures}}`` of one size."""
    database = f"{template}_install"
    databases.copy(database, template)
    found = {}
    before, core = databases.size_of(database), _tables(database)
    found[INSTALL] = _watched(database, _install, core)
    found[AFTERWARDS] = {TOOK: weigh(lambda: jobs.work_off_all(database))}
    found[INSTALL] |= _bytes(database, before)
    if not options.no_uninstall:
        found[UNINSTALL] = _watched(database, _uninstall, core)
    if not options.keep:
        databases.forget(database)
    return found


def _install(database):
    databases.install(database, databases.OUR_MODULES)


def _uninstall(database):
    databases.uninstall(database, databases.OUR_MODULES)


def _timed(work, database):
    return sizes.seconds(weigh(lambda: work(database))["median_ms"] / 1000)


def _watched(database, work, core):
    """Do some work; return its time and the longest locks on tables of ``core``."""
    with Watch(database, SHUT) as watch:
        took = _timed(work, database)
    locks = {name: one for name, one in watch.longest.items() if name in core}
    worst = sorted(locks, key=locks.get, reverse=True)
    longest = sizes.seconds(locks[worst[0]] if worst else 0.0)
    longest["result"] = {name: round(locks[name], 1) for name in worst[:5]}
    return {TOOK: took, LOCKED: longest}


def _tables(database):
    found = databases.rows(database, "SELECT tablename FROM pg_tables")
    return {name for (name,) in found}


def _bytes(database, before):
    """How much bigger the database is, and profiles beside a copy of them."""
    databases.run(
        "CREATE TABLE bench_copy AS SELECT * FROM credit_profile", database=database
    )
    sizes_of = (
        "SELECT pg_relation_size('credit_profile'), pg_relation_size('bench_copy')"
    )
    [(now, copied)] = databases.rows(database, sizes_of)
    databases.run("DROP TABLE bench_copy", database=database)
    grown = databases.size_of(database) - before
    return {
        "database grows by": {"value": round(grown / 2**20), "unit": "MB"},
        "profiles beside a copy": {
            "value": round(now / copied, 2),
            "unit": "×",
            "result": {"MB": round(now / 2**20), "MB copied": round(copied / 2**20)},
        },
    }


def report(size, found):
    return f"== {size}\n{sizes.rows_of(found)}"


if __name__ == "__main__":
    sys.exit(main())
