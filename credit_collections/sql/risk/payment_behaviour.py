"""How customers paid, month by month."""

from odoo.tools import SQL

from ...engine.hub.matching import PAYMENT, WRITE_OFF
from ..hub import matching
from ..hub.matching import settlements
from ..hub.pot import in_family

#: What the statement reads, by model.
READS = {**matching.READS, "res.partner": ["commercial_partner_id"]}


def payments_by_month(pot, roles, partner_ids, since):
    """Select ``partner_id, month, amount, days_late, written_off`` of what was settled
    since a day.

    A payment belongs to the month in which it came; ``days_late`` is that of payments,
    weighted by the amount, negative when they came early. What was written off is no
    payment, and what was credited is neither.
    """
    return SQL(
        """
        SELECT customer.commercial_partner_id,
               date_trunc('month', other.date)::date AS month,
               COALESCE(SUM(settled.amount) FILTER (WHERE %(is_paid)s), 0) AS amount,
               SUM(settled.amount
                   * (other.date - COALESCE(item.date_maturity, item.date)))
                 FILTER (WHERE %(is_paid)s)
                 / NULLIF(SUM(settled.amount) FILTER (WHERE %(is_paid)s), 0)
                 AS days_late,
               COALESCE(SUM(settled.amount) FILTER (WHERE NOT %(is_paid)s), 0)
                 AS written_off
          FROM %(settlements)s
          JOIN res_partner customer ON customer.id = item.partner_id
         WHERE item.account_id IN %(accounts)s
           AND item.company_id IN %(companies)s
           AND item.parent_state = 'posted'
           AND %(family)s
           AND other.date >= %(since)s
           AND settled.kind IN %(kinds)s
         GROUP BY 1, 2
         ORDER BY 1, 2
        """,
        settlements=settlements(roles),
        is_paid=SQL("settled.kind = %s", PAYMENT),
        kinds=(PAYMENT, WRITE_OFF),
        accounts=pot.account_ids or (0,),
        companies=pot.company_ids,
        family=in_family(SQL("item.partner_id"), partner_ids),
        since=since,
    )
