"""What people wait for in front of a list or an order, however many customers."""

from odoo.fields import Domain

import databases
import limits
import session
from measure import Case, interleaved, weigh

MEMBERS = 5_000  # of one group; half of the customers where there are fewer
PAGE = 80  # rows that a list shows first

BOARD = "board of the collectors"
REVIEWS = "reviews due"
JOIN = f"put {MEMBERS:,} customers in a group"
DECIDE = f"decide on a customer, beside a member of a group of {MEMBERS:,}"


def jobs(database):
    """Yield ``job, {what: figures}``; the group stays."""
    yield BOARD, _samples(_boards(database))
    yield REVIEWS, _samples([_list(database, "credit.review.due", "list", Domain.TRUE)])
    yield JOIN, {"join": weigh(lambda: _join(database))}
    databases.vacuum(database)
    yield DECIDE, _samples(limits.decisions(database))


def match_day_by_day(env):
    """Let matches be made on their days, in that order, and most of the last ones late.

    The generated ones are all made at once, one kind behind the other, and in time.
    """
    today = {"today": session.today()}
    env.cr.execute(
        "SET LOCAL session_replication_role = replica"
    )  # nothing refers to them
    env.cr.execute(
        """
        UPDATE account_partial_reconcile part SET id = -placed.place
          FROM (SELECT id, row_number() OVER (
                           ORDER BY max_date > %(today)s DESC, max_date, id) AS place
                  FROM account_partial_reconcile) placed
         WHERE placed.id = part.id;
        UPDATE account_partial_reconcile
           SET id = -id, create_date = CASE WHEN max_date <= %(today)s THEN max_date
                                            ELSE %(today)s::date - 3650 END;
        UPDATE account_move_line item
           SET date_maturity = other.date - 1 - part.id %% 40
          FROM account_partial_reconcile part
          JOIN account_move_line other ON other.id = part.credit_move_id
         WHERE item.id = part.debit_move_id AND part.id %% 4 > 0
           AND part.max_date BETWEEN %(today)s::date - 45 AND %(today)s
           AND other.date > %(today)s::date - 45;
        """,
        today,
    )
    env.cr.execute("SET LOCAL session_replication_role TO DEFAULT")
    env.invalidate_all()


def _samples(cases):
    return {side: one.as_dict() for side, one in interleaved(cases).items()}


def _boards(database):
    with session.transaction(database) as env:
        one = env["res.users"].search([("login", "=", "collector_00")])
    own = Domain("user_id", "=", one.id)
    return [
        _list(database, "collection.board", "all", Domain.TRUE),
        _list(database, "collection.board", "one collector's row", own),
    ]


def _list(database, model, side, domain):
    """The first page of a list, with all that is stored."""

    def read(env, _subject):
        names = [name for name, one in env[model]._fields.items() if one.column_type]
        return len(env[model].search_fetch(domain, names, limit=PAGE))

    return Case(side, database, read)


def _join(database):
    with session.transaction(database, commit=True) as env:
        group_id = limits.found_group(env).id
    with session.transaction(database, session.MANAGER, commit=True) as env:
        group = env["credit.group"].browse(group_id)
        company = ("company_id", "=", env.company.id)
        profiles = env["credit.profile"]
        number = min(MEMBERS, profiles.search_count([company]) // 2)
        members = profiles.search([company], limit=number, order="id")
        queries = env.cr.sql_log_count
        group.profile_ids = members
        env.flush_all()
        return {"members": number, "queries": env.cr.sql_log_count - queries}
