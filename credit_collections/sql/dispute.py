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
