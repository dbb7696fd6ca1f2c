"""Measure collection runs: planning all overdue items, and queueing e-mails.

    python collecting.py S=bench_s M=bench_m --json results.json

Beside bare SQL that inserts the same items, and OCA's account_credit_control with
``--with-oca``. Each word is a size and the generated database of that size; it is
copied, not changed.
"""

import sys

from odoo.fields import Command
from odoo.tools import SQL

import credit_control
import session
import sizes
from measure import Case

MAILS = 500
BATCH = 200  # mails of one transaction, as a run has it

FIRST = "plan a run, all overdue items"
AGAIN = "plan the next run in the same transaction"
MAIL = f"queue {MAILS} e-mails"


def main(arguments=None):
    return sizes.run(__doc__, measure, report, arguments, with_oca="takes minutes")


def measure(template, options):
    """Return ``{job: {side: figures}}`` of one size."""
    setting = _give_addresses_and_strategy
    with sizes.copied(template, "collect", setting, options.keep) as database:
        found = _jobs(database)
        if options.with_oca:
            found[FIRST]["OCA"] = credit_control.measure(template, options.keep)
        return found


# === DATA === #


def _give_addresses_and_strategy(env):
    """One strategy for everybody that writes from the first day overdue, in force."""
    give_addresses_and_strategy(env)
    for root in env["res.company"]._credit_roots():
        env["credit.profile"]._prepare_collection(root)


def give_addresses_and_strategy(env):
    """The same, in force from the next night on."""
    env.cr.execute(
        """UPDATE res_partner SET email = 'c' || id || '@example.com',
                  email_normalized = 'c' || id || '@example.com'
            WHERE customer_rank > 0 OR parent_id IS NOT NULL"""
    )
    env.invalidate_all()
    text = env.ref("credit_collections.mail_template_collection_neutral")
    step = {
        "name": "Reminder",
        "days": 1,
        "channel": "email",
        "mail_template_id": text.id,
    }
    steps = [Command.create({**step, "days": days}) for days in (1, 30, 200)]
    strategy = env["collection.strategy"].create({"name": "Bench", "step_ids": steps})
    env["collection.segment"].search([]).active = False
    env["collection.segment"].create({"name": "All", "strategy_id": strategy.id})


# === JOBS === #


def _jobs(database):
    found = {
        FIRST: {"ours": sizes.three(_plan_case(database))},
        AGAIN: {"ours": sizes.three(_plan_case(database, _with_a_run))},
        MAIL: {"ours": sizes.three(_mail_case(database))},
    }
    found[FIRST]["SQL"] = sizes.three(_floor_case(database))
    found[MAIL]["template alone"] = sizes.three(_template_case(database))
    return found


def new_run(env):
    return env["collection.run"].create({"company_id": env.company.id})


def plan_all(run):
    """Plan everybody in this transaction, also where the job would do it."""
    run.action_plan()
    while run.state == "planning":
        run._plan()


def _with_a_run(env):
    plan_all(new_run(env))
    return new_run(env)


def _plan_case(database, prepared=new_run):
    def plan(env, run):
        plan_all(run)
        env.cr.execute(
            """SELECT SUM(item_count) FROM collection_action
                WHERE run_id = %s AND state = 'planned'""",
            [run.id],
        )
        return env.cr.fetchone()[0]

    return Case("ours", database, plan, prepared)


def _floor_case(database):
    """Insert the same items by one statement: no grouping, no decision, no reason."""

    def insert(env, action_id):
        accounts = env.company._credit_pot().account_ids
        rows = env.execute_query(
            SQL(
                """INSERT INTO collection_action_line (action_id, move_line_id, amount,
                          amount_currency, level, level_before)
                   SELECT %s, line.id, amount_residual, amount_residual_currency, 1, 0
                     FROM account_move_line line
                    WHERE account_id IN %s AND company_id = %s
                      AND reconciled IS NOT TRUE AND parent_state = 'posted'
                      AND amount_residual > 0 AND date_maturity < %s
                   RETURNING id""",
                action_id,
                accounts,
                env.company.id,
                session.today(),
            )
        )
        return len(rows)

    def one_action(env):
        run = new_run(env)
        profile = env["credit.profile"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        values = {"run_id": run.id, "profile_id": profile.id}
        company = {"company_id": env.company.id}
        return env["collection.action"].sudo().create({**values, **company}).id

    return Case("SQL", database, insert, one_action)


def _mail_case(database):
    def queue(env, run):
        done = 0
        while done < MAILS:
            done += run._do_batch(min(BATCH, MAILS - done))
            env.flush_all()
        return done

    return Case("ours", database, queue, _planned)


def _template_case(database):
    """What Odoo itself needs to render and queue the same mails."""

    def queue(env, run):
        actions = run.action_ids.filtered(lambda one: one.state == "planned")[:MAILS]
        template = actions.step_id[:1].mail_template_id
        for start in range(0, len(actions), BATCH):
            template.send_mail_batch(actions[start : start + BATCH].ids)
        return len(actions)

    return Case("template alone", database, queue, _with_items)


def _planned(env):
    run = new_run(env)
    plan_all(run)
    return run.sudo()


def _with_items(env):
    """Return a planned run whose first actions have the items that texts list."""
    run = _planned(env)
    run._plan_again(run.action_ids.filtered(lambda one: one.state == "planned")[:MAILS])
    return run


# === TABLE === #


def report(size, jobs):
    """Return the tables of one size as Markdown."""
    rows = [
        f"### Collection runs, {size}",
        "",
        "| job | side | ms | CPU ms | items or mails | per one | queries | peak |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for job, sides in jobs.items():
        for side, one in sides.items():
            each = one["median_ms"] / max(one["result"], 1)
            rows.append(
                f"| {job} | {side} | {one['median_ms']:,.0f} | {one['cpu_ms']:,.0f} "
                f"| {one['result']:,} "
                f"| {each:.3f} ms | {one['queries']:,} | +{one['peak_mb']:.0f} MB |"
            )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
