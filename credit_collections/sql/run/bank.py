"""Whether bank statements are in, and reconciled, up to date."""

from odoo.tools import SQL

#: What the statement reads, by model.
READS = {
    "account.bank.statement.line": None,
    "account.journal": ["active", "company_id", "type"],
    "account.move": ["date"],
}


def bank_days(families):
    """Select ``root_id, journal_id, last, oldest`` of the bank journals of families.

    ``last`` is the day of the last statement line, ``oldest`` that of the oldest one
    that is not reconciled, ``NULL`` where there is none. Journals that never had a line
    are not run by statements and don't count.

    :param families: ``{root_id: ids of the root company and its branches}``
    """
    pairs = [(root, one) for root, companies in families.items() for one in companies]
    roots, companies = map(list, zip(*pairs, strict=True))
    return SQL(
        """
        WITH family AS (
            SELECT * FROM unnest(%(roots)s::int[], %(companies)s::int[])
                     AS family(root_id, company_id))
        SELECT owner.root_id, journal.id, MAX(last.date), MIN(oldest.date)
          FROM account_journal journal
          JOIN family owner ON owner.company_id = journal.company_id
          JOIN family company ON company.root_id = owner.root_id
         CROSS JOIN LATERAL (
            SELECT move.date
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE line.journal_id = journal.id
               AND line.company_id = company.company_id
             ORDER BY line.internal_index DESC LIMIT 1) last
          LEFT JOIN LATERAL (
            SELECT move.date
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE line.journal_id = journal.id
               AND line.company_id = company.company_id
               AND line.is_reconciled IS NOT TRUE
             ORDER BY line.internal_index LIMIT 1) oldest ON TRUE
         WHERE journal.type = 'bank' AND journal.active
         GROUP BY owner.root_id, journal.id
         ORDER BY journal.id
        """,
        roots=roots,
        companies=companies,
    )
