"""What a job did not do: what it says itself, and what the customers say."""

import logging

import databases
import scale_night
import session

OURS, STATEMENTS = "odoo.addons.credit_collections", "odoo.sql_db"
CONFLICTS = ("could not serialize", "deadlock detected")

STALE = """
    SELECT company_id, count(*) FROM credit_profile
     WHERE oldest_due_date < %(today)s::date + %(days)s
       AND overdue_days IS DISTINCT FROM %(today)s::date + %(days)s - oldest_due_date
     GROUP BY company_id"""

#: Steps of jobs that are over and not done, or not over.
STEPS = """
    SELECT company_id, name, state FROM credit_job_step
     WHERE state <> 'done'"""


class Log(logging.Handler):
    """What the jobs say: failures, and statements that somebody else was faster with.

    After such a conflict something is done again, by this night or by the next one.
    """

    def __init__(self):
        super().__init__(logging.ERROR)
        self.failures, self.conflicts = [], 0

    def emit(self, record):
        message = record.getMessage()
        if record.name.startswith(OURS):
            error = record.exc_info and record.exc_info[0].__name__
            self.failures.append(f"{message}: {error}")
        elif any(words in message for words in CONFLICTS):
            self.conflicts += 1

    def __enter__(self):
        for name in (OURS, STATEMENTS):
            logging.getLogger(name).propagate = False  # counted, not told
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, *_error):
        for name in (OURS, STATEMENTS):
            logging.getLogger(name).propagate = True
            logging.getLogger(name).removeHandler(self)


def filled(database):
    """Return ``{(company, column): customers}`` of what nights work out."""
    names = scale_night.worked_out(database)
    counts = ", ".join(f"count({name})" for name in names)
    rows = databases.rows(
        database, f"SELECT company_id, {counts} FROM credit_profile GROUP BY company_id"
    )
    return {
        (company_id, name): count
        for company_id, *counts in rows
        for name, count in zip(names, counts, strict=True)
    }


def left(database, days, usual):
    """Return what the jobs did not do, in words."""
    empty = {}
    for (company_id, name), count in filled(database).items():
        missing = usual[company_id, name] - count
        if missing > 0.01 * usual[company_id, name]:  # orders change some
            empty.setdefault(company_id, []).append(missing)
    found = [
        f"company {company_id}: {len(counts)} columns are empty, of {max(counts):,} "
        "customers"
        for company_id, counts in empty.items()
    ]
    found += [
        f"company {company_id}: ages of {count:,} are not those of the day"
        for company_id, count in databases.rows(
            database, STALE, {"today": session.today(), "days": days}
        )
    ]
    if databases.rows(database, "SELECT to_regclass('credit_job_step')")[0][0]:
        found += [
            f"company {company_id}: step {name} is {state}"
            for company_id, name, state in databases.rows(database, STEPS)
        ]
    return found
