"""What the members of credit groups owe in one company."""

from functools import lru_cache

from odoo.tools import SQL

from .exposure.exposure import exposure, side_by_side
from .exposure.exposure_parts import exposure_parts
from .hub.blank import WITHOUT_ORDERS, Blank, fill
from .hub.pot import BIG_FAMILY, FAMILY, FEW_PARTNERS, SOME_PARTNERS

#: Ids of small groups, a list, and of a big one.
GROUPS = Blank("groups")
GROUP = Blank("group")


def exposure_of_members(pot, groups, partner_ids, without_orders=(), leftover=0.0):
    """Select ``group_id, partner_id`` and the columns of
    :func:`~.exposure.exposure.exposure`.

    A row for each customer that is asked for, and what is to be added up for each
    group: rows with its id, one for each member of small groups; of a big one what all
    owe together is in one row without a customer, in which the first component has
    what is booked.

    :param groups: ``{id of a group: number of its members in the company}``
    :param partner_ids: ``{commercial partner: id of his group, if any}``
    """
    small = _small(groups)
    big = groups.keys() - small
    alone = [one for one, group_id in partner_ids.items() if group_id not in small]
    values = {WITHOUT_ORDERS: list(without_orders)}
    parts = [
        fill(_sum(pot, None, groups[one] <= SOME_PARTNERS), {GROUP: one, **values})
        for one in sorted(big)
    ]
    if small:
        parts.append(fill(_of_few(pot, leftover), {GROUPS: sorted(small), **values}))
    if alone:
        own = exposure(pot, alone, without_orders, leftover)
        parts.append(SQL("SELECT NULL::integer AS group_id, own.* FROM (%s) own", own))
    if len(parts) == 1:
        return parts[0]
    return SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts)


def owed_by_groups(scopes, without_orders=(), leftover=None):
    """Select ``company_id, group_id, exposure, past_due`` of all members of groups.

    Each amount is in the currency of its company.

    :param scopes: pairs of pot and ``{id of a group: number of its members there}``
    :param leftover: see :func:`~.exposure.exposure.exposure`; ``None`` where nobody
        asks what is late
    """
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s AS company_id, group_id, %s AS exposure, past_due"
            " FROM (%s) owed",
            pot.root_id,
            SQL(" + ").join(map(SQL.identifier, pot.columns)),
            fill(
                _sum(pot, leftover, members <= SOME_PARTNERS),
                {GROUP: group_id, WITHOUT_ORDERS: list(without_orders)},
            ),
        )
        for pot, groups in scopes
        for group_id, members in groups.items()
    )


def _small(groups):
    """Return the ids of groups whose members are few, all in all."""
    small = set()
    left = FEW_PARTNERS
    for group_id, members in sorted(groups.items(), key=lambda one: one[1]):
        left -= members
        if left < 0:
            break
        small.add(group_id)
    return small


@lru_cache(maxsize=64)
def _of_few(pot, leftover):
    """Member by member, as it is planned fastest."""
    return side_by_side(
        pot,
        exposure_parts(pot, SQL("member.partner_id"), WITHOUT_ORDERS, leftover),
        SQL("member.group_id, member.partner_id"),
        SQL(
            """(SELECT profile.partner_id, profile.group_id
                  FROM credit_profile profile
                 WHERE profile.company_id = %s
                   AND profile.group_id = ANY(%s)) member""",
            pot.root_id,
            GROUPS,
        ),
    )


@lru_cache(maxsize=64)
def _sum(pot, leftover, is_some):
    """One row for all members: nothing is kept apart for each of them.

    :param is_some: the items are looked up contact by contact
    """
    members = SQL(
        """SELECT profile.partner_id FROM credit_profile profile
            WHERE profile.company_id = %s AND profile.group_id = %s""",
        pot.root_id,
        GROUP,
    )
    # an array: PostgreSQL takes a join for more work than reading everybody
    chosen = SQL("= ANY(ARRAY(%s))" if is_some else "IN (%s)", members)
    return SQL(
        """
        WITH family AS MATERIALIZED (
            SELECT id FROM res_partner WHERE commercial_partner_id %s
        ) %s
        """,
        chosen,
        side_by_side(
            pot,
            exposure_parts(
                pot, FAMILY if is_some else BIG_FAMILY, WITHOUT_ORDERS, leftover
            ),
            SQL("%s AS group_id, NULL::integer AS partner_id", GROUP),
            SQL("(SELECT) shared"),
        ),
    )
