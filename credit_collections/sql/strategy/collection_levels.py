"""How far items have come in their strategies, and what comes next for customers."""

from odoo.tools import SQL

from ..hub.open_items import is_open

#: What the statements read, by model.
READS = {
    "account.move": None,
    "account.move.line": None,
    "collection.step": ["strategy_id", "days", "sequence"],
    "credit.profile": None,
    "res.partner": ["commercial_partner_id"],
}


def align_levels(pot, profile_ids):
    """Let levels count in the strategy that each of these customers has now.

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
             WHERE profile.id = ANY(%(profiles)s) AND profile.company_id = %(root)s
               AND profile.strategy_id IS NOT NULL
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
        profiles=list(profile_ids),
        root=pot.root_id,
        open=is_open(pot),
    )


def write_next_steps(profile_ids, rows):
    """Write what comes next for all these profiles; only rows that change.

    :param rows: ``(profile_id, step_id, date, steps_to_legal)`` of those with a next
        step; the others have none
    """
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    ids, steps, dates, legal = map(list, columns)
    return SQL(
        """
        UPDATE credit_profile profile
           SET next_step_id = wanted.step_id, next_step_date = wanted.date,
               steps_to_legal = wanted.legal
          FROM (SELECT one.id, next.step_id, next.date, next.legal
                  FROM unnest(%(profiles)s::int[]) AS one(id)
                  LEFT JOIN unnest(%(ids)s::int[], %(steps)s::int[], %(dates)s::date[],
                                   %(legal)s::int[])
                       AS next(id, step_id, date, legal) USING (id)) wanted
         WHERE profile.id = wanted.id
           AND (profile.next_step_id, profile.next_step_date, profile.steps_to_legal)
               IS DISTINCT FROM (wanted.step_id, wanted.date, wanted.legal)
        RETURNING profile.id
        """,
        profiles=list(profile_ids),
        ids=ids,
        steps=steps,
        dates=dates,
        legal=legal,
    )
