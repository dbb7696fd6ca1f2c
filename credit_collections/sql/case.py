"""Items of cases: which may be taken up, what settles them."""

from odoo.tools import SQL

from .open_items import is_open


def free_items(pot, profile_ids, only_overdue):
    """Select ``profile_id, item_id, amount`` of open items that are in no open case.

    :param only_overdue: items past their due date only; all that is open otherwise
    """
    return SQL(
        """
        SELECT profile.id, line.id, line.amount_residual
          FROM credit_profile profile
          JOIN res_partner partner
            ON partner.commercial_partner_id = profile.partner_id
          JOIN account_move_line line ON line.partner_id = partner.id
          LEFT JOIN collection_case folder
                 ON folder.id = line.case_id AND folder.state <> 'closed'
         WHERE profile.id = ANY(%(profiles)s) AND %(open)s
           AND line.amount_residual > 0 AND folder.id IS NULL
           AND (NOT %(only_overdue)s OR line.date_maturity < %(today)s::date)
         ORDER BY profile.id, line.date_maturity, line.id
        """,
        profiles=list(profile_ids),
        open=is_open(pot),
        only_overdue=only_overdue,
        today=pot.today,
    )


def put_into_cases(pairs):
    """Write the case into items.

    :param pairs: ``(item_id, case_id)``
    """
    item_ids, case_ids = zip(*pairs, strict=True)
    return SQL(
        """
        UPDATE account_move_line line
           SET case_id = wanted.case_id
          FROM unnest(%s::int[], %s::int[]) AS wanted(id, case_id)
         WHERE line.id = wanted.id
        """,
        list(item_ids),
        list(case_ids),
    )


def case_items(case_ids):
    """Select ``case_id, items, open items, open amount`` of cases with items."""
    return SQL(
        """
        SELECT case_id, COUNT(*)::int,
               COUNT(*) FILTER (WHERE reconciled IS NOT TRUE
                                AND parent_state <> 'cancel')::int,
               COALESCE(SUM(amount_residual) FILTER (WHERE parent_state = 'posted'), 0)
          FROM account_move_line
         WHERE case_id = ANY(%s)
         GROUP BY case_id
        """,
        list(case_ids),
    )


def settled(case_ids):
    """Select ``case_id, kind, amount, amount since the case was opened``.

    The kind says what was matched with the items: payments and bank transactions,
    credit notes, or other entries. Exchange differences are none of them.
    """
    return SQL(
        """
        SELECT item.case_id,
               CASE WHEN entry.origin_payment_id IS NOT NULL
                      OR entry.statement_line_id IS NOT NULL
                      OR journal.type IN ('bank', 'cash', 'credit') THEN 'payment'
                    WHEN entry.move_type = 'out_refund' THEN 'credit_note'
                    ELSE 'write_off' END AS kind,
               SUM(matched.amount),
               COALESCE(SUM(matched.amount) FILTER (
                   WHERE matched.create_date >= folder.create_date), 0)
          FROM account_move_line item
          JOIN collection_case folder ON folder.id = item.case_id
          JOIN account_partial_reconcile matched ON matched.debit_move_id = item.id
          JOIN account_move_line other ON other.id = matched.credit_move_id
          JOIN account_move entry ON entry.id = other.move_id
          JOIN account_journal journal ON journal.id = entry.journal_id
          JOIN res_company company ON company.id = entry.company_id
         WHERE item.case_id = ANY(%s)
           AND entry.journal_id IS DISTINCT FROM company.currency_exchange_journal_id
         GROUP BY 1, 2
        """,
        list(case_ids),
    )
