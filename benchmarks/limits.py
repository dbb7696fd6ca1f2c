"""Measure what credit groups, temporary limits and collateral cost decisions.

    python limits.py S=bench_s M=bench_m --json results.json

A decision about a customer in no group, about a member of a group of 200, and bare SQL
that sums up the open items of the same 200 members; then the refresh of all stored
figures when nothing changed, without and with collateral; and a limit change with a
line for everybody, 10,000 at most, from submitting it to the limits in force. Each word
is a size and the generated database of that size; it is copied, not changed.
"""

import sys

from odoo.fields import Command
from odoo.tools import SQL

import session
import sizes
from measure import Case, interleaved

MEMBERS = 200
COLLATERALS = 1000
LINES = 10_000

DECISION = f"decide on one customer, beside a member of a group of {MEMBERS}"
REFRESH = f"refresh all profiles, nothing changed, {COLLATERALS} with collateral"
POST = f"submit and post a limit change, {LINES:,} lines at most"


def main(arguments=None):
    return sizes.run(__doc__, measure, report, arguments)


def measure(template, options):
    """Return ``{job: {side: figures}}`` of one size."""
    with sizes.copied(template, "limits", _found_group, options.keep) as database:
        return {
            job: {name: samples.as_dict() for name, samples in sides.items()}
            for job, sides in (
                (DECISION, interleaved(decisions(database))),
                (REFRESH, interleaved(_refreshes(database))),
                (POST, interleaved(_changes(database), repeats=3)),
            )
        }


# === DATA === #


def _profiles(env, **options):
    return env["credit.profile"].search(
        [("company_id", "=", env.company.id), ("exposure", ">", 0)], **options
    )


def _found_group(env):
    """Let customers that owe something share a limit, more than they owe."""
    found_group(env).profile_ids = _profiles(env, limit=MEMBERS, order="id")


def found_group(env):
    """Return a group that members can join."""
    currency = env.company.currency_id
    values = {"name": "Bench", "credit_limit": 1e9, "currency_id": currency.id}
    return env["credit.group"].create(values)


def _secure(env):
    """Give many customers collateral in force."""
    kind = env.ref("credit_collections.credit_collateral_type_bank")
    profiles = _profiles(env, limit=COLLATERALS, order="id desc")
    collaterals = env["credit.collateral"].sudo()
    collaterals = collaterals.with_context(mail_activity_automation_skip=True)
    collaterals.create(
        [
            {
                "profile_id": profile.id,
                "type_id": kind.id,
                "amount": 100.0,
                "currency_id": profile.currency_id.id,
                "validated_date": session.today(),
            }
            for profile in profiles
        ]
    )
    env["credit.profile"].sudo()._refresh_figures(env.company)
    return profiles


# === JOBS === #


def decisions(database):
    """Cases of a decision: of a customer in no group, of a member, and bare SQL."""

    def decide(env, customer):
        found = env["credit.profile"]._collect(env.company, customer.ids, lock=True)
        return round(found[customer.id].exposure, 2)

    def alone(env):
        return _profiles(env, limit=1, order="id desc").partner_id

    def member(env):
        return (
            env["credit.group"]
            .search([("name", "=", "Bench")])
            .profile_ids[0]
            .partner_id
        )

    def sum_up(env, _customer):
        """The open items of the members, one sum: no orders, drafts or limits."""
        rows = env.execute_query(
            SQL(
                """SELECT SUM(line.amount_residual)
                     FROM account_move_line line
                    WHERE line.account_id IN %s AND line.company_id = %s
                      AND line.reconciled IS NOT TRUE
                      AND line.parent_state = 'posted'
                      AND line.partner_id = ANY(ARRAY(
                        SELECT contact.id FROM credit_profile profile
                          JOIN credit_group shared ON shared.id = profile.group_id
                          JOIN res_partner contact
                            ON contact.commercial_partner_id = profile.partner_id
                         WHERE shared.name = 'Bench'))""",
                env.company._credit_pot().account_ids,
                env.company.id,
            )
        )
        return float(rows[0][0] or 0.0)

    return [
        Case("in no group", database, decide, alone),
        Case("member", database, decide, member),
        Case("SQL", database, sum_up, member),
    ]


def _refreshes(database):
    def refresh(env, _profiles):
        return len(env["credit.profile"].sudo()._refresh_figures(env.company))

    def plain(env):
        env["credit.profile"].sudo()._refresh_figures(env.company)

    return [
        Case("without collateral", database, refresh, plain),
        Case("with collateral", database, refresh, _secure),
    ]


def _changes(database):
    def draft(env):
        change = env["credit.limit.change"].create({"kind": "permanent"})
        change.line_ids = [
            Command.create({"profile_id": profile.id, "new_limit": 5000.0})
            for profile in _profiles(env, limit=LINES, order="id")
        ]
        return change

    def post(_env, change):
        change.action_submit()
        if change.state != "posted":
            raise AssertionError("the change should have been posted")
        return len(change.line_ids)

    return [Case("ours", database, post, draft)]


def report(size, jobs):
    """Return the figures as lines of text."""
    lines = [f"== {size}"]
    for job, sides in jobs.items():
        lines.append(job)
        for side, figures in sides.items():
            lines.append(
                f"  {side:20} {figures['median_ms']:10.2f} ms "
                f"{figures['queries']:3} queries  {figures['result']}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
