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


def take_over_core_limits(company_id, bites):
    """Set the profiles' own limits from what core holds for a root company.

    Customers who only have a limit in core and owe nothing get a profile too; profiles
    that have a policy already, demo data for instance, keep it. Returns the ids of the
    profiles.

    :param bites: whether the limits count in core: an amount above 0 is a limit, and 0
        of one's own means unlimited. Otherwise only the amounts are kept.
    """
    return SQL(
        """
        INSERT INTO credit_profile (partner_id, company_id, currency_id, limit_policy,
               credit_status, active, credit_limit, create_date, write_date, create_uid,
               write_uid)
        SELECT partner.id, company.id, company.currency_id,
               CASE WHEN NOT %(bites)s THEN 'default'
                    WHEN core.amount > 0 THEN 'limited' ELSE 'unlimited' END,
               'none', TRUE, GREATEST(core.amount, 0),
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', 1, 1
          FROM res_partner partner
          JOIN res_company company ON company.id = %(root)s
          CROSS JOIN LATERAL (
            SELECT (partner.credit_limit ->> %(key)s)::numeric) core(amount)
         WHERE partner.credit_limit IS NOT NULL
           AND partner.id = partner.commercial_partner_id
           AND core.amount IS NOT NULL
        ON CONFLICT (partner_id, company_id) DO UPDATE
           SET limit_policy = EXCLUDED.limit_policy,
               credit_limit = EXCLUDED.credit_limit
         WHERE credit_profile.limit_policy = 'default'
        RETURNING id
        """,
        key=str(company_id),
        root=company_id,
        bites=bool(bites),
    )
