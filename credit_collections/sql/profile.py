"""Statements that create credit profiles and write their figures, set-wise."""

from odoo.tools import SQL

from .exposure import COLUMNS, exposure
from .limit import available, joins

#: Core reads a limit of 0 as "no limit"; the least that it takes for one means none.
SMALLEST_LIMIT = 0.01


def missing_profiles(pot, partner_ids=None):
    """Insert a profile for each commercial partner that has something to watch.

    With ``partner_ids``: for those partners, whatever they owe. Without: for every
    customer with receivables, drafts or orders. Returns the new ids.

    They owe nothing until their figures are refreshed: lists sort and filter by them.
    """
    if partner_ids is None:
        partners = SQL("SELECT partner_id FROM (%s) exposure", exposure(pot))
    else:
        partners = SQL(
            """SELECT commercial_partner_id AS partner_id
                 FROM res_partner WHERE id IN %s GROUP BY commercial_partner_id""",
            tuple(partner_ids) or (0,),
        )
    return SQL(
        """
        INSERT INTO credit_profile (partner_id, company_id, currency_id, limit_policy,
               credit_status, active, credit_limit, is_limited, effective_limit,
               available_credit, exposure, overdue_amount,
               create_date, write_date, create_uid, write_uid)
        SELECT wanted.partner_id, %(root)s, %(currency)s, 'default', 'none', TRUE, 0,
               company.credit_default_policy <> 'unlimited', granted.amount,
               granted.amount, 0, 0,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', 1, 1
          FROM (%(partners)s) wanted
          JOIN res_company company ON company.id = %(root)s
          CROSS JOIN LATERAL (
            SELECT CASE company.credit_default_policy
                        WHEN 'limited' THEN COALESCE(company.credit_default_limit, 0)
                        ELSE 0 END AS amount
          ) granted
         WHERE NOT EXISTS (SELECT FROM credit_profile known
                            WHERE known.partner_id = wanted.partner_id
                              AND known.company_id = %(root)s)
        ON CONFLICT (partner_id, company_id) DO NOTHING
        RETURNING id
        """,
        partners=partners,
        root=pot.root_id,
        currency=pot.currency_id,
    )


#: The figures, columns of profiles.
_NAMES = (
    *(f"{name}_amount" for name in COLUMNS),
    "exposure",
    "available_credit",
    "limit_used",
    "overdue_days",
    "oldest_due_date",
    "is_limited",
    "effective_limit",
    "temporary_until",
    "collateral_amount",
    "uninsured_amount",
)

#: Table of one transaction that has the figures of those profiles that change.
_FRESH = SQL.identifier("credit_fresh_figures")


def collect_figures(pot):
    """Put the figures of all profiles that change aside, for :func:`write_collected`.

    PostgreSQL works on it with all its processors, which it never does for an update.
    """
    return SQL(
        "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS (%s)", _FRESH, _changed(pot)
    )


def write_collected():
    """Write what was put aside; returns the rows of :func:`refresh_figures`."""
    return _write(_FRESH)


def forget_collected():
    return SQL("DROP TABLE %s", _FRESH)


def refresh_figures(pot, partner_ids):
    """Write the limit and the exposure of today into the profiles of customers.

    Only rows that change are touched. Returns of each row that was written: its id, its
    credit group, and whether a limit of the customer's own became another one, which
    core has to know.
    """
    return _write(SQL("(%s)", _changed(pot, partner_ids)))


def _write(source):
    return SQL(
        """
        UPDATE credit_profile profile
           SET (%(columns)s, figures_date) = (%(fresh)s, now() AT TIME ZONE 'UTC')
          FROM %(source)s fresh
         WHERE profile.id = fresh.id
        RETURNING profile.id, profile.group_id, fresh.has_other_limit
        """,
        columns=SQL(", ").join(map(SQL.identifier, _NAMES)),
        fresh=_columns("fresh"),
        source=source,
    )


def _changed(pot, partner_ids=None):
    """Select the figures that are not what the profiles have."""
    return SQL(
        """
        SELECT fresh.id, fresh.has_other_limit, %(fresh)s
          FROM (%(derived)s) fresh
         WHERE (%(old)s) IS DISTINCT FROM (%(fresh)s)
        """,
        derived=_derived(pot, partner_ids),
        fresh=_columns("fresh"),
        old=_columns("fresh", "old_"),
    )


def _columns(table, prefix=""):
    return SQL(", ").join(SQL.identifier(table, prefix + name) for name in _NAMES)


def _derived(pot, partner_ids):
    """Select the figures of all profiles of the pot, also of those that owe nothing,
    and beside them the old ones.

    Each figure is worked out once, however often it is used: that is what ``OFFSET 0``
    is for. The profile is joined again by those alone that change.
    """
    amounts = [
        SQL(
            "COALESCE(%s, 0) AS %s",
            SQL.identifier("now_", "past_due" if name == "overdue" else name),
            SQL.identifier(f"{name}_amount"),
        )
        for name in COLUMNS
    ]
    total = SQL(" + ").join(
        SQL("COALESCE(%s, 0)", SQL.identifier("now_", name)) for name in COLUMNS
    )
    chosen = SQL("profile.company_id = %s", pot.root_id)
    if partner_ids is not None:
        ids = tuple(partner_ids) or (0,)
        chosen = SQL("%s AND profile.partner_id IN %s", chosen, ids)
    return SQL(
        """
        SELECT profile.id, %(amounts)s, total.exposure,
               granted.is_limited, granted.effective_limit, granted.temporary_until,
               granted.covered AS collateral_amount,
               GREATEST(total.exposure - granted.covered, 0) AS uninsured_amount,
               %(has_other_limit)s AS has_other_limit,
               %(available)s AS available_credit,
               CASE WHEN NOT granted.is_limited OR total.exposure <= 0 THEN 0
                    WHEN granted.effective_limit > 0
                    THEN (total.exposure / granted.effective_limit)::float8
                    ELSE %(without_credit)s END AS limit_used,
               COALESCE(%(today)s - now_.oldest_due, 0) AS overdue_days,
               now_.oldest_due AS oldest_due_date, %(old)s
          FROM credit_profile profile
          LEFT JOIN (%(exposure)s) now_ ON now_.partner_id = profile.partner_id
          CROSS JOIN LATERAL (SELECT %(total)s AS exposure) total
          %(joins)s
         WHERE %(chosen)s
        OFFSET 0
        """,
        amounts=SQL(", ").join(amounts),
        available=available(
            SQL("granted.is_limited"),
            SQL("granted.effective_limit"),
            SQL("total.exposure"),
            SQL("granted.room"),
        ),
        chosen=chosen,
        exposure=exposure(pot, partner_ids),
        has_other_limit=_has_other_limit(),
        joins=joins(pot, chosen),
        old=SQL(", ").join(
            SQL(
                "%s AS %s",
                SQL.identifier("profile", name),
                SQL.identifier(f"old_{name}"),
            )
            for name in _NAMES
        ),
        today=SQL("%s::date", pot.today),
        total=total,
        without_credit=SQL("10.0::float8"),
    )


def _has_other_limit():
    """Whether a limit changed that is not the plain default of the company, which core
    knows by itself; rows without figures were not there before."""
    return SQL(
        """profile.is_limited IS NOT NULL
           AND (profile.is_limited, profile.effective_limit)
               IS DISTINCT FROM (granted.is_limited, granted.effective_limit)
           AND (profile.limit_policy <> 'default' OR profile.group_id IS NOT NULL
                OR profile.temporary_until IS NOT NULL
                OR granted.temporary_until IS NOT NULL
                OR profile.collateral_amount <> 0 OR granted.covered <> 0)"""
    )


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
