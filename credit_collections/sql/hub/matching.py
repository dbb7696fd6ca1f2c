"""What settled an item: one answer for promises, cases, histories, boards and pages.

Odoo matches receivable items in parts, each with a line of another entry. What that
entry is made of says what settled the part:

===================================================  ==================================
The part is matched with                             and was settled by
===================================================  ==================================
the entry that reverses the item's own               ``reversal``
the entry that the item's own reverses               ``reversal``
money that came in before, where the item is money   ``reversal``: it went back
that was paid out
a credit note, or another document                   ``credit_note``, also where it was
                                                     made by reversing the invoice
an exchange difference                               ``exchange``
an entry, as far as it brought money                 ``payment``
- and otherwise an early payment discount            ``credit_note``
- and otherwise another receivable item              ``reversal``: owed elsewhere now
- and otherwise anything else                        ``write_off``
===================================================  ==================================

Money is what the entry books on accounts of liquidity: of bank, cash and credit cards,
outstanding and suspense accounts, money between accounts, tills. It does not matter in
which journal, and whether through a payment, a line of a statement or by hand. What is
set off against what we owe the customer is as good as money.

What is not in the books settles nothing: entries that are set back to draft stay
matched, and so do payments that the bank rejected. Their parts are left out.

An entry brings more or less money than it settles when it carries a write-off as well:
*Mark as fully paid* in the payment dialog books payment and write-off as one item, and
a bank keeps its fee. Then each part that is matched with the entry has its share of the
money, rounded, and the rest is of the one kind that most of the rest is booked on. More
money than what is settled is not more payment.
"""

from odoo.tools import SQL

from ...engine.hub import matching

#: What is read, by model, and not always written at once; see :func:`receipts`.
READS = {
    "account.move": [
        "move_type",
        "origin_payment_id",
        "reversed_entry_id",
        "statement_line_id",
    ],
    "account.move.line": [
        "account_id",
        "balance",
        "date",
        "move_id",
        "parent_state",
        "payment_id",
        "reconciled",
        "statement_line_id",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
        "exchange_move_id",
    ],
    "account.payment": [
        "amount_company_currency_signed",
        "outstanding_account_id",
        "state",
    ],
    "res.company": ["currency_id"],
}


# === WHAT AN ENTRY IS MADE OF === #


def _is_money(roles):
    """Return a condition: a line ``side`` that is not about the item is money."""
    return SQL(
        "(side.account_id = ANY(%s) OR side.account_id = own.outstanding_account_id)",
        list(roles.money),
    )


def _made_of(roles, matched, is_asked):
    """Select what an entry of type ``entry`` takes from receivables, ``owed``, and the
    ``money`` that it gives for it.

    :param matched: name of the line of the entry that it is about
    :param is_asked: condition; nothing is read where it does not hold
    """
    return SQL(
        """
        SELECT COALESCE(-SUM(side.balance) FILTER (
                   WHERE side.balance < 0
                     AND (side.account_id = %(matched)s.account_id
                          OR (side.account_id = ANY(%(receivable)s)
                              AND %(is_money)s IS NOT TRUE))), 0) AS owed,
               SUM(side.balance) FILTER (
                   WHERE side.account_id <> %(matched)s.account_id
                     AND %(is_money)s) AS money
          FROM account_move_line side
         WHERE side.move_id = %(matched)s.move_id AND (%(is_asked)s)
        """,
        matched=matched,
        receivable=list(roles.receivable),
        is_money=_is_money(roles),
        is_asked=is_asked,
    )


def _most_of_rest(roles):
    """Select the kind that most of what is not money is booked on."""
    # OFFSET: what a line is gets worked out once, not once for each sum
    return SQL(
        """
        SELECT CASE WHEN made.other >= GREATEST(made.moved, made.discount,
                                                made.exchange) THEN %(write_off)s
                    WHEN made.discount >= GREATEST(made.moved, made.exchange)
                    THEN %(credit_note)s
                    WHEN made.exchange >= made.moved THEN %(difference)s
                    ELSE %(reversal)s END
          FROM (
            SELECT COALESCE(SUM(balance) FILTER (
                       WHERE role = 'item' AND balance > 0), 0) AS moved,
                   COALESCE(SUM(balance) FILTER (WHERE role = 'discount'), 0)
                       AS discount,
                   COALESCE(SUM(balance) FILTER (WHERE role = 'exchange'), 0)
                       AS exchange,
                   COALESCE(SUM(balance) FILTER (WHERE role = 'other'), 0) AS other
              FROM (
                SELECT side.balance,
                       CASE WHEN side.account_id = other.account_id THEN 'item'
                            WHEN %(is_money)s THEN 'money'
                            WHEN side.account_id = ANY(%(receivable)s) THEN 'item'
                            WHEN side.account_id = ANY(%(discount)s) THEN 'discount'
                            WHEN side.account_id = ANY(%(exchange)s) THEN 'exchange'
                            ELSE 'other' END AS role
                  FROM account_move_line side
                 WHERE side.move_id = other.move_id
                OFFSET 0) sides) made
        """,
        is_money=_is_money(roles),
        receivable=list(roles.receivable),
        discount=list(roles.discount),
        exchange=list(roles.exchange),
        reversal=matching.REVERSAL,
        credit_note=matching.CREDIT_NOTE,
        difference=matching.EXCHANGE,
        write_off=matching.WRITE_OFF,
    )


def _is_all_money(matched):
    """Return a condition: the payment that the entry is of brought all of a line.

    Entries of payments have one receivable item, and most need not be looked into.
    """
    return SQL(
        "COALESCE(own.amount_company_currency_signed >= -%s.balance, FALSE)", matched
    )


#: The payment that the entry is of brought all, and nothing of it was taken back: said
#: by the lines alone. What does not say so by them is looked into.
_IS_PLAIN_PAYMENT = SQL(
    """(own.amount_company_currency_signed >= -other.balance
        AND item.payment_id IS NULL AND item.statement_line_id IS NULL
        AND NOT EXISTS (SELECT FROM account_move back
                         WHERE back.reversed_entry_id = other.move_id)) IS TRUE"""
)

_IS_TAKEN_BACK = SQL(
    """(claim.reversed_entry_id = entry.id
        OR (entry.move_type = 'entry'
            AND (entry.reversed_entry_id = claim.id
                 OR ((claim.origin_payment_id IS NOT NULL
                      OR claim.statement_line_id IS NOT NULL)
                     AND other.date <= item.date)))) IS TRUE"""
)


def _rest(roles):
    """Return the kind of what is not money; dear, where nothing else says it."""
    return SQL(
        """
        (SELECT CASE WHEN back.is_taken_back THEN %(reversal)s
                     WHEN entry.move_type <> 'entry' THEN %(credit_note)s
                     WHEN EXISTS (SELECT FROM account_partial_reconcile cause
                                   WHERE cause.exchange_move_id = entry.id)
                     THEN %(difference)s
                     ELSE (%(most)s) END
           FROM %(entries)s)
        """,
        entries=_ENTRIES,
        reversal=matching.REVERSAL,
        credit_note=matching.CREDIT_NOTE,
        difference=matching.EXCHANGE,
        most=_most_of_rest(roles),
    )


def _money(amount, decimals):
    """Return how much of an amount that is matched with an entry is money."""
    return SQL(
        """
        CASE WHEN about.is_all_money
               OR (made.money > 0 AND made.money >= made.owed) THEN %(amount)s
             WHEN made.money > 0
             THEN ROUND(%(amount)s * made.money / made.owed, (%(decimals)s))
             ELSE 0 END
        """,
        amount=amount,
        decimals=decimals,
    )


_DECIMALS = SQL("SELECT decimal_places FROM res_currency WHERE id = item.currency_id")

_DECIMALS_OF_COMPANY = SQL(
    """
    SELECT currency.decimal_places
      FROM res_company company
      JOIN res_currency currency ON currency.id = company.currency_id
     WHERE company.id = item.company_id
    """
)


#: The amounts of a part that are money: all of it where nobody had to look.
_AMOUNTS = SQL(
    """
    SELECT CASE WHEN seen.amounts IS NULL THEN part.amount
                ELSE seen.amounts[1] END AS amount,
           CASE WHEN seen.amounts IS NULL THEN part.debit_amount_currency
                ELSE seen.amounts[2] END AS amount_currency
    """
)

#: What follows ``FROM``: the entries of both sides of a part.
_ENTRIES = SQL(
    """
    account_move entry
    JOIN account_move claim ON entry.id = other.move_id AND claim.id = item.move_id
    CROSS JOIN LATERAL (SELECT %(taken_back)s AS is_taken_back) back
    CROSS JOIN LATERAL (
        SELECT entry.move_type = 'entry' AND NOT back.is_taken_back
               AND %(is_all_money)s AS is_all_money) about
    """,
    taken_back=_IS_TAKEN_BACK,
    is_all_money=_is_all_money(SQL("other")),
)


# === WHAT SETTLED ITEMS === #


def receipts(roles):
    """Return what follows ``FROM`` or ``JOIN``: one row for each part of an item that
    is matched, and how much of it is money.

    ``part`` is the part, ``item`` the item, and ``other`` the line that it is matched
    with. ``money`` has the ``amount`` in the currency of the company, and
    ``amount_currency`` in that of the item; 0 where none is.
    """
    return SQL(
        "%s CROSS JOIN LATERAL (%s) money",
        _parts(roles),
        _AMOUNTS,
    )


def settlements(roles):
    """Return the same with one row, or two, for each part: ``settled`` has the
    ``kind``, and the ``amount`` and ``amount_currency`` of it."""
    return SQL(
        """
        %(receipts)s
        JOIN LATERAL (VALUES
            (%(payment)s, money.amount, money.amount_currency),
            (CASE WHEN money.amount < part.amount
                    OR money.amount_currency < part.debit_amount_currency
                  THEN %(rest)s END,
             part.amount - money.amount,
             part.debit_amount_currency - money.amount_currency)
            ) settled(kind, amount, amount_currency)
          ON settled.amount <> 0 OR settled.amount_currency <> 0
        """,
        receipts=receipts(roles),
        payment=matching.PAYMENT,
        rest=_rest(roles),
    )


def _parts(roles):
    """Return the parts with what they are matched with.

    Most are matched with a plain payment, and nothing else is read for them; for others
    ``seen`` has the ``amounts`` that are money.
    """
    # OFFSET: an entry is looked into once, however often its amounts are asked for
    return SQL(
        """
        account_partial_reconcile part
        JOIN account_move_line item ON item.id = part.debit_move_id
        JOIN account_move_line other ON other.id = part.credit_move_id
             AND other.parent_state = 'posted'
        LEFT JOIN account_payment own ON own.id = other.payment_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN NOT %(is_plain)s THEN (
                SELECT ARRAY[%(amount)s, %(amount_currency)s]
                  FROM %(entries)s
                  CROSS JOIN LATERAL (%(made_of)s) made) END AS amounts
             WHERE own.state IS DISTINCT FROM 'rejected'
            OFFSET 0) seen
        """,
        is_plain=_IS_PLAIN_PAYMENT,
        entries=_ENTRIES,
        made_of=_made_of(
            roles,
            SQL("other"),
            SQL(
                "entry.move_type = 'entry' AND NOT about.is_all_money"
                " AND NOT back.is_taken_back"
            ),
        ),
        amount=_money(SQL("part.amount"), _DECIMALS_OF_COMPANY),
        amount_currency=_money(SQL("part.debit_amount_currency"), _DECIMALS),
    )


def unmatched_money(roles):
    """Return what follows ``FROM`` or ``JOIN`` for items that wait to be matched, named
    ``item``: ``unmatched`` has the ``amount_currency`` of money that they are, above 0.
    """
    return SQL(
        """
        account_move_line item
        JOIN account_move entry ON entry.id = item.move_id AND entry.move_type = 'entry'
        LEFT JOIN account_payment own ON own.id = entry.origin_payment_id
        CROSS JOIN LATERAL (SELECT %(is_all_money)s AS is_all_money) about
        CROSS JOIN LATERAL (%(made_of)s) made
        JOIN LATERAL (SELECT %(amount)s AS amount_currency OFFSET 0) unmatched
          ON unmatched.amount_currency > 0 AND own.state IS DISTINCT FROM 'rejected'
        """,
        is_all_money=_is_all_money(SQL("item")),
        made_of=_made_of(roles, SQL("item"), SQL("NOT about.is_all_money")),
        amount=_money(SQL("-item.amount_residual_currency"), _DECIMALS),
    )
