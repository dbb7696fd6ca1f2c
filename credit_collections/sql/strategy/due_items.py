"""Open items by the steps of their strategy, and what of them is left alone.

An item is left alone while it is excluded or promised; of one in dispute that part is
left out which is not agreed on.
"""

from odoo.tools import SQL

from ..hub.open_items import is_open

#: What the statements read, by model.
READS = {
    "account.move": None,
    "account.move.line": None,
    "collection.promise.line": ["move_line_id", "suspended_until"],
    "credit.profile": None,
    "res.partner": ["commercial_partner_id"],
}


def leading_items(pot, strategies, profile_ids):
    """Select ``profile_id, strategy_id, due_date, level`` of the leading items."""
    return SQL(
        "WITH chosen AS (%(chosen)s), item AS (%(items)s) %(lead)s",
        chosen=chosen(strategies, profile_ids),
        items=open_items(pot),
        lead=lead(),
    )


def lead():
    """The oldest item of each customer whose strategy has not ended for it."""
    return SQL(
        """
        SELECT DISTINCT ON (profile_id) profile_id, strategy_id, due_date, level
          FROM item
         WHERE residual > 0 AND NOT is_excluded AND NOT is_promised
           AND due_date IS NOT NULL
           AND level < step_count
         ORDER BY profile_id, due_date, level DESC
        """
    )


def chosen(strategies, profile_ids):
    """Profiles of a batch, with the days of the steps of their strategy."""
    return SQL(
        """
        SELECT profile.id AS profile_id, profile.partner_id, profile.strategy_id,
               strategy.days
          FROM credit_profile profile
          JOIN (VALUES %(values)s) AS strategy(id, days)
            ON strategy.id = profile.strategy_id
         WHERE profile.id = ANY(%(profiles)s)
        """,
        values=strategy_values(strategies),
        profiles=list(profile_ids),
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
        SELECT chosen.profile_id, chosen.strategy_id,
               cardinality(chosen.days) AS step_count, chosen.days[1] AS first_days,
               line.currency_id, line.amount_residual - complaint.amount AS residual,
               line.date_maturity AS due_date, age.days, mark.is_excluded,
               complaint.is_whole AND NOT mark.is_excluded AS is_disputed,
               mark.is_promised,
               COALESCE(line.collection_level, 0) AS level,
               line.amount_residual > 0 AND NOT mark.is_excluded
                   AND NOT complaint.is_whole AND NOT mark.is_promised
                   AND age.days >= chosen.days[1] AS is_early,
               line.amount_residual > 0 AND NOT mark.is_excluded
                   AND NOT complaint.is_whole AND NOT mark.is_promised
                   AND age.days >= 1 AS is_overdue
          FROM chosen
          JOIN res_partner partner
            ON partner.commercial_partner_id = chosen.partner_id
          JOIN account_move_line line ON line.partner_id = partner.id
          CROSS JOIN LATERAL (SELECT %(today)s - line.date_maturity AS days) age
          CROSS JOIN LATERAL (
            SELECT line.amount_residual > 0 AND %(excluded)s AS is_excluded,
                   line.amount_residual > 0 AND %(promised)s AS is_promised) mark
          CROSS JOIN LATERAL (SELECT %(disputed)s AS amount) part
          CROSS JOIN LATERAL (
            SELECT part.amount, part.amount > 0 AND part.amount >= line.amount_residual
                   AS is_whole) complaint
         WHERE %(open)s
        """,
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
        """EXISTS (SELECT FROM collection_promise_line promised
                    WHERE promised.move_line_id = line.id
                      AND promised.suspended_until >= %s::date)""",
        pot.today,
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
