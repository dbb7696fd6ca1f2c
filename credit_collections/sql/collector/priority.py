"""What makes customers urgent, and the statement that writes it, set-wise."""

from odoo.tools import SQL

#: Columns of :func:`priority_facts` behind the id of the profile.
COLUMNS = (
    "overdue_amount",
    "overdue_days",
    "overdue_share",
    "limit_used",
    "broken_promises",
    "days_late",
)


def overdue_amounts(company_id):
    """Select what each overdue customer of a root company owes, the least first."""
    return SQL("SELECT overdue_amount::float8 FROM %s ORDER BY 1", _overdue(company_id))


def priority_facts(company_id, after, limit):
    """Select ``id`` and :data:`COLUMNS` of overdue customers of a root company.

    ``overdue_share`` is the part of the receivables that is overdue.

    :param after: the id of the profile after which to begin
    :param limit: of so many at most, by id
    """
    return SQL(
        """
        SELECT id,
               overdue_amount,
               overdue_days,
               overdue_amount / (overdue_amount + GREATEST(not_due_amount, 0)),
               CASE WHEN is_limited THEN limit_used ELSE 0 END,
               broken_promise_count, average_days_late
          FROM %(overdue)s AND id > %(after)s
         ORDER BY id
         LIMIT %(limit)s
        """,
        overdue=_overdue(company_id),
        after=after,
        limit=limit,
    )


def _overdue(company_id):
    return SQL(
        "credit_profile WHERE company_id = %s AND active AND overdue_amount > 0",
        company_id,
    )


def write_priorities(company_id, after, last, rows):
    """Write the priorities of customers of a company; only rows that change.

    :param after, last: ids of profiles: those behind the first up to the other, or to
        the end where that is ``None``
    :param rows: ``(profile_id, priority, parts as JSON)``; others in between come to
        zero
    """
    ids, values, parts = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
    return SQL(
        """
        UPDATE credit_profile profile
           SET priority = wanted.priority, priority_parts = wanted.parts
          FROM (SELECT one.id, COALESCE(urgent.priority, 0) AS priority, urgent.parts
                  FROM credit_profile one
                  LEFT JOIN unnest(%(ids)s::int[], %(values)s::int[],
                                   %(parts)s::jsonb[])
                       AS urgent(id, priority, parts) USING (id)
                 WHERE one.company_id = %(company)s AND %(chosen)s) wanted
         WHERE profile.id = wanted.id
           AND (COALESCE(profile.priority, 0), profile.priority_parts)
               IS DISTINCT FROM (wanted.priority, wanted.parts)
        RETURNING profile.id
        """,
        company=company_id,
        chosen=SQL("one.id > %s", after)
        if last is None
        else SQL("one.id > %s AND one.id <= %s", after, last),
        ids=ids,
        values=values,
        parts=parts,
    )
