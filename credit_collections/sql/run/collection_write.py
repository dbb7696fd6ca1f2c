"""What collection runs write, set-wise."""

from odoo.tools import SQL

from ..hub.arrays import array

#: Columns of an action that the plan decides, and their types.
ACTION_COLUMNS = {
    "profile_id": "int[]",
    "partner_id": "int[]",
    "company_id": "int[]",
    "currency_id": "int[]",
    "strategy_id": "int[]",
    "step_id": "int[]",
    "level": "int[]",
    "channel": "varchar[]",
    "state": "varchar[]",
    "skip_reason": "varchar[]",
    "amount": "numeric[]",
    "credit_amount": "numeric[]",
    "item_count": "int[]",
}


def insert_actions(run_id, rows):
    """Insert the actions of a batch, one per customer.

    :param rows: dictionaries with the keys of :data:`ACTION_COLUMNS`
    """
    columns = SQL(", ").join(map(SQL.identifier, ACTION_COLUMNS))
    return SQL(
        """
        INSERT INTO collection_action (run_id, %(columns)s, create_uid, write_uid,
               create_date, write_date)
        SELECT %(run)s, %(columns)s, 1, 1, now() AT TIME ZONE 'UTC',
               now() AT TIME ZONE 'UTC'
          FROM unnest(%(arrays)s) AS planned(%(columns)s)
        ON CONFLICT (run_id, profile_id) DO NOTHING
        RETURNING id
        """,
        run=run_id,
        columns=columns,
        arrays=_arrays(rows),
    )


def lock_planning(run_id):
    """Select whether nobody else plans the run; nobody does until the transaction ends.

    Its row stays free: whoever cancels the planning writes it at once.
    """
    return SQL(
        "SELECT pg_try_advisory_xact_lock('collection_run'::regclass::oid::int, %s)",
        run_id,
    )


def forget_actions(run_id, after, up_to):
    """Delete what was planned of the profiles between these ids, but for what somebody
    has decided about it. A plan is not on record yet.

    :param up_to: ``None``: of all those behind
    """
    last = SQL("TRUE") if up_to is None else SQL("profile_id <= %s", up_to)
    return SQL(
        "DELETE FROM collection_action WHERE %s AND profile_id > %s AND %s",
        _undecided(run_id),
        after,
        last,
    )


def discard_actions(run_id, size):
    """Delete some of what was planned, but for what somebody has decided about it."""
    return SQL(
        """
        DELETE FROM collection_action WHERE id = ANY (ARRAY(
            SELECT id FROM collection_action WHERE %s LIMIT %s))
        """,
        _undecided(run_id),
        size,
    )


def _undecided(run_id):
    return SQL("run_id = %s AND state <> 'cancelled' AND is_edited IS NOT TRUE", run_id)


def update_actions(rows):
    """Write what was planned again into actions: ``{action_id: row}``, the rows as in
    :func:`insert_actions`."""
    columns = SQL(", ").join(map(SQL.identifier, ACTION_COLUMNS))
    return SQL(
        """
        UPDATE collection_action action
           SET (%(columns)s) = ROW (%(planned)s)
          FROM unnest(%(ids)s::int[], %(arrays)s) AS planned(action_id, %(columns)s)
         WHERE action.id = planned.action_id
        """,
        columns=columns,
        planned=SQL(", ").join(
            SQL.identifier("planned", name) for name in ACTION_COLUMNS
        ),
        ids=list(rows),
        arrays=_arrays(rows.values()),
    )


def _arrays(rows):
    """Turn rows with the keys of :data:`ACTION_COLUMNS` into an array per column."""
    return SQL(", ").join(
        SQL("%s::" + kind, array([row[name] for row in rows]))
        for name, kind in ACTION_COLUMNS.items()
    )


def first_actions(run_ids, size):
    """Select ``run_id, action_id`` of the first actions of runs: by state, in each the
    highest amounts."""
    return SQL(
        """
        SELECT run.id, action.id
          FROM unnest(%s::int[]) AS run(id)
         CROSS JOIN LATERAL (
            SELECT id, state, amount FROM collection_action
             WHERE run_id = run.id
             ORDER BY state, amount DESC, id LIMIT %s) action
         ORDER BY run.id, action.state, action.amount DESC, action.id
        """,
        list(run_ids),
        size,
    )


def claim(run_id, size):
    """Select and lock the next actions of a run that no other worker has."""
    return SQL(
        """
        SELECT id FROM collection_action WHERE run_id = %s AND state = 'planned'
         ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
        """,
        run_id,
        size,
    )


def write_levels(action_ids, today):
    """Write into the items what was done about them. Returns the ids of the items."""
    return SQL(
        """
        UPDATE account_move_line line
           SET collection_level = item.level, collection_step_id = action.step_id,
               collection_step_date = %(today)s::date
          FROM collection_action_line item
          JOIN collection_action action ON action.id = item.action_id
         WHERE line.id = item.move_line_id AND item.action_id = ANY(%(actions)s)
        RETURNING line.id
        """,
        actions=list(action_ids),
        today=today,
    )


def take_back_levels(action_ids):
    """Put the levels of items back to what they were before an action that failed.

    Items that have come to another level since are left alone.
    """
    return SQL(
        """
        UPDATE account_move_line line
           SET collection_level = item.level_before
          FROM collection_action_line item
         WHERE line.id = item.move_line_id AND item.action_id = ANY(%s)
           AND line.collection_level = item.level
        RETURNING line.id
        """,
        list(action_ids),
    )


def write_charges(decimals, action_ids):
    """Write fees and interest of planned actions whose step has some.

    Interest is simple: open amount x yearly rate x days since the due date / 365.

    :param decimals: of the currency of the company
    """
    return SQL(
        """
        WITH charged AS (
            SELECT action.id, step.fee_amount, step.interest_rate, run.date
              FROM collection_action action
              JOIN collection_step step ON step.id = action.step_id
              JOIN collection_run run ON run.id = action.run_id
             WHERE action.id = ANY(%(actions)s)
        ),
        interest AS (
            UPDATE collection_action_line item
               SET interest_amount = ROUND(
                    item.amount * charged.interest_rate::numeric / 36500
                    * GREATEST(charged.date - line.date_maturity, 0), %(decimals)s)
              FROM charged, account_move_line line
             WHERE item.action_id = charged.id AND line.id = item.move_line_id
               AND charged.interest_rate > 0
            RETURNING item.action_id, item.interest_amount
        )
        UPDATE collection_action action
           SET fee_amount = charged.fee_amount::numeric,
               interest_amount = COALESCE(
                (SELECT SUM(interest_amount) FROM interest
                  WHERE interest.action_id = action.id), 0)
          FROM charged
         WHERE action.id = charged.id
        """,
        decimals=decimals,
        actions=list(action_ids),
    )
