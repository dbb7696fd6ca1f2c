"""Measure risk scores: all customers of a company, for the first time and again.

    python risk.py S=bench_s M=bench_m --json results.json

Beside bare SQL that selects the same facts and writes one figure per customer, without
parts, classes, days of review and history. Each word is a size and the generated
database of that size; it is copied, not changed.
"""

import sys

from odoo.tools import SQL

import sizes
from measure import Case

FIRST = "score all customers for the first time"
AGAIN = "score all again, nothing changed"
CHANGED = "score all again, every tenth customer has a new rating"
ONE = "score one customer"


def main(arguments=None):
    return sizes.run(__doc__, measure, report, arguments)


def measure(template, options):
    """Return ``{job: {side: figures}}`` of one size."""
    with sizes.copied(template, "risk", _write_history, options.keep) as database:
        return _jobs(database)


def _write_history(env):
    env["credit.profile"].sudo()._write_history(env.company)


# === JOBS === #


def _jobs(database):
    return {
        FIRST: {
            "ours": sizes.three(Case("ours", database, _score, _forget)),
            "SQL": sizes.three(Case("SQL", database, _floor, _forget)),
        },
        AGAIN: {"ours": sizes.three(Case("ours", database, _score, _score))},
        CHANGED: {"ours": sizes.three(Case("ours", database, _score, _rate_some))},
        ONE: {"ours": sizes.three(Case("ours", database, _score_one, _score))},
    }


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
    from odoo.addons.credit_collections.sql.risk.risk import risk_facts

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
