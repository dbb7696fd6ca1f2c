"""Statements on the lines of limit changes that are many: made and read some at a time,
so that nobody has to keep all of them."""

from odoo.tools import SQL

from .limit_change import LASTING

#: What lines and the limits so far are read from, by model.
READS = {
    "credit.limit.change.line": None,
    "credit.profile": (
        "company_id",
        "credit_limit",
        "effective_limit",
        "is_limited",
        "limit_policy",
    ),
}


def insert_lines(columns, rows):
    """Make lines. Returns their ids, in the order of the rows.

    :param columns: names of columns, and ``rows``: tuples of their values
    """
    return SQL(
        "INSERT INTO credit_limit_change_line (%s) VALUES %s RETURNING id",
        SQL(", ").join(map(SQL.identifier, columns)),
        SQL(", ").join(rows),
    )


def proposals(change_id, states, after_id, limit):
    """Select the next lines in one of the states, as they are judged.

    Columns: ``id``, then those of :class:`~..engine.limit.limit_changes.Line`.

    :param after_id: id of the last line that was read
    """
    return SQL(
        """
        SELECT line.id, line.kind, line.new_policy, COALESCE(line.new_limit, 0),
               line.date_from, line.date_to, line.profile_id IS NOT NULL,
               line.group_id IS NOT NULL, line.temporary_id IS NOT NULL,
               COALESCE(profile.company_id <> line.company_id, FALSE)
          FROM credit_limit_change_line line
          LEFT JOIN credit_profile profile ON profile.id = line.profile_id
         WHERE line.change_id = %(change)s AND line.state = ANY(%(states)s)
           AND line.id > %(after)s
         ORDER BY line.id
         LIMIT %(limit)s
        """,
        after=after_id,
        change=change_id,
        limit=limit,
        states=list(states),
    )


def line_amounts(change_id, after_id, limit):
    """Select the next lines of customers that were not rejected, with the limits that
    count so far.

    Columns: ``id, kind, new_policy, new_limit``, and of the customer ``is_limited,
    effective_limit, limit_policy, credit_limit``.

    :param after_id: id of the last line that was read
    """
    return SQL(
        """
        SELECT line.id, line.kind, line.new_policy, COALESCE(line.new_limit, 0),
               profile.is_limited, COALESCE(profile.effective_limit, 0),
               profile.limit_policy, COALESCE(profile.credit_limit, 0)
          FROM credit_limit_change_line line
          JOIN credit_profile profile ON profile.id = line.profile_id
         WHERE line.change_id = %(change)s AND line.state <> 'rejected'
           AND line.group_id IS NULL AND line.id > %(after)s
         ORDER BY line.id
         LIMIT %(limit)s
        """,
        after=after_id,
        change=change_id,
        limit=limit,
    )


def schedule_clashes(change_ids, states, today):
    """Select pairs of limits of one customer or group that begin on the same day.

    The first of a pair is a line of these changes in one of the states, the second one
    that is scheduled. Returns their ids.
    """
    return SQL(
        """
        WITH later AS (
            SELECT line.id, line.profile_id, line.group_id, line.date_from
              FROM credit_limit_change_line line
             WHERE line.change_id = ANY(%(changes)s) AND line.state = ANY(%(states)s)
               AND line.kind = ANY(%(lasting)s) AND line.date_from > %(today)s
        )
        SELECT later.id, scheduled.id
          FROM later
          JOIN credit_limit_change_line scheduled
            ON scheduled.profile_id = later.profile_id
           AND scheduled.date_from = later.date_from
         WHERE scheduled.state = 'scheduled'
         UNION ALL
        SELECT later.id, scheduled.id
          FROM later
          JOIN credit_limit_change_line scheduled
            ON scheduled.group_id = later.group_id
           AND scheduled.date_from = later.date_from
         WHERE scheduled.state = 'scheduled'
         ORDER BY 1, 2
        """,
        changes=list(change_ids),
        lasting=list(LASTING),
        states=list(states),
        today=SQL("%s::date", today),
    )
