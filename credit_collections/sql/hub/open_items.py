"""What an open item is: one spelling, as a condition of statements, as a domain, and as
a question to records.

A receivable item is a line of a journal entry on a receivable account. It is open while
its entry is posted and something of it is left in the currency of the company; it is
owed when what is left is the customer's to pay, else it is unapplied: a payment or a
credit note that waits to be matched.
"""

from odoo.fields import Domain
from odoo.tools import SQL

#: What a customer has to pay, in words for fields of views.
OWED_WORDS = (
    "('account_type', '=', 'asset_receivable'), ('parent_state', '=', 'posted'), "
    "('amount_residual', '>', 0)"
)

#: A condition on ``line``, an item that was listed before: it is owed now.
STILL_OWED = SQL(
    """(line.amount_residual > 0 AND line.reconciled IS NOT TRUE
        AND line.parent_state = 'posted')"""
)
#: A condition on ``line``: not settled, but maybe back in draft.
UNSETTLED = SQL("(line.reconciled IS NOT TRUE AND line.parent_state <> 'cancel')")

#: The domain of open items among those on receivable accounts, unapplied ones included.
OPEN = Domain(
    [
        ("parent_state", "=", "posted"),
        ("reconciled", "=", False),
        ("amount_residual", "!=", 0),
    ]
)
#: Of open items: those that the customer owes, and those that wait to be matched.
OWED = Domain("amount_residual", ">", 0)
UNAPPLIED = Domain("amount_residual", "<", 0)
#: What is left to pay on draft invoices.
DRAFT = Domain(
    [
        ("parent_state", "=", "draft"),
        ("display_type", "=", "payment_term"),
        ("amount_residual", "!=", 0),
    ]
)


#: From which day an item of ``line`` is late. Debts by journal entry, such as opening
#: balances, have no due date: they are due on their own date.
DUE_DATE = SQL("COALESCE(line.date_maturity, line.date)")


def is_late(today):
    """Return the domain of items that are past due, see :data:`DUE_DATE`."""
    return Domain("date_maturity", "<", today) | (
        Domain("date_maturity", "=", False) & Domain("date", "<", today)
    )


def is_open(pot):
    """Return a condition on ``line``: open items of a pot.

    In the words of the partial index on them, with the accounts as constants:
    PostgreSQL would not use it otherwise.
    """
    return SQL(
        """%s
           AND line.reconciled IS NOT TRUE
           AND line.parent_state = 'posted'
           AND line.amount_residual <> 0""",
        is_receivable(pot),
    )


def is_draft(pot):
    """Return a condition on ``line``: receivable items of draft invoices of a pot, in
    the words of the partial index on them."""
    return SQL(
        """%s
           AND line.parent_state = 'draft'
           AND line.display_type = 'payment_term'""",
        is_receivable(pot),
    )


def is_receivable(pot):
    """Return a condition on ``line``: receivable items of a pot, open or not."""
    return SQL(
        "line.account_id IN %s AND line.company_id IN %s",
        pot.account_ids or (0,),
        pot.company_ids,
    )


def still_disputed(pot):
    """Return an expression: what is disputed of an open item, in company currency.

    Never more than what is open: a customer who pays part of a disputed item pays what
    is not disputed first.
    """
    return SQL(
        """CASE WHEN line.amount_residual <= 0
                  OR COALESCE(line.collection_disputed_amount, 0) <= 0 THEN 0
                WHEN line.collection_disputed_amount >= line.amount_residual_currency
                     THEN line.amount_residual
                ELSE ROUND(line.amount_residual * line.collection_disputed_amount
                           / line.amount_residual_currency / %(rounding)s)
                     * %(rounding)s
           END""",
        rounding=SQL("%s::numeric", pot.rounding),
    )


def still_disputed_currency():
    """Return an expression: what is disputed of an open item, in its own currency."""
    return SQL(
        """LEAST(GREATEST(COALESCE(line.collection_disputed_amount, 0), 0),
                 GREATEST(line.amount_residual_currency, 0))"""
    )


def is_owed(line):
    """Tell whether a line of a journal entry is an open item to be paid."""
    return (
        line.account_type == "asset_receivable"
        and line.parent_state == "posted"
        and not line.reconciled
        and line.amount_residual > 0
    )
