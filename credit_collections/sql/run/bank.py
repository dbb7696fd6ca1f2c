"""Whether bank statements are in, and reconciled, up to date."""

from odoo.tools import SQL


def bank_gaps(company_ids, before):
    """Select the bank journals that are behind: ``journal_id, last, oldest``.

    ``last`` is the day of the last statement line, ``oldest`` that of the oldest one
    that is not reconciled, ``NULL`` where there is none. Journals that never had a line
    are not run by statements and don't count.

    :param before: lines have to be there, and reconciled, until this day
    """
    return SQL(
        """
        SELECT journal.id, MAX(last.date), MIN(oldest.date)
          FROM account_journal journal
         CROSS JOIN unnest(%(companies)s::int[]) AS company(id)
         CROSS JOIN LATERAL (
            SELECT move.date
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE line.journal_id = journal.id AND line.company_id = company.id
             ORDER BY line.internal_index DESC LIMIT 1) last
          LEFT JOIN LATERAL (
            SELECT move.date
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE line.journal_id = journal.id AND line.company_id = company.id
               AND line.is_reconciled IS NOT TRUE
             ORDER BY line.internal_index LIMIT 1) oldest ON TRUE
         WHERE journal.type = 'bank' AND journal.active
           AND journal.company_id = ANY(%(companies)s)
         GROUP BY journal.id
        HAVING MAX(last.date) < %(before)s OR MIN(oldest.date) < %(before)s
         ORDER BY journal.id
        """,
        companies=list(company_ids),
        before=before,
    )
