"""The statement that writes scores and classes, and puts on record what changed."""

from odoo.tools import SQL

#: Columns of the rows of :func:`write_scores` and their types.
COLUMNS = {
    "id": "int",
    "score": "float8",
    "scored_class_id": "int",
    "class_id": "int",
    "parts": "jsonb",
    "ended": "bool",
    "review_months": "int",
}


def write_scores(rows, today, occasion):
    """Write scores, classes and days of review; only rows that change.

    Every change of a score or class goes on record, and every row where ``occasion``
    says that somebody decided. Returns the ids of the profiles.

    :param rows: tuples of :data:`COLUMNS`; ``ended`` takes a choice by hand away
    :param occasion: ``source, reason_id, note, user_id`` for the record
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    arrays = [
        SQL("%s::%s[]", list(values), SQL(kind))
        for values, kind in zip(columns, COLUMNS.values(), strict=True)
    ]
    source, reason_id, note, user_id = occasion
    return SQL(
        """
        WITH written AS (
            UPDATE credit_profile profile
               SET risk_score = wanted.score,
                   risk_scored_class_id = wanted.scored_class_id,
                   risk_class_id = wanted.class_id,
                   risk_parts = wanted.parts,
                   risk_score_date = CASE WHEN wanted.changed THEN %(today)s::date
                                          ELSE profile.risk_score_date END,
                   next_review_date = wanted.review,
                   risk_override_class_id = CASE WHEN NOT wanted.ended
                       THEN profile.risk_override_class_id END,
                   risk_override_until = CASE WHEN NOT wanted.ended
                       THEN profile.risk_override_until END,
                   risk_override_reason_id = CASE WHEN NOT wanted.ended
                       THEN profile.risk_override_reason_id END,
                   risk_override_note = CASE WHEN NOT wanted.ended
                       THEN profile.risk_override_note END,
                   risk_override_user_id = CASE WHEN NOT wanted.ended
                       THEN profile.risk_override_user_id END
              FROM (%(wanted)s) wanted
             WHERE profile.id = wanted.id
               AND (wanted.changed OR wanted.ended OR %(decided)s
                    OR (profile.risk_scored_class_id, profile.risk_parts,
                        profile.next_review_date)
                       IS DISTINCT FROM
                       (wanted.scored_class_id, wanted.parts, wanted.review))
            RETURNING wanted.*
        ), recorded AS (
            INSERT INTO credit_risk_history (profile_id, date, source, score, class_id,
                   score_before, class_before_id, parts, reason_id, note, user_id,
                   create_uid, create_date, write_uid, write_date)
            SELECT id, %(today)s::date,
                   CASE WHEN ended AND NOT %(decided)s THEN 'end' ELSE %(source)s END,
                   score, class_id, old_score, old_class_id, parts, %(reason)s,
                   %(note)s, %(user)s, %(user)s, now() AT TIME ZONE 'UTC',
                   %(user)s, now() AT TIME ZONE 'UTC'
              FROM written
             WHERE changed OR ended OR %(decided)s
        )
        SELECT id FROM written
        """,
        wanted=_wanted(SQL(", ").join(arrays), today),
        today=today,
        decided=source != "score",
        source=source,
        reason=SQL("%s::int", reason_id),
        note=SQL("%s::varchar", note),
        user=SQL("%s::int", user_id),
    )


def _wanted(arrays, today):
    """Select the rows with what was before, and the day of the next review.

    A first class sets that day, and a new one may bring it forward; otherwise a day
    that somebody chose stays.
    """
    return SQL(
        """
        SELECT fresh.*, old.risk_score AS old_score, old.risk_class_id AS old_class_id,
               (old.risk_score, old.risk_class_id)
                   IS DISTINCT FROM (fresh.score, fresh.class_id) AS changed,
               CASE WHEN fresh.review_months > 0
                         AND (old.next_review_date IS NULL
                              OR old.risk_class_id <> fresh.class_id)
                    THEN LEAST(old.next_review_date,
                               (COALESCE(old.last_review_date, %(today)s::date)
                                + make_interval(months => fresh.review_months))::date)
                    ELSE old.next_review_date END AS review
          FROM unnest(%(arrays)s) AS fresh(%(columns)s)
          JOIN credit_profile old ON old.id = fresh.id
        """,
        arrays=arrays,
        columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
        today=today,
    )
