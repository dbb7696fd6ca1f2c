"""What Odoo calls settled and the books do not: matched with what settles nothing.

An entry that is set back to draft keeps what it is matched with, and so does the
payment that is rejected by the bank: the invoice still reads *paid*, with nothing left
to pay. Neither is money, nor lowers what anybody owes. What they are matched with is
open by as much again, and a rejected payment that waits to be matched is none.
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
    "res.partner": ["commercial_partner_id"],
}

#: Lines that settle nothing; drafts in the words of the partial index on them.
_VOID = SQL(
    """
    SELECT line.id, line.amount_residual, line.amount_residual_currency,
           move.move_type = 'entry' AS is_entry, FALSE AS is_booked
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
     WHERE line.parent_state = 'draft' AND line.matching_number IS NOT NULL
     UNION ALL
    SELECT line.id, line.amount_residual, line.amount_residual_currency, TRUE, TRUE
      FROM account_payment payment
      JOIN account_move_line line ON line.payment_id = payment.id
     WHERE payment.state = 'rejected' AND line.parent_state = 'posted'
    """
)

#: Of two ends that are both rejected neither is open.
_IS_SOUND = SQL(
    """NOT EXISTS (SELECT FROM void own
                    WHERE own.is_booked
                      AND own.id IN (part.debit_move_id, part.credit_move_id)
                      AND own.id <> void.id)"""
)


def undone_partners():
    """Select the commercial partners of all items that :func:`undone` is about."""
    return SQL(
        """
        SELECT DISTINCT partner.commercial_partner_id
          FROM (%s) part
          JOIN account_move_line line ON line.id = part.item_id
          JOIN account_account account ON account.id = line.account_id
               AND account.account_type = 'asset_receivable'
          JOIN res_partner partner ON partner.id = line.partner_id
        """,
        undone(),
    )


def undone_items(partner_id):
    """Select ``item_id, is_entry, amount_currency`` of a commercial partner: booked
    items of :func:`undone`."""
    return SQL(
        """
        SELECT part.item_id, bool_or(part.is_entry), SUM(part.amount_currency)
          FROM (%s) part
          JOIN account_move_line line ON line.id = part.item_id
          JOIN res_partner partner ON partner.id = line.partner_id
         WHERE partner.commercial_partner_id = %s AND line.parent_state = 'posted'
         GROUP BY part.item_id
        """,
        undone(),
        partner_id,
    )


def undone():
    """Select ``item_id, amount, amount_currency, is_entry``: by how much items are to
    be taken for more open, or for less unapplied, than Odoo says.

    An item may have several rows. It may be a draft itself. ``is_entry`` is false where
    it is matched with a draft invoice or credit note.
    """
    # materialized: planning it in several places would take longer than all the rest
    return SQL(
        """
        WITH void AS MATERIALIZED (%(void)s)
        SELECT part.debit_move_id AS item_id, part.amount,
               part.debit_amount_currency AS amount_currency, void.is_entry
          FROM void
          JOIN account_partial_reconcile part ON part.credit_move_id = void.id
         WHERE %(is_sound)s
         UNION ALL
        SELECT part.credit_move_id, -part.amount, -part.credit_amount_currency,
               void.is_entry
          FROM void
          JOIN account_partial_reconcile part ON part.debit_move_id = void.id
         WHERE %(is_sound)s
         UNION ALL
        SELECT id, -amount_residual, -amount_residual_currency, TRUE
          FROM void
         WHERE is_booked AND amount_residual <> 0
        """,
        void=_VOID,
        is_sound=_IS_SOUND,
    )


def settled_in_vain(item):
    """Return a condition: an item is matched with what settles nothing.

    :param item: expression of its id
    """
    return SQL("%s IN (SELECT item_id FROM (%s) undone)", item, undone())
