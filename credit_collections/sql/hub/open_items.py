"""What an open item is, for all statements."""

from odoo.tools import SQL


def is_open(pot):
    """Open receivable items, in the words of the partial index on them."""
    return SQL(
        """line.account_id IN %(accounts)s
           AND line.company_id IN %(companies)s
           AND line.reconciled IS NOT TRUE
           AND line.parent_state = 'posted'
           AND line.amount_residual <> 0""",
        accounts=pot.account_ids or (0,),
        companies=pot.company_ids,
    )
