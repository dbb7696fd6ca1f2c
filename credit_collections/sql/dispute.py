"""What is disputed of receivable items, written into the items."""

from odoo.tools import SQL


def write_disputed(item_ids):
    """Write into items what is suspended of them, in their currency; only changes."""
    return SQL(
        """
        UPDATE account_move_line line
           SET collection_disputed_amount = NULLIF(wanted.amount, 0)
          FROM (SELECT item.id, COALESCE(SUM(disputed.suspended_amount), 0) AS amount
                  FROM account_move_line item
                  LEFT JOIN collection_dispute_line disputed
                         ON disputed.move_line_id = item.id
                 WHERE item.id = ANY(%s)
                 GROUP BY item.id) wanted
         WHERE line.id = wanted.id
           AND COALESCE(line.collection_disputed_amount, 0) <> wanted.amount
        """,
        list(item_ids),
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
