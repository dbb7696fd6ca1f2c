"""Statements that post limit changes, set-wise, and find those that clash."""

from odoo.tools import SQL

#: Kinds of limits that stay, and may begin on a day to come.
LASTING = ("permanent", "automatic", "group")


def overlaps(change_ids, limit=20):
    """Select pairs of temporary limits of one customer or group that share a day.

    The first of a pair is a line of these changes, the second one that is approved,
    in force or to come, or another one of these changes. Returns their ids.

    In the order of their first days, two that share a day always have two neighbours
    that do; so one pass over the customers is enough, however many lines there are.
    """
    return SQL(
        """
        SELECT CASE WHEN is_mine THEN id ELSE other_id END,
               CASE WHEN is_mine THEN other_id ELSE id END
          FROM (
            SELECT line.id, lag(line.id) OVER earlier AS other_id,
                   line.change_id IN %(changes)s AS is_mine,
                   line.date_from <= lag(line.date_to) OVER earlier AS is_shared
              FROM credit_limit_change_line line
             WHERE line.kind = 'temporary'
               AND (line.state IN ('approved', 'posted')
                    OR line.change_id IN %(changes)s
                    AND line.state IN ('draft', 'submitted'))
               AND (line.profile_id = ANY (ARRAY(
                        SELECT profile_id FROM credit_limit_change_line
                         WHERE change_id IN %(changes)s))
                    OR line.group_id = ANY (ARRAY(
                        SELECT group_id FROM credit_limit_change_line
                         WHERE change_id IN %(changes)s)))
            WINDOW earlier AS (PARTITION BY line.profile_id, line.group_id
                               ORDER BY line.date_from, line.id)
          ) neighbour
         WHERE is_shared
         ORDER BY 1, 2
         LIMIT %(limit)s
        """,
        changes=tuple(change_ids) or (0,),
        limit=limit,
    )


def set_states(change_ids, state, from_states):
    """Take those lines of changes that are in one of the states to another one."""
    return SQL(
        """
        UPDATE credit_limit_change_line SET state = %s
         WHERE change_id = ANY(%s) AND state = ANY(%s)
        """,
        state,
        list(change_ids),
        list(from_states),
    )


def approved_lines(change_id):
    """Return a condition on ``line``: what is approved of a change."""
    return SQL("line.change_id = %s AND line.state = 'approved'", change_id)


def due_lines(change_id, today):
    """Return a condition on ``line``: what of a posted change waited for its day."""
    return SQL(
        """line.change_id = %s AND line.state = 'scheduled' AND line.date_from <= %s
           AND EXISTS (SELECT FROM credit_limit_change change
                        WHERE change.id = line.change_id AND change.state = 'posted')
        """,
        change_id,
        SQL("%s::date", today),
    )


def targets(chosen):
    """Select ``id, partner_id`` of the profiles that lines are about.

    :param chosen: condition on ``line``: :func:`approved_lines` or :func:`due_lines`
    """
    return SQL(
        """
        SELECT profile.id, profile.partner_id
          FROM credit_profile profile
         WHERE profile.id IN (SELECT line.profile_id FROM credit_limit_change_line line
                               WHERE %s)
         ORDER BY profile.id
        """,
        chosen,
    )


def schedule_lines(change_id, today):
    """Let those approved lines of a change wait that are to take force later."""
    return SQL(
        """
        UPDATE credit_limit_change_line line SET state = 'scheduled'
         WHERE %(approved)s AND line.kind = ANY(%(lasting)s)
           AND line.date_from > %(today)s
        """,
        approved=approved_lines(change_id),
        lasting=list(LASTING),
        today=SQL("%s::date", today),
    )


def post_lines(chosen, today):
    """Post lines of customers, with what held for them before.

    Lines without a first day get today. Returns the ids of the lines.

    :param chosen: condition on ``line``: :func:`approved_lines` or :func:`due_lines`
    """
    return SQL(
        """
        UPDATE credit_limit_change_line line
           SET state = 'posted', posted_date = %(today)s,
               date_from = COALESCE(line.date_from, %(today)s),
               old_policy = profile.limit_policy, old_limit = profile.credit_limit,
               old_effective_limit = profile.effective_limit,
               old_expiry_date = profile.limit_expiry_date,
               old_exposure = profile.exposure
          FROM credit_profile profile
         WHERE %(chosen)s AND profile.id = line.profile_id
        RETURNING line.id
        """,
        chosen=chosen,
        today=SQL("%s::date", today),
    )


def post_group_lines(chosen, today):
    """Post lines of groups, with the shared limits there were before.

    Returns ``(group_id, new_limit, date_to)``. Of a temporary limit that is cancelled,
    what it was is kept later.

    :param chosen: see :func:`post_lines`
    """
    return SQL(
        """
        UPDATE credit_limit_change_line line
           SET state = 'posted', posted_date = %(today)s,
               date_from = COALESCE(line.date_from, %(today)s),
               old_policy = 'limited', old_limit = shared.credit_limit,
               old_effective_limit = shared.credit_limit,
               old_expiry_date = shared.expiry_date
          FROM credit_group shared
         WHERE %(chosen)s AND shared.id = line.group_id
        RETURNING shared.id, line.new_limit, line.date_to
        """,
        chosen=chosen,
        today=SQL("%s::date", today),
    )


def write_limits(line_ids, user_id):
    """Give the customers of posted lines their new limits. Returns their ids.

    The amount stays where the new policy has none, so that going back to “Limited”
    finds it again.
    """
    return SQL(
        """
        UPDATE credit_profile profile
           SET limit_policy = line.new_policy,
               credit_limit = CASE WHEN line.new_policy = 'limited'
                                   THEN line.new_limit ELSE profile.credit_limit END,
               limit_expiry_date = line.date_to,
               limit_date = line.posted_date,
               write_uid = %(user)s, write_date = now() AT TIME ZONE 'UTC'
          FROM credit_limit_change_line line
         WHERE line.id = ANY (%(lines)s)
           AND line.kind IN ('permanent', 'automatic')
           AND profile.id = line.profile_id
        RETURNING profile.id
        """,
        lines=list(line_ids),
        user=user_id,
    )


def end_temporaries(change_id):
    """End the temporary limits that a posted change cancels, and keep what they were.

    They no longer count from the first day of the line on; one that would only have
    begun then never counts.
    """
    return SQL(
        """
        WITH kept AS (
            UPDATE credit_limit_change_line line
               SET old_policy = ended.new_policy, old_limit = ended.new_limit,
                   old_expiry_date = ended.date_to
              FROM credit_limit_change_line ended
             WHERE line.change_id = %(change)s AND line.state = 'posted'
               AND line.kind = 'cancel' AND ended.id = line.temporary_id
               AND ended.profile_id IS NOT DISTINCT FROM line.profile_id
               AND ended.group_id IS NOT DISTINCT FROM line.group_id
            RETURNING line.temporary_id, line.date_from
        )
        UPDATE credit_limit_change_line ended
           SET state = CASE WHEN ended.date_from >= kept.date_from
                            THEN 'cancelled' ELSE ended.state END,
               date_to = CASE WHEN ended.date_from >= kept.date_from
                              THEN ended.date_to ELSE kept.date_from - 1 END
          FROM kept
         WHERE ended.id = kept.temporary_id
        """,
        change=change_id,
    )
