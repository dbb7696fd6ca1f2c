"""The two big jobs of the night, run as Odoo's worker runs them, with commits."""

from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields

import databases
import jobs as scheduled
from measure import weigh
from watching import WRITING, Watch, application

#: What a night works out: empty it was never done.
WORKED_OUT = (
    "average_days_late",
    "average_days_to_pay",
    "collected_amount",
    "collected_up_to",
    "collector_id",
    "figures_date",
    "levels_strategy_id",
    "next_step_date",
    "next_step_id",
    "overdue_days",
    "payer_type",
    "priority",
    "priority_parts",
    "revenue_amount",
    "risk_class_id",
    "risk_parts",
    "risk_score",
    "risk_scored_class_id",
    "segment_id",
    "steps_to_legal",
    "strategy_id",
)

FIRST, NEXT_DAY, AGAIN = "the first night", "the night of the next day", "once more"
NAMES = {scheduled.REFRESH: "_cron_refresh", scheduled.ASSIGN: "_cron_assign_segments"}


def jobs(database):
    """Yield ``job, {what: figures}``; all of it stays."""
    forget(database)
    databases.vacuum(database)
    yield FIRST, one_night(database)
    yield AGAIN, one_night(database)
    with days_later(1):
        yield NEXT_DAY, one_night(database)


def one_night(database):
    """Return the figures of both jobs, and of the longest transaction of each."""
    found = {}
    for job, name in NAMES.items():
        if (database, job) in scheduled.GIVEN_UP:
            continue  # as long as the patience lasts, which is no figure
        with Watch(database, WRITING, [application()]) as watch:
            found[name] = weigh(lambda job=job: scheduled.work_off(database, job))
        longest = max(watch.longest.values(), default=0.0)
        found[f"{name}, longest rows are locked"] = {
            "median_ms": round(longest * 1000, 1)
        }
    return found


def forget(database):
    """Let the next night find everything to do."""
    empty = ", ".join(f"{name} = NULL" for name in worked_out(database))
    databases.run(f"UPDATE credit_profile SET {empty}", database=database)


def worked_out(database):
    """Return those columns of :data:`WORKED_OUT` that there are and may be empty."""
    query = """
        SELECT attname FROM pg_attribute
         WHERE attrelid = 'credit_profile'::regclass AND attname = ANY(%s)
           AND NOT attnotnull
         ORDER BY attname"""
    return [row[0] for row in databases.rows(database, query, [list(WORKED_OUT)])]


@contextmanager
def days_later(number):
    """Set the clock of this process' jobs ahead, for days alone."""
    ahead = timedelta(days=number)
    today = fields.Date.context_today
    later = [
        patch.object(
            fields.Date,
            "context_today",
            staticmethod(lambda *words: today(*words) + ahead),
        )
    ]
    with suppress(ImportError):  # before companies had days of their own
        from odoo.addons.credit_collections.models.hub.res_company_day import ResCompany

        own = ResCompany._credit_today
        later.append(
            patch.object(ResCompany, "_credit_today", lambda one: own(one) + ahead)
        )
    with ExitStack() as stack:
        for one in later:
            stack.enter_context(one)
        yield
