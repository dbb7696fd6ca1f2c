# ruff: noqa: T201
"""Measure risk scores: all customers of a company, for the first time and again.

    python risk.py S=bench_s M=bench_m --json results.json

Beside bare SQL that selects the same facts and writes one figure per customer, without
parts, classes, days of review and history. Each word is a size and the generated
database of that size; it is copied, not changed.
"""

import argparse
import json
import sys
from pathlib import Path

from odoo.modules.registry import Registry
from odoo.tools import SQL

import databases
import prepare
import session
from measure import Case, Samples, once, peak, settle

FIRST = "score all customers for the first time"
AGAIN = "score all again, nothing changed"
CHANGED = "score all again, every tenth customer has a new rating"
ONE = "score one customer"


def main(arguments=None):
    options = _options(arguments)
    session.start()
    results = {}
    for word in options.sizes:
        size, template = word.split("=")
        results[size] = measure(template, options)
        print(report(size, results[size]), flush=True)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")
    return 0


def _options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="+", metavar="SIZE=DATABASE")
    parser.add_argument("--json", metavar="FILE", help="also write every figure there")
    parser.add_argument("--keep", action="store_true", help="keep the copied database")
    return parser.parse_args(arguments)


def measure(template, options):
    """Return ``{job: {side: figures}}`` of one size."""
    side = prepare.Side("ours", f"{template}_risk")
    if not databases.exists(side.database):
        databases.copy(side.database, template)
        databases.install(side.database, databases.OUR_MODULES)
        with session.transaction(side.database, commit=True) as env:
            prepare.PREPARED["ours"](env)
            env["credit.profile"].sudo()._write_history(env.company)
        databases.vacuum(side.database)
    Registry(side.database)
    settle()
    try:
        return _jobs(side.database)
    finally:
        if not options.keep:
            databases.forget(side.database)


# === JOBS === #


def _jobs(database):
    return {
        FIRST: {
            "ours": _three(Case("ours", database, _score, _forget)),
            "SQL": _three(Case("SQL", database, _floor, _forget)),
        },
        AGAIN: {"ours": _three(Case("ours", database, _score, _score))},
        CHANGED: {"ours": _three(Case("ours", database, _score, _rate_some))},
        ONE: {"ours": _three(Case("ours", database, _score_one, _score))},
    }


def _three(case):
    """Run a case three times; memory is that of the first, when it grows most."""
    samples = Samples()
    before = peak()
    once(case, samples)
    grown = peak() - before
    for _turn in range(2):
        once(case, samples)
    return {**samples.as_dict(), "peak_mb": round(grown / 1024, 1)}


def _score(env, _subject=None):
    env["credit.profile"].sudo()._write_scores(env.company)
    env.cr.execute(
        """SELECT COUNT(*) FROM credit_profile
            WHERE company_id = %s AND risk_class_id IS NOT NULL""",
        [env.company.id],
    )
    return env.cr.fetchone()[0]


def _score_one(env, _subject):
    profile = env["credit.profile"].search(
        [("company_id", "=", env.company.id)], limit=1
    )
    profile.sudo()._write_scores(env.company, profile.partner_id.ids)
    return 1


def _forget(env):
    """Begin without scores."""
    env.cr.execute(
        "UPDATE credit_profile SET risk_score = NULL, risk_class_id = NULL, "
        "risk_scored_class_id = NULL, risk_parts = NULL"
    )


def _rate_some(env):
    _score(env)
    env.cr.execute("UPDATE credit_profile SET external_rating = 'BB' WHERE id % 10 = 0")


def _floor(env, _subject):
    """Write one figure from the same facts."""
    facts = _facts(env)
    rows = env.execute_query(
        SQL(
            """UPDATE credit_profile profile SET risk_score = facts.days_late
                 FROM (%s) facts(id, class_id, until, days_late)
                WHERE profile.id = facts.id RETURNING profile.id""",
            facts,
        )
    )
    return len(rows)


def _facts(env):
    """Return the select of the facts that the shipped factors look at, as one."""
    from odoo.addons.credit_collections.sql.risk import risk_facts

    factors = env["credit.risk.factor"]._get_factors(env.company)
    kinds = [factor.kind for factor in factors]
    names = SQL(", ").join(SQL.identifier(kind) for kind in kinds)
    return SQL(
        """SELECT id, class_id, until, length(ROW(%(names)s)::text)
             FROM (%(facts)s) facts(id, class_id, until, %(names)s)""",
        names=names,
        facts=risk_facts(env.company._credit_pot(), kinds),
    )


# === TABLE === #


def report(size, jobs):
    """Return the table of one size as Markdown."""
    rows = [
        f"### Risk scores, {size}",
        "",
        "| job | side | ms | CPU ms | customers | queries | peak |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for job, sides in jobs.items():
        for side, one in sides.items():
            rows.append(
                f"| {job} | {side} | {one['median_ms']:,.0f} | {one['cpu_ms']:,.0f} "
                f"| {one['result']:,} | {one['queries']:,} | +{one['peak_mb']:.0f} MB |"
            )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
