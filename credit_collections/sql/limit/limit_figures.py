"""The figures of the limit, which the refresh writes with those of the exposure."""

from odoo.tools import SQL

from ..exposure.profile_figures import Figure
from .limit import available, joins

#: Share shown where there is exposure but no credit at all.
_WITHOUT_CREDIT = SQL("10.0::float8")

_AVAILABLE = available(
    SQL("granted.is_limited"),
    SQL("granted.effective_limit"),
    SQL("total.exposure"),
    SQL("granted.room"),
)

_USED = SQL(
    """CASE WHEN NOT granted.is_limited OR total.exposure <= 0 THEN 0
            WHEN granted.effective_limit > 0
            THEN (total.exposure / granted.effective_limit)::float8
            ELSE %s END""",
    _WITHOUT_CREDIT,
)

#: Whether a limit changed that is not the plain default of the company, which core
#: knows by itself; rows without figures were not there before.
_HAS_OTHER_LIMIT = SQL(
    """profile.is_limited IS NOT NULL
       AND (profile.is_limited, profile.effective_limit)
           IS DISTINCT FROM (granted.is_limited, granted.effective_limit)
       AND (profile.limit_policy <> 'default' OR profile.group_id IS NOT NULL
            OR profile.temporary_until IS NOT NULL
            OR granted.temporary_until IS NOT NULL
            OR profile.collateral_amount <> 0 OR granted.covered <> 0)"""
)

FIGURES = (
    Figure("available_credit", _AVAILABLE, joins),
    Figure("limit_used", _USED, joins),
    Figure("is_limited", SQL("granted.is_limited"), joins),
    Figure("effective_limit", SQL("granted.effective_limit"), joins),
    Figure("temporary_until", SQL("granted.temporary_until"), joins),
    Figure("collateral_amount", SQL("granted.covered"), joins),
    Figure(
        "uninsured_amount",
        SQL("GREATEST(total.exposure - granted.covered, 0)"),
        joins,
    ),
    Figure("has_other_limit", _HAS_OTHER_LIMIT, joins, is_told=True),
)
