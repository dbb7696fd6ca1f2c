"""Statements that exchange limits with core, set-wise."""

from odoo.tools import SQL

#: Core reads a limit of 0 as "no limit"; the least that it takes for one means none.
SMALLEST_LIMIT = 0.01


def mirror_limits(company_ids, profile_ids=None):
    """Write the effective limits into core's company-dependent ``credit_limit``.

    Customers who have just the company's default have no value of their own in core
    either. Core reads 0 as "no limit", so no credit at all is the smallest amount that
    is a limit. Branches see the limit of their root company, the first of the ids.
    Returns the ids of the partners that were written.
    """
    return SQL(
        """
        UPDATE res_partner partner
           SET credit_limit = wanted.credit_limit
          FROM (
            SELECT profile.partner_id,
                   NULLIF((COALESCE(partner.credit_limit, '{}') - %(keys)s)
                          || COALESCE(own.limits, '{}'), '{}') AS credit_limit
              FROM credit_profile profile
              JOIN res_partner partner ON partner.id = profile.partner_id
              JOIN res_company company ON company.id = profile.company_id
              LEFT JOIN LATERAL (
                SELECT jsonb_object_agg(key, %(core_limit)s) AS limits
                  FROM unnest(%(keys)s) key
                 WHERE profile.limit_policy <> 'default'
                    OR (profile.is_limited, profile.effective_limit) IS DISTINCT FROM
                       (company.credit_default_policy <> 'unlimited',
                        CASE company.credit_default_policy WHEN 'limited'
                        THEN COALESCE(company.credit_default_limit, 0) ELSE 0 END)
              ) own ON TRUE
             WHERE profile.company_id = %(root)s AND %(chosen)s
          ) wanted
         WHERE partner.id = wanted.partner_id
           AND partner.credit_limit IS DISTINCT FROM wanted.credit_limit
        RETURNING partner.id
        """,
        core_limit=SQL(
            """CASE WHEN profile.is_limited
                    THEN GREATEST(profile.effective_limit, %s) ELSE 0 END""",
            SMALLEST_LIMIT,
        ),
        keys=SQL("%s::text[]", [str(company_id) for company_id in company_ids]),
        root=company_ids[0],
        chosen=SQL("TRUE")
        if profile_ids is None
        else SQL("profile.id IN %s", tuple(profile_ids) or (0,)),
    )


def limited_in_core(company_id):
    """Select customers who have a limit of a root company in core, and no profile."""
    return SQL(
        """
        SELECT partner.id
          FROM res_partner partner
         WHERE partner.id = partner.commercial_partner_id
           AND partner.credit_limit ->> %(key)s IS NOT NULL
           AND NOT EXISTS (SELECT FROM credit_profile known
                            WHERE known.partner_id = partner.id
                              AND known.company_id = %(root)s)
         ORDER BY partner.id
        """,
        key=str(company_id),
        root=company_id,
    )


def take_over_core_limits(company_id, bites, profile_ids):
    """Set the own limits of new profiles from what core holds for a root company.

    Returns the ids of those that have one.

    :param bites: whether the limits count in core: an amount above 0 is a limit, and 0
        of one's own means unlimited. Otherwise only the amounts are kept.
    """
    return SQL(
        """
        UPDATE credit_profile profile
           SET credit_limit = core.amount, %(policy)s
          FROM (SELECT id, GREATEST((credit_limit ->> %(key)s)::numeric, 0) AS amount
                  FROM res_partner) core
         WHERE profile.id IN %(ids)s AND core.id = profile.partner_id
           AND core.amount IS NOT NULL
        RETURNING profile.id
        """,
        key=str(company_id),
        ids=tuple(profile_ids) or (0,),
        policy=SQL(
            """limit_policy = CASE WHEN core.amount > 0
                                   THEN 'limited' ELSE 'unlimited' END,
               is_limited = core.amount > 0, effective_limit = core.amount,
               available_credit = core.amount"""
        )
        if bites
        else SQL("limit_policy = 'default'"),
    )
