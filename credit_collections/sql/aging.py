"""Open receivables by age, one statement for one customer and for all."""

from odoo.tools import SQL

from .open_items import is_open
from .pot import in_family


def aging(pot, bounds, partner_ids=None):
    """Select ``partner_id``, one sum per bucket, and what is unapplied.

    One row per commercial partner with anything open, in company currency. Items
    without due date are not late.

    :param bounds: last day of each bucket, ascending
    """
    buckets = SQL(", ").join(
        SQL(
            """COALESCE(SUM(line.amount_residual)
                 FILTER (WHERE line.amount_residual > 0 AND age.bucket = %s), 0)""",
            bucket,
        )
        for bucket in range(len(bounds) + 1)
    )
    return SQL(
        """
        SELECT partner.commercial_partner_id, %(buckets)s,
               COALESCE(SUM(line.amount_residual)
                 FILTER (WHERE line.amount_residual < 0), 0)
          FROM account_move_line line
          JOIN res_partner partner ON partner.id = line.partner_id
          CROSS JOIN LATERAL (
            SELECT width_bucket(
                     %(today)s::date - COALESCE(line.date_maturity, %(today)s),
                     %(firsts)s::int[]) AS bucket) age
         WHERE %(open)s AND %(family)s
         GROUP BY partner.commercial_partner_id
        """,
        buckets=buckets,
        today=pot.today,
        firsts=[bound + 1 for bound in bounds],
        open=is_open(pot),
        family=in_family(SQL("line.partner_id"), partner_ids),
    )
