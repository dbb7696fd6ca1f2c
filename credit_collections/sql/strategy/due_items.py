"""Open items by the steps of their strategy, and what of them is left alone.

An item is left alone while it is excluded or promised; of one in dispute that part is
left out which is not agreed on.
"""

from odoo.tools import SQL

from ..hub.arrays import array
from ..hub.open_items import DUE_DATE, is_open, still_disputed

#: What the statements read, by model.
READS = {
    "account.move": None,
    "account.move.line": None,
    "collection.promise.line": ["move_line_id", "suspended_until"],
    "credit.profile": None,
    "res.partner": ["commercial_partner_id"],
}

#: The oldest item of a customer whose strategy has not ended for it, of several the one
#: of the highest level: both in one number, or all items would have to be sorted.
LEAD = SQL(
    """MIN((due_date - DATE '1970-01-01')::bigint << 16 | (65535 - level))
       FILTER (WHERE residual > 0 AND NOT is_excluded AND NOT is_promised
                 AND level < step_count)"""
)
LEAD_DUE_DATE = SQL("DATE '1970-01-01' + (lead >> 16)::int AS due_date")
LEAD_LEVEL = SQL("65535 - (lead & 65535)::int AS level")


def leading_items(pot, strategies, profile_ids):
    """Select ``profile_id, strategy_id, due_date, level`` of the leading items."""
    return SQL(
        """
        WITH chosen AS (%(chosen)s), item AS (%(items)s)
        SELECT profile_id, strategy_id, %(due_date)s, %(level)s
          FROM (SELECT profile_id, strategy_id, %(lead)s AS lead
                  FROM item GROUP BY profile_id, strategy_id) one
         WHERE lead IS NOT NULL
        """,
        chosen=chosen(strategies, profile_ids),
        due_date=LEAD_DUE_DATE,
        items=open_items(pot),
        lead=LEAD,
        level=LEAD_LEVEL,
    )


def chosen(strategies, profile_ids):
    """Profiles of a batch, with the days of the steps of their strategy."""
    return SQL(
        """
        SELECT profile.id AS profile_id, profile.partner_id, profile.strategy_id,
               strategy.days
          FROM unnest(%(profiles)s::integer[]) AS batch(id)
          JOIN credit_profile profile USING (id)
          JOIN (VALUES %(values)s) AS strategy(id, days)
            ON strategy.id = profile.strategy_id
        """,
        values=strategy_values(strategies),
        profiles=array(profile_ids),
    )


def strategy_values(strategies):
    return SQL(", ").join(
        SQL("(%s, %s::int[])", strategy_id, list(days))
        for strategy_id, days in strategies.items()
    )


def open_items(pot):
    """Open items of the chosen profiles: what counts of them, and what was done."""
    return SQL(
        """
        SELECT profile_id, strategy_id, step_count, first_days, currency_id,
               amount_residual - disputed AS residual, due_date, days, is_excluded,
               is_disputed AND NOT is_excluded AS is_disputed, is_promised, level,
               is_due AND days >= first_days AS is_early,
               is_due AND days >= 1 AS is_overdue
          FROM (%s) open
         CROSS JOIN LATERAL (
            SELECT disputed > 0 AND disputed >= amount_residual AS is_disputed) whole
         CROSS JOIN LATERAL (
            SELECT amount_residual > 0 AND NOT is_excluded AND NOT is_disputed
                   AND NOT is_promised AS is_due) mark
        """,
        _marked_items(pot),
    )


def _marked_items(pot):
    return SQL(
        """
        SELECT chosen.profile_id, chosen.strategy_id,
               cardinality(chosen.days) AS step_count, chosen.days[1] AS first_days,
               line.currency_id, line.amount_residual, %(due)s AS due_date,
               %(today)s - %(due)s AS days,
               COALESCE(line.collection_level, 0) AS level,
               line.amount_residual > 0 AND %(excluded)s AS is_excluded,
               line.amount_residual > 0 AND %(promised)s AS is_promised,
               %(disputed)s AS disputed
          FROM chosen
          JOIN res_partner partner
            ON partner.commercial_partner_id = chosen.partner_id
          JOIN account_move_line line ON line.partner_id = partner.id
         WHERE %(open)s
        OFFSET 0 -- each of these is worked out once, not wherever it is used
        """,
        due=DUE_DATE,
        today=SQL("%s::date", pot.today),
        excluded=left_out(pot),
        promised=is_promised(pot),
        disputed=still_disputed(pot),
        open=is_open(pot),
    )


def left_out(pot):
    """Items that are left alone: core's mark, or our exclusion while it lasts."""
    return SQL(
        """(line.no_followup IS TRUE
            OR line.collection_excluded_until > %s::date) IS TRUE""",
        pot.today,
    )


def is_promised(pot):
    """Items under an open promise to pay, up to the last day of its grace."""
    return SQL(
        """line.id IN (SELECT promised.move_line_id
                         FROM collection_promise_line promised
                        WHERE promised.suspended_until >= %s::date)""",
        pot.today,
    )
