"""Statements that write the stored figures of credit profiles, set-wise."""

from collections.abc import Callable
from dataclasses import dataclass

from odoo.tools import SQL

from .exposure import exposure


@dataclass(frozen=True, eq=False, slots=True)
class Figure:
    """One figure that the refresh writes.

    Its expression may use ``profile``, ``now_`` (its exposure by component),
    ``total.exposure``, and what its own join brings.

    :param name: the column of profiles
    :param expression: what it is, or a function of the pot that returns that
    :param join: function of the pot and a condition on ``profile`` that returns joins
        to it; figures with the same one share it
    :param is_told: it is no column of profiles: what became of it is returned with
        every profile that changed
    """

    name: str
    expression: SQL | Callable
    join: Callable | None = None
    is_told: bool = False

    def select(self, pot):
        found = self.expression
        expression = found(pot) if callable(found) else found
        return SQL("%s AS %s", expression, SQL.identifier(self.name))


#: Those of the exposure itself, besides its components.
FIGURES = (
    Figure("exposure", SQL("total.exposure")),
    Figure(
        "overdue_days",
        lambda pot: SQL("COALESCE(%s::date - now_.oldest_due, 0)", pot.today),
    ),
    Figure("oldest_due_date", SQL("now_.oldest_due")),
)

#: Table of one transaction that has the figures of those profiles that change.
_FRESH = SQL.identifier("credit_fresh_figures")


def collect_figures(pot, figures):
    """Put the figures of all profiles that change aside, for :func:`write_collected`.

    PostgreSQL works on it with all its processors, which it never does for an update.
    """
    return SQL(
        "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS (%s)",
        _FRESH,
        _changed(pot, figures),
    )


def write_collected(pot, figures):
    """Write what was put aside; returns the rows of :func:`refresh_figures`."""
    return _write(pot, figures, _FRESH)


def forget_collected():
    return SQL("DROP TABLE %s", _FRESH)


def refresh_figures(pot, figures, partner_ids):
    """Write the figures of today into the profiles of customers.

    Only rows that change are touched. Returns of each row that was written: its id, its
    credit group, and the figures that are told.

    :param figures: each a :class:`Figure`, besides those of the components
    """
    return _write(pot, figures, SQL("(%s)", _changed(pot, figures, partner_ids)))


def _write(pot, figures, source):
    names = _written(pot, figures)
    told = [SQL.identifier("fresh", name) for name in _told(figures)]
    return SQL(
        """
        UPDATE credit_profile profile
           SET (%(columns)s, figures_date) = (%(fresh)s, now() AT TIME ZONE 'UTC')
          FROM %(source)s fresh
         WHERE profile.id = fresh.id
        RETURNING %(returned)s
        """,
        columns=SQL(", ").join(map(SQL.identifier, names)),
        fresh=_columns(names),
        source=source,
        returned=SQL(", ").join([SQL("profile.id"), SQL("profile.group_id"), *told]),
    )


def _changed(pot, figures, partner_ids=None):
    """Select the figures that are not what the profiles have."""
    names = _written(pot, figures)
    return SQL(
        """
        SELECT %(columns)s
          FROM (%(derived)s) fresh
         WHERE (%(old)s) IS DISTINCT FROM (%(fresh)s)
        """,
        columns=_columns(["id", *_told(figures), *names]),
        derived=_derived(pot, figures, partner_ids),
        fresh=_columns(names),
        old=_columns(names, "old_"),
    )


def _written(pot, figures):
    """Return the columns of profiles that are written."""
    amounts = [f"{name}_amount" for name in pot.columns]
    return [*amounts, *(figure.name for figure in figures if not figure.is_told)]


def _told(figures):
    return [figure.name for figure in figures if figure.is_told]


def _columns(names, prefix=""):
    return SQL(", ").join(SQL.identifier("fresh", prefix + name) for name in names)


def _derived(pot, figures, partner_ids):
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
        for name in pot.columns
    ]
    total = SQL(" + ").join(
        SQL("COALESCE(%s, 0)", SQL.identifier("now_", name)) for name in pot.columns
    )
    chosen = SQL("profile.company_id = %s", pot.root_id)
    if partner_ids is not None:
        ids = tuple(partner_ids) or (0,)
        chosen = SQL("%s AND profile.partner_id IN %s", chosen, ids)
    joins = dict.fromkeys(figure.join for figure in figures if figure.join)
    return SQL(
        """
        SELECT profile.id, %(figures)s, %(old)s
          FROM credit_profile profile
          LEFT JOIN (%(exposure)s) now_ ON now_.partner_id = profile.partner_id
          CROSS JOIN LATERAL (SELECT %(total)s AS exposure) total
          %(joins)s
         WHERE %(chosen)s
        OFFSET 0
        """,
        chosen=chosen,
        exposure=exposure(pot, partner_ids),
        figures=SQL(", ").join([*amounts, *(figure.select(pot) for figure in figures)]),
        joins=SQL(" ").join(join(pot, chosen) for join in joins),
        old=SQL(", ").join(
            SQL(
                "%s AS %s",
                SQL.identifier("profile", name),
                SQL.identifier(f"old_{name}"),
            )
            for name in _written(pot, figures)
        ),
        total=total,
    )
