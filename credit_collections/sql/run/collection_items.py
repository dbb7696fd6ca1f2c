"""The items that actions of a run are about.

Nothing is written of them before an action is done: a plan of a hundred thousand items
may be thrown away, and what counts is what is open when customers are contacted.
"""

from odoo.tools import SQL

from ..hub.open_items import (
    DUE_DATE,
    STILL_OWED,
    is_open,
    still_disputed,
    still_disputed_currency,
)
from ..strategy import due_items
from ..strategy.due_items import is_promised, left_out, strategy_values

#: What the statements read, by model.
READS = {**due_items.READS, "collection.action": None, "collection.action.line": None}


def listed_items(pot, strategies, action_ids):
    """Select the items that planned actions would list now, the oldest first.

    Reminders before the due date list all items that the strategy has come to, later
    ones those that are overdue. Each item keeps the level that it has come to itself,
    so that a newer one is not taken for one that had all the reminders. Columns:
    ``action_id, move_line_id, amount, amount_currency, level, level_before``.

    :param strategies: ``{strategy_id: (days of the steps, ascending)}``
    """
    return SQL(
        """
        SELECT action.id AS action_id, line.id AS move_line_id,
               line.amount_residual - %(disputed)s AS amount,
               line.amount_residual_currency - %(disputed_currency)s
                   AS amount_currency,
               GREATEST(LEAST(action.level, width_bucket(age.days, strategy.days)),
                        COALESCE(line.collection_level, 0)) AS level,
               COALESCE(line.collection_level, 0) AS level_before
          FROM %(due_items)s
           AND line.amount_residual - %(disputed)s > 0
           AND NOT %(excluded)s AND NOT %(promised)s
         ORDER BY action.id, line.date_maturity, line.id
        """,
        due_items=_due_items(pot, strategies, action_ids),
        excluded=left_out(pot),
        disputed=still_disputed(pot),
        disputed_currency=still_disputed_currency(),
        promised=is_promised(pot),
    )


def insert_lines(pot, strategies, action_ids):
    """Insert what :func:`listed_items` finds as the items of actions."""
    return SQL(
        """
        INSERT INTO collection_action_line (action_id, move_line_id, amount,
               amount_currency, level, level_before)
        %s
        """,
        listed_items(pot, strategies, action_ids),
    )


def delete_lines(action_ids):
    return SQL(
        "DELETE FROM collection_action_line WHERE action_id = ANY(%s)", list(action_ids)
    )


def still_due(pot, strategies, action_ids):
    """Select the planned actions whose customer still owes something that is due,
    whether it may be reminded of or not."""
    return SQL(
        "SELECT DISTINCT action.id FROM %s AND line.amount_residual > 0",
        _due_items(pot, strategies, action_ids),
    )


def still_open(action_ids):
    """Select those of the actions with an item that is not paid yet."""
    return SQL(
        """
        SELECT DISTINCT item.action_id
          FROM collection_action_line item
          JOIN account_move_line line ON line.id = item.move_line_id
         WHERE item.action_id = ANY(%s) AND %s
        """,
        list(action_ids),
        STILL_OWED,
    )


def _due_items(pot, strategies, action_ids):
    """Open items of the customers of planned actions that their step has come to."""
    return SQL(
        """
               collection_action action
          JOIN (VALUES %(values)s) AS strategy(id, days)
            ON strategy.id = action.strategy_id
          JOIN credit_profile profile ON profile.id = action.profile_id
          JOIN res_partner partner
            ON partner.commercial_partner_id = profile.partner_id
          JOIN account_move_line line ON line.partner_id = partner.id
          CROSS JOIN LATERAL (SELECT %(today)s - %(due)s AS days) age
         WHERE action.state = 'planned' AND action.id = ANY(%(actions)s) AND %(open)s
           AND age.days >= CASE WHEN strategy.days[action.level] < 1
                                THEN strategy.days[1] ELSE 1 END
        """,
        values=strategy_values(strategies),
        due=DUE_DATE,
        today=SQL("%s::date", pot.today),
        actions=list(action_ids),
        open=is_open(pot),
    )
