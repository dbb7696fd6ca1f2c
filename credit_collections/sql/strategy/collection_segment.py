"""Statement that puts customers in their segments, set-wise."""

from odoo.tools import SQL


def assign_segments(company_id, members, profile_ids=None):
    """Write segment and strategy of profiles of a company; only rows that change.

    Profiles whose segment was chosen by hand keep it. Returns the ids written.

    :param members: selects of ``id, rank, segment_id, strategy_id``; low ranks win
    :param profile_ids: default all profiles
    """
    nobody = SQL(
        """SELECT NULL::int AS id, NULL::int AS rank, NULL::int AS segment_id,
                  NULL::int AS strategy_id WHERE FALSE"""
    )
    return SQL(
        """
        UPDATE credit_profile profile
           SET segment_id = wanted.segment_id, strategy_id = wanted.strategy_id
          FROM (SELECT profile.id, best.segment_id, best.strategy_id
                  FROM credit_profile profile
                  LEFT JOIN (
                    SELECT DISTINCT ON (id) id, segment_id, strategy_id
                      FROM (%(found)s) one ORDER BY id, rank) best
                    ON best.id = profile.id
                 WHERE profile.company_id = %(company)s AND %(chosen)s
                   AND profile.is_segment_fixed IS NOT TRUE) wanted
         WHERE profile.id = wanted.id
           AND (profile.segment_id, profile.strategy_id)
               IS DISTINCT FROM (wanted.segment_id, wanted.strategy_id)
        RETURNING profile.id
        """,
        found=SQL(" UNION ALL ").join([nobody, *members]),
        company=company_id,
        chosen=SQL("TRUE")
        if profile_ids is None
        else SQL("profile.id IN %s", tuple(profile_ids) or (0,)),
    )
