"""What makes customers urgent, and the statement that writes it, set-wise."""

from odoo.tools import SQL

#: Columns of :func:`priority_facts` behind the id of the profile.
KINDS = (
    "amount_rank",
    "overdue_days",
    "overdue_share",
    "limit_used",
    "broken_promises",
    "days_late",
)


def priority_facts(company_id):
    """Select ``id`` and :data:`KINDS` of all overdue customers of a root company.

    ``amount_rank`` is the share of overdue customers who owe less than this one, so
    that it means the same in every currency; ``overdue_share`` is the part of the
    receivables that is overdue.
    """
    return SQL(
        """
        SELECT id,
               percent_rank() OVER (ORDER BY overdue_amount),
               overdue_days,
               overdue_amount / (overdue_amount + GREATEST(not_due_amount, 0)),
               CASE WHEN is_limited THEN limit_used ELSE 0 END,
               broken_promise_count, average_days_late
          FROM credit_profile
         WHERE company_id = %s AND active AND overdue_amount > 0
        """,
        company_id,
    )


def write_priorities(company_id, rows):
    """Write the priorities of all customers of a company; only rows that change.

    :param rows: ``(profile_id, priority, parts as JSON)``; all others come to zero
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
                 WHERE one.company_id = %(company)s) wanted
         WHERE profile.id = wanted.id
           AND (COALESCE(profile.priority, 0), profile.priority_parts)
               IS DISTINCT FROM (wanted.priority, wanted.parts)
        RETURNING profile.id
        """,
        company=company_id,
        ids=ids,
        values=values,
        parts=parts,
    )
