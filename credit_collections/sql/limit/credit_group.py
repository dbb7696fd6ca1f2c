"""The stored figures of credit groups: what all members owe together."""

from odoo.tools import SQL

from ..group import owed_by_groups
from ..hub.pot import exchange_rate
from .limit import available, group_rooms, temporary_limit

#: What the members owe together, and what follows from it.
LIVE = (
    "effective_limit",
    "exposure",
    "overdue_amount",
    "available_credit",
    "limit_used",
)


def refresh_groups(day_at, group_ids=None):
    """Write what all members of groups owe together, in the currency of the group.

    From the stored figures of the members, in all companies. Returns the ids of the
    groups that were written, and those of the companies of their members.

    :param day_at: function of the expression of a company that returns its day
    """
    names = ("effective_limit", "temporary_until", "exposure", "overdue_amount")
    names += ("available_credit", "limit_used")
    columns = [SQL.identifier(name) for name in names]
    return SQL(
        """
        UPDATE credit_group shared SET (%(columns)s) = (%(fresh)s)
          FROM (%(derived)s) fresh
         WHERE shared.id = fresh.id AND (%(current)s) IS DISTINCT FROM (%(fresh)s)
        RETURNING shared.id, ARRAY(
            SELECT DISTINCT member.company_id FROM credit_profile member
             WHERE member.group_id = shared.id)
        """,
        columns=SQL(", ").join(columns),
        current=SQL(", ").join(SQL("shared.%s", column) for column in columns),
        derived=_group_figures(day_at, group_ids),
        fresh=SQL(", ").join(SQL("fresh.%s", column) for column in columns),
    )


def live_figures(day_at, group_id, scopes):
    """Select the id of one group and its figures of now, in the order of :data:`LIVE`.

    :param scopes: pairs of pot and number of members there
    """
    scopes = [(pot, {group_id: members}) for pot, members in scopes]
    owed = owed_by_groups(scopes, leftover=0.0)
    figures = _group_figures(day_at, [group_id], owed)
    names = SQL(", ").join(map(SQL.identifier, LIVE))
    return SQL("SELECT id, %s FROM (%s) fresh", names, figures)


def _group_figures(day_at, group_ids, owed=None):
    """Select the figures of groups.

    :param owed: ``company_id, group_id, exposure, past_due`` of all members, default
        what the stored figures say
    """
    return SQL(
        """
        SELECT shared.id, granted.effective_limit, temporary.date_to AS temporary_until,
               owed.exposure, owed.overdue_amount,
               granted.effective_limit - owed.exposure AS available_credit,
               CASE WHEN owed.exposure <= 0 THEN 0
                    WHEN granted.effective_limit > 0
                    THEN (owed.exposure / granted.effective_limit)::float8
                    ELSE 10.0::float8 END AS limit_used
          FROM credit_group shared
          LEFT JOIN LATERAL (%(temporary)s) temporary ON TRUE
          CROSS JOIN LATERAL (
            SELECT COALESCE(temporary.new_limit, shared.credit_limit, 0)
                   AS effective_limit) granted
          CROSS JOIN LATERAL (%(owed)s) owed
         WHERE %(chosen)s
        """,
        chosen=SQL("shared.id IN %s", tuple(group_ids) or (0,))
        if group_ids is not None
        else SQL("TRUE"),
        owed=_owed_by_group(day_at, owed),
        temporary=temporary_limit(
            day_at(SQL("line.company_id")), SQL("line.group_id = shared.id")
        ),
    )


def _owed_by_group(day_at, owed):
    """Select what the members owe together, converted company by company."""
    figures = SQL("owed.exposure, owed.overdue_amount")
    source = SQL("credit_profile")
    if owed is not None:
        figures = SQL("owed.exposure, owed.past_due AS overdue_amount")
        source = SQL("(%s)", owed)

    today = day_at(SQL("company.id"))

    def rounded(amount):
        return SQL(
            """COALESCE(ROUND(SUM(member.%s * member.worth) / MIN(currency.rounding))
                        * MIN(currency.rounding), 0)""",
            amount,
        )

    return SQL(
        """
        SELECT %(exposure)s AS exposure, %(overdue)s AS overdue_amount
          FROM (
            SELECT SUM(one.exposure) AS exposure,
                   SUM(one.overdue_amount) AS overdue_amount,
                   CASE WHEN company.currency_id = shared.currency_id THEN 1
                        ELSE (%(rate_of_group)s) / (%(rate_of_company)s) END AS worth
              FROM (SELECT owed.company_id, %(figures)s FROM %(source)s owed
                     WHERE owed.group_id = shared.id) one
              JOIN res_company company ON company.id = one.company_id
             GROUP BY company.id
          ) member
          JOIN res_currency currency ON currency.id = shared.currency_id
        """,
        exposure=rounded(SQL("exposure")),
        figures=figures,
        source=source,
        overdue=rounded(SQL("overdue_amount")),
        rate_of_company=exchange_rate(
            SQL("company.id"), SQL("company.currency_id"), today
        ),
        rate_of_group=exchange_rate(
            SQL("company.id"), SQL("shared.currency_id"), today
        ),
    )


def refresh_room(pot, group_ids):
    """Write what members of groups may still buy, after the group's exposure changed.

    Returns the ids of the profiles that were written.
    """
    return SQL(
        """
        UPDATE credit_profile profile SET available_credit = %(available)s
          FROM (%(groups)s) shared
         WHERE shared.id = profile.group_id
           AND shared.id IN %(ids)s
           AND profile.company_id = %(root)s
           AND profile.available_credit IS DISTINCT FROM %(available)s
        RETURNING profile.id
        """,
        available=available(
            SQL("profile.is_limited"),
            SQL("profile.effective_limit"),
            SQL("profile.exposure"),
            SQL("shared.room"),
        ),
        groups=group_rooms(pot),
        ids=tuple(group_ids) or (0,),
        root=pot.root_id,
    )
