"""How customers paid, month by month."""

from odoo.tools import SQL

from ..hub.pot import in_family


def payments_by_month(pot, partner_ids, since):
    """Select ``partner_id, month, amount, days_late`` of what customers paid since a
    day.

    A payment belongs to the month in which it came; ``days_late`` is weighted by the
    amount, negative when it came early. Credit notes are no payments.
    """
    return SQL(
        """
        SELECT customer.commercial_partner_id,
               date_trunc('month', paid.date)::date AS month,
               SUM(part.amount) AS amount,
               SUM(part.amount * (paid.date - COALESCE(due.date_maturity, due.date)))
                 / NULLIF(SUM(part.amount), 0) AS days_late
          FROM account_move_line due
          JOIN account_partial_reconcile part ON part.debit_move_id = due.id
          JOIN account_move_line paid ON paid.id = part.credit_move_id
          JOIN account_move document ON document.id = paid.move_id
          JOIN res_partner customer ON customer.id = due.partner_id
         WHERE due.account_id IN %(accounts)s
           AND due.company_id IN %(companies)s
           AND due.parent_state = 'posted'
           AND %(family)s
           AND paid.date >= %(since)s
           AND document.move_type = 'entry'
         GROUP BY 1, 2
         ORDER BY 1, 2
        """,
        accounts=pot.account_ids or (0,),
        companies=pot.company_ids,
        family=in_family(SQL("due.partner_id"), partner_ids),
        since=since,
    )
