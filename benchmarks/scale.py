# ruff: noqa: T201
"""Measure what may grow with the number of customers.

    python scale.py S=bench_s L=bench_l --json results.json

Lists, groups, limit changes, collection runs and the night, each as far as its target
asks for: time, queries and the most memory the process had. Half of the jobs commit, as
they do in real life, so that the parts stand in an order: what reads comes first. Each
word is a size and the generated database of that size; it is copied, not changed.
"""

import sys

from odoo.fields import Command

import collecting
import jobs
import scale_changes
import scale_lists
import scale_night
import sizes

COLLECTORS = 20


def main(arguments=None):
    return sizes.run(__doc__, measure, report, arguments)


def measure(template, options):
    """Return ``{job: {what: figures}}`` of one size."""
    with sizes.copied(
        template, "scale", prepare, options.keep, finish=jobs.work_off_all
    ) as database:
        found = {}
        for part in (scale_lists, scale_changes, scale_night):
            for job, figures in part.jobs(database):
                print(f"{job}: {figures}", file=sys.stderr, flush=True)
                found[job] = figures
        return found


def prepare(env):
    """A strategy for everybody, collectors who share the customers out, and money that
    came in day by day."""
    scale_lists.match_day_by_day(env)
    collecting.give_addresses_and_strategy(env)
    names = [f"collector_{number:02}" for number in range(COLLECTORS)]
    companies = env["res.company"].search([])
    group = env.ref("credit_collections.group_collector")
    users = env["res.users"].create(
        [
            {
                "name": name,
                "login": name,
                "company_id": companies[0].id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [Command.set(group.ids)],
            }
            for name in names
        ]
    )
    team = env["collection.team"].create({"name": "Bench", "company_id": False})
    seats = [{"team_id": team.id, "user_id": user.id} for user in users]
    env["collection.team.member"].create(seats)
    env["collection.assignment.rule"].search([]).active = False
    rule = {"name": "Bench", "company_id": False, "team_id": team.id}
    env["collection.assignment.rule"].create({**rule, "balance": "amount"})


def report(size, found):
    return f"== {size}\n{sizes.rows_of(found)}"


if __name__ == "__main__":
    sys.exit(main())
