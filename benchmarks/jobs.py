# ruff: noqa: T201
"""Run scheduled jobs as Odoo's own worker runs them, until they ask for no more."""

import sys
import time
from datetime import timedelta

from odoo import fields

import session

REFRESH = "credit_collections.ir_cron_refresh"
ASSIGN = "credit_collections.ir_cron_collection_assign"

#: The big jobs of the night, in their order; also what fills a new database.
FIRST = (REFRESH, ASSIGN)

CALLS = 1_000  # of the worker; what is not done by then never will be
PATIENCE = 600  # seconds that one of them is given, as one may begin anew each time

#: Jobs of databases that had not ended by then: they are not waited for again.
GIVEN_UP = set()


def work_off(database, job):
    """Call a job as often as it asks to be called again; return how often it did, 0
    where it has been given up before.

    A job of a day does it all, whatever was done today.
    """
    if (database, job) in GIVEN_UP:
        return 0
    begun = time.monotonic()
    with session.transaction(database, commit=True) as env:
        over = env["credit.job.step"].search([("state", "!=", "open")])
        if "day" in over._fields:
            over.day = False
    for number in range(1, CALLS + 1):
        if time.monotonic() - begun > PATIENCE:
            print(f"{job} has not ended after {PATIENCE} s: given up", file=sys.stderr)
            GIVEN_UP.add((database, job))
            return number
        with session.transaction(database, commit=True) as env:
            env.ref(job).method_direct_trigger()
        with session.transaction(database) as env:
            again = [("cron_id", "=", env.ref(job).id), _soon()]
            if not env["ir.cron.trigger"].search_count(again):
                return number
    return CALLS


def work_off_all(database):
    """Fill what a new database leaves to the jobs."""
    for job in FIRST:
        work_off(database, job)


def work_off_asked(database):
    """Do what was left to a job of ours just now, until nothing is."""
    for _call in range(CALLS):
        if not (waiting := _get_asked(database)):
            return
        for cron_id in waiting:
            with session.transaction(database, commit=True) as env:
                env["ir.cron"].browse(cron_id).method_direct_trigger()


def _get_asked(database):
    with session.transaction(database) as env:
        ours = env["ir.model.data"].search(
            [("module", "=", "credit_collections"), ("model", "=", "ir.cron")]
        )
        asked = [("cron_id", "in", ours.mapped("res_id")), _soon()]
        return env["ir.cron.trigger"].search(asked).cron_id.ids


def _soon():
    """Nobody waits here."""
    return ("call_at", "<=", fields.Datetime.now() + timedelta(hours=1))
