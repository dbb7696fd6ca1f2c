"""What Odoo calls settled and the books do not: matched with what settles nothing.

An entry that is set back to draft keeps what it is matched with, and so does the payment
that is rejected by the bank: the invoice still reads *paid*, with nothing left to pay.
Neither is money, nor lowers what anybody owes. What they are matched with is open by as
much again, and a rejected payment that waits to be matched is none.
"""

from odoo.tools import SQL

#: What is read, by model.
READS = {
    "account.move": ["move_type"],
    "account.move.line": [
        "account_id",
        "amount_residual",
        "amount_residual_currency",
        "balance",
        "company_id",
        "currency_id",
        "date_maturity",
        "display_type",
        "matching_number",
        "move_id",
        "parent_state",
        "partner_id",
        "payment_id",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_amount_currency",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
    ],
    "account.payment": ["state"],
}

#: Lines that settle nothing; drafts in the words of the partial index on them.
_VOID = SQL(
    """
    SELECT line.id, move.move_type = 'entry' AS is_entry
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
     WHERE line.parent_state = 'draft' AND line.matching_number IS NOT NULL
     UNION ALL
    SELECT line.id, TRUE
      FROM account_payment payment
      JOIN account_move_line line ON line.payment_id = payment.id
     WHERE payment.state = 'rejected' AND line.parent_state = 'posted'
    """
)

_IS_SOUND = SQL(
    """NOT EXISTS (SELECT FROM account_payment own
                    WHERE own.id = line.payment_id AND own.state = 'rejected')"""
)


def any_undone():
    """Select whether there is anything that settles nothing and is matched, or may be
    taken for money."""
    return SQL(
        """
        SELECT EXISTS (SELECT FROM account_move_line line
                        WHERE line.parent_state = 'draft'
                          AND line.matching_number IS NOT NULL)
            OR EXISTS (SELECT FROM account_payment WHERE state = 'rejected')
        """
    )


def undone():
    """Select ``item_id, amount, amount_currency, is_entry``: by how much items are to
    be taken for more open, or for less unapplied, than Odoo says.

    An item may have several rows. It may be a draft itself. ``is_entry`` is false where
    it is matched with a draft invoice or credit note.
    """
    return SQL(
        """
        SELECT part.debit_move_id AS item_id, part.amount,
               part.debit_amount_currency AS amount_currency, void.is_entry
          FROM (%(void)s) void
          JOIN account_partial_reconcile part ON part.credit_move_id = void.id
          JOIN account_move_line line ON line.id = part.debit_move_id
         WHERE %(is_sound)s
         UNION ALL
        SELECT part.credit_move_id, -part.amount, -part.credit_amount_currency,
               void.is_entry
          FROM (%(void)s) void
          JOIN account_partial_reconcile part ON part.debit_move_id = void.id
          JOIN account_move_line line ON line.id = part.credit_move_id
         WHERE %(is_sound)s
         UNION ALL
        SELECT line.id, -line.amount_residual, -line.amount_residual_currency, TRUE
          FROM account_payment payment
          JOIN account_move_line line ON line.payment_id = payment.id
         WHERE payment.state = 'rejected' AND line.parent_state = 'posted'
           AND line.amount_residual <> 0
        """,
        void=_VOID,
        is_sound=_IS_SOUND,
    )


def settled_in_vain(item):
    """Return a condition: an item is matched with what settles nothing.

    :param item: expression of its id
    """
    return SQL("%s IN (SELECT item_id FROM (%s) undone)", item, undone())
