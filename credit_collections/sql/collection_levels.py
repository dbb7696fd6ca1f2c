"""Levels of items when their customer gets another strategy."""

from odoo.tools import SQL

from .open_items import is_open


def align_levels(pot):
    """Let levels count in the strategy that each customer has now.

    Levels number the steps of a strategy. In another one an item has come as far as the
    number of its steps until the day of the step that was done: none of them is
    repeated, none goes back. Returns the ids of the profiles.
    """
    return SQL(
        """
        WITH moved AS (
            SELECT profile.id, profile.partner_id, profile.levels_strategy_id AS past,
                   profile.strategy_id AS current
              FROM credit_profile profile
             WHERE profile.company_id = %(root)s AND profile.strategy_id IS NOT NULL
               AND profile.levels_strategy_id IS DISTINCT FROM profile.strategy_id
        ),
        days AS (
            SELECT strategy_id, array_agg(days ORDER BY days, sequence, id) AS days
              FROM collection_step GROUP BY strategy_id
        ),
        aligned AS (
            UPDATE account_move_line line
               SET collection_level = width_bucket(
                    past.days[LEAST(line.collection_level, cardinality(past.days))],
                    current.days)
              FROM moved
              JOIN days past ON past.strategy_id = moved.past
              JOIN days current ON current.strategy_id = moved.current
              JOIN res_partner partner
                ON partner.commercial_partner_id = moved.partner_id
             WHERE line.partner_id = partner.id AND line.collection_level > 0
               AND %(open)s
            RETURNING line.id
        )
        UPDATE credit_profile profile SET levels_strategy_id = moved.current
          FROM moved WHERE profile.id = moved.id
        RETURNING profile.id
        """,
        root=pot.root_id,
        open=is_open(pot),
    )
