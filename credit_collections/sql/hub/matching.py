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

An entry brings more or less money than it settles when it carries a write-off as well:
*Mark as fully paid* in the payment dialog books payment and write-off as one item, and
a bank keeps its fee. Then each part that is matched with the entry has its share of the
money, rounded, and the rest is of the one kind that most of the rest is booked on. More
money than what is settled is not more payment.
"""

from odoo.tools import SQL

from ...engine.hub import matching

#: What is read, by model, and not always written at once; see :data:`RECEIPTS`.
READS = {
    "account.account": ["account_type"],
    "account.journal": ["default_account_id", "suspense_account_id", "type"],
    "account.move": [
        "move_type",
        "origin_payment_id",
        "reversed_entry_id",
        "statement_line_id",
    ],
    "account.move.line": ["account_id", "balance", "date", "move_id", "reconciled"],
    "account.partial.reconcile": [
        "amount",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
        "exchange_move_id",
    ],
    "account.payment": ["amount_company_currency_signed", "outstanding_account_id"],
    "account.payment.method.line": ["payment_account_id"],
    "res.company": [
        "account_default_pos_receivable_account_id",
        "account_journal_early_pay_discount_gain_account_id",
        "account_journal_early_pay_discount_loss_account_id",
        "expense_currency_exchange_account_id",
        "income_currency_exchange_account_id",
        "transfer_account_id",
    ],
}


def _accounts_of(*names):
    """Select the accounts that these settings of any company name."""
    return SQL(
        """
        SELECT named.account_id
          FROM res_company company
          CROSS JOIN LATERAL (VALUES %s) named(account_id)
         WHERE named.account_id IS NOT NULL
        """,
        SQL(", ").join(SQL("(%s)", SQL.identifier("company", name)) for name in names),
    )


#: Accounts by what it means to book on them, of all companies; one row, looked up once.
_ROLES = SQL(
    """
    SELECT ARRAY(
        SELECT id FROM account_account
         WHERE account_type IN ('asset_cash', 'liability_credit_card',
                                'liability_payable')
         UNION
        SELECT default_account_id FROM account_journal
         WHERE type IN ('bank', 'cash', 'credit') AND default_account_id IS NOT NULL
         UNION
        SELECT suspense_account_id FROM account_journal
         WHERE type IN ('bank', 'cash', 'credit') AND suspense_account_id IS NOT NULL
         UNION
        SELECT payment_account_id FROM account_payment_method_line
         WHERE payment_account_id IS NOT NULL
         UNION
        %(on_the_way)s) AS money,
        ARRAY(SELECT id FROM account_account WHERE account_type = 'asset_receivable')
            AS receivable,
        ARRAY(%(discount)s) AS discount,
        ARRAY(%(exchange)s) AS exchange
    OFFSET 0
    """,
    on_the_way=_accounts_of(
        "transfer_account_id", "account_default_pos_receivable_account_id"
    ),
    discount=_accounts_of(
        "account_journal_early_pay_discount_loss_account_id",
        "account_journal_early_pay_discount_gain_account_id",
    ),
    exchange=_accounts_of(
        "expense_currency_exchange_account_id", "income_currency_exchange_account_id"
    ),
)


def _made_of(matched, is_asked):
    """Select what an entry of type ``entry`` adds up to, by what its lines are booked
    on: ``owed`` is what it takes from receivables, the others are what it gives for it.

    :param matched: name of the line of the entry that it is about
    :param is_asked: condition; all is 0 where it does not hold, and nothing is read
    """
    # OFFSET: what a line is gets worked out once, not once for each sum
    return SQL(
        """
        SELECT COALESCE(-SUM(balance) FILTER (WHERE role = 'item' AND balance < 0), 0)
                   AS owed,
               COALESCE(SUM(balance) FILTER (WHERE role = 'money'), 0) AS money,
               COALESCE(SUM(balance) FILTER (WHERE role = 'item' AND balance > 0), 0)
                   AS moved,
               COALESCE(SUM(balance) FILTER (WHERE role = 'discount'), 0) AS discount,
               COALESCE(SUM(balance) FILTER (WHERE role = 'exchange'), 0) AS exchange,
               COALESCE(SUM(balance) FILTER (WHERE role = 'other'), 0) AS other
          FROM (
            SELECT side.balance,
                   CASE WHEN side.account_id = %(matched)s.account_id THEN 'item'
                        WHEN side.account_id = ANY(roles.money)
                          OR side.account_id = own.outstanding_account_id THEN 'money'
                        WHEN side.account_id = ANY(roles.receivable) THEN 'item'
                        WHEN side.account_id = ANY(roles.discount) THEN 'discount'
                        WHEN side.account_id = ANY(roles.exchange) THEN 'exchange'
                        ELSE 'other' END AS role
              FROM account_move_line side
             WHERE side.move_id = %(matched)s.move_id AND (%(is_asked)s)
            OFFSET 0) sides
        """,
        matched=matched,
        is_asked=is_asked,
    )


def _is_all_money(matched):
    """Return a condition: the payment that the entry is of brought all of a line.

    Entries of payments have one receivable item, and most need not be looked into.
    """
    return SQL(
        "COALESCE(own.amount_company_currency_signed >= -%s.balance, FALSE)", matched
    )


_IS_TAKEN_BACK = SQL(
    """(claim.reversed_entry_id = entry.id
        OR (entry.move_type = 'entry'
            AND (entry.reversed_entry_id = claim.id
                 OR ((claim.origin_payment_id IS NOT NULL
                      OR claim.statement_line_id IS NOT NULL)
                     AND other.date <= item.date)))) IS TRUE"""
)

#: The kind of what is not money.
_REST = SQL(
    """
    CASE WHEN about.is_taken_back THEN %(reversal)s
         WHEN entry.move_type <> 'entry' THEN %(credit_note)s
         WHEN EXISTS (SELECT FROM account_partial_reconcile cause
                       WHERE cause.exchange_move_id = entry.id) THEN %(difference)s
         WHEN made.other >= GREATEST(made.moved, made.discount, made.exchange)
             THEN %(write_off)s
         WHEN made.discount >= GREATEST(made.moved, made.exchange)
             THEN %(credit_note)s
         WHEN made.exchange >= made.moved THEN %(difference)s
         ELSE %(reversal)s END
    """,
    reversal=matching.REVERSAL,
    credit_note=matching.CREDIT_NOTE,
    difference=matching.EXCHANGE,
    write_off=matching.WRITE_OFF,
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

#: What follows ``FROM`` or ``JOIN``: one row for each part of an item that is matched,
#: and how much of it is money. ``part`` is the part, ``item`` the item and ``claim``
#: its entry, ``other`` the line that it is matched with and ``entry`` the entry of
#: that. ``money`` has the ``amount`` in the currency of the company, and
#: ``amount_currency`` in that of the item; 0 where none is.
RECEIPTS = SQL(
    """
    account_partial_reconcile part
    JOIN account_move_line item ON item.id = part.debit_move_id
    JOIN account_move claim ON claim.id = item.move_id
    JOIN account_move_line other ON other.id = part.credit_move_id
    JOIN account_move entry ON entry.id = other.move_id
    LEFT JOIN account_payment own ON own.id = entry.origin_payment_id
    CROSS JOIN (%(roles)s) roles
    CROSS JOIN LATERAL (
        SELECT back.is_taken_back, NOT back.is_taken_back AND entry.move_type = 'entry'
                   AND %(is_all_money)s AS is_all_money
          FROM (SELECT %(taken_back)s AS is_taken_back) back
        OFFSET 0) about
    CROSS JOIN LATERAL (%(made_of)s) made
    CROSS JOIN LATERAL (
        SELECT %(amount)s AS amount, %(amount_currency)s AS amount_currency
        OFFSET 0) money
    """,
    roles=_ROLES,
    taken_back=_IS_TAKEN_BACK,
    is_all_money=_is_all_money(SQL("other")),
    made_of=_made_of(
        SQL("other"),
        SQL(
            "entry.move_type = 'entry' AND NOT about.is_taken_back"
            " AND NOT about.is_all_money"
        ),
    ),
    amount=_money(SQL("part.amount"), _DECIMALS_OF_COMPANY),
    amount_currency=_money(SQL("part.debit_amount_currency"), _DECIMALS),
)

#: The same with one row, or two, for each part: ``settled`` has the ``kind``, and the
#: ``amount`` and ``amount_currency`` of it.
SETTLEMENTS = SQL(
    """
    %(receipts)s
    JOIN LATERAL (VALUES
        (%(payment)s, money.amount, money.amount_currency),
        (CASE WHEN money.amount < part.amount
                OR money.amount_currency < part.debit_amount_currency THEN %(rest)s END,
         part.amount - money.amount,
         part.debit_amount_currency - money.amount_currency)
        ) settled(kind, amount, amount_currency)
      ON settled.amount <> 0 OR settled.amount_currency <> 0
    """,
    receipts=RECEIPTS,
    payment=matching.PAYMENT,
    rest=_REST,
)

#: What follows ``FROM`` or ``JOIN`` for items that wait to be matched, named ``item``:
#: ``unmatched`` has the ``amount_currency`` of money that they are, above 0.
UNMATCHED_MONEY = SQL(
    """
    account_move_line item
    JOIN account_move entry ON entry.id = item.move_id AND entry.move_type = 'entry'
    LEFT JOIN account_payment own ON own.id = entry.origin_payment_id
    CROSS JOIN (%(roles)s) roles
    CROSS JOIN LATERAL (SELECT %(is_all_money)s AS is_all_money OFFSET 0) about
    CROSS JOIN LATERAL (%(made_of)s) made
    JOIN LATERAL (SELECT %(amount)s AS amount_currency OFFSET 0) unmatched
      ON unmatched.amount_currency > 0
    """,
    roles=_ROLES,
    is_all_money=_is_all_money(SQL("item")),
    made_of=_made_of(SQL("item"), SQL("NOT about.is_all_money")),
    amount=_money(SQL("-item.amount_residual_currency"), _DECIMALS),
)
