"""Open receivables by age, one statement for one customer and for all."""

from odoo.tools import SQL

from ..hub import undone
from ..hub.open_items import DUE_DATE, is_open, is_receivable
from ..hub.pot import in_family

#: What the statement reads, by model.
READS = {
    "account.move": None,
    "account.move.line": None,
    "account.partial.reconcile": undone.READS["account.partial.reconcile"],
    "account.payment": undone.READS["account.payment"],
    "res.partner": ["commercial_partner_id"],
}


def aging(pot, bounds, partner_ids=None):
    """Select ``partner_id``, one sum per bucket, and what is unapplied.

    One row per commercial partner with anything open, in company currency. Items
    without due date are due on their own date. What is matched with what settles
    nothing is open, as in the exposure.

    :param bounds: last day of each bucket, ascending
    """
    buckets = SQL(", ").join(
        SQL(
            """COALESCE(SUM(item.amount)
                 FILTER (WHERE item.is_owed AND age.bucket = %s), 0)""",
            bucket,
        )
        for bucket in range(len(bounds) + 1)
    )
    return SQL(
        """
        SELECT partner.commercial_partner_id, %(buckets)s,
               COALESCE(SUM(item.amount) FILTER (WHERE NOT item.is_owed), 0)
          FROM (%(items)s) item
          JOIN res_partner partner ON partner.id = item.partner_id
          CROSS JOIN LATERAL (
            SELECT width_bucket(%(today)s::date - item.due_date, %(firsts)s::int[])
                   AS bucket) age
         GROUP BY partner.commercial_partner_id
        """,
        buckets=buckets,
        today=pot.today,
        firsts=[bound + 1 for bound in bounds],
        items=_items(pot, partner_ids),
    )


def _items(pot, partner_ids):
    """Select ``partner_id, due_date, is_owed, amount`` of what is open."""
    family = in_family(SQL("line.partner_id"), partner_ids)
    open_items = SQL(
        """
        SELECT line.partner_id, %s AS due_date, line.amount_residual > 0 AS is_owed,
               line.amount_residual AS amount
          FROM account_move_line line
         WHERE %s AND %s
        """,
        DUE_DATE,
        is_open(pot),
        family,
    )
    if partner_ids is not None:
        pot = pot.about(partner_ids)
    if not pot.undone:
        return open_items
    return SQL(
        """
        %s
         UNION ALL
        SELECT line.partner_id, %s, line.balance > 0, part.amount
          FROM (%s) part
          JOIN account_move_line line ON line.id = part.item_id
         WHERE %s AND %s AND line.parent_state = 'posted'
        """,
        open_items,
        DUE_DATE,
        undone.undone(),
        is_receivable(pot),
        family,
    )
