"""Counters of decisions: what one takes, no other one takes at the same time."""

from odoo.tools import SQL


def count_decision(whose, source):
    """Count a decision for each that ``source`` selects.

    Under REPEATABLE READ a mere row lock would leave a waiting transaction with its old
    snapshot; a write lets the loser of two simultaneous decisions fail, and Odoo tries
    it again. The counters have a table of their own, so that jobs which write figures
    of customers and groups are in nobody's way.

    :param whose: ``profile_id`` or ``group_id``
    :param source: what has a column of that name, which may be empty; follows ``FROM``
    """
    # in one order for all, or two decisions on many would wait for each other
    return SQL(
        """
        INSERT INTO credit_decision_count AS known (%(whose)s, decisions)
        SELECT DISTINCT %(whose)s, 1 FROM %(source)s
         WHERE %(whose)s IS NOT NULL ORDER BY %(whose)s
        ON CONFLICT (%(whose)s) DO UPDATE SET decisions = known.decisions + 1
        """,
        whose=SQL.identifier(whose),
        source=source,
    )
