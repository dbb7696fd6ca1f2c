"""What of a document is left alone, for who writes about that document alone."""

from odoo.tools import SQL

from ..hub.open_items import is_open
from ..strategy import due_items
from ..strategy.due_items import is_promised, left_out, still_disputed

#: What the statement reads, by model.
READS = due_items.READS


def left_out_of_moves(pot, move_ids):
    """Select ``move_id, reason`` of documents: what is disputed of them, though it be a
    part, and what nothing is left of because it is excluded or promised."""
    return SQL(
        """
        WITH item AS (
            SELECT line.move_id, %(disputed)s > 0 AS is_disputed,
                   %(excluded)s AS is_excluded, %(promised)s AS is_promised
              FROM account_move_line line
             WHERE line.move_id = ANY(%(moves)s) AND line.amount_residual > 0
               AND %(open)s
        ), per_move AS (
            SELECT move_id, bool_and(is_excluded) AS excluded,
                   bool_or(is_disputed) AS disputed, bool_and(is_promised) AS promised
              FROM item
             GROUP BY move_id
        )
        SELECT move_id, reason
          FROM per_move
         CROSS JOIN LATERAL (VALUES ('excluded', excluded), ('disputed', disputed),
                                    ('promised', promised)) AS found(reason, is_so)
         WHERE is_so
        """,
        moves=list(move_ids),
        open=is_open(pot),
        excluded=left_out(pot),
        disputed=still_disputed(pot),
        promised=is_promised(pot),
    )
