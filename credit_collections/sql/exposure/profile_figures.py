"""Statements that write the stored figures of credit profiles, set-wise."""

from odoo.tools import SQL

from ..limit.limit import available, joins
from .exposure import COLUMNS, exposure

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
