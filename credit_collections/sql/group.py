"""What the members of credit groups owe: a row for those who are asked for, and one for
all others together."""

from functools import lru_cache

from odoo.tools import SQL

from .exposure.exposure import added_up, one_by_one
from .exposure.exposure_parts import exposure_parts
from .hub.blank import PARTNERS, WITHOUT_ORDERS, Blank, fill
from .hub.pot import FAMILY, FEW_PARTNERS, SOME_PARTNERS

#: Ids of groups, and of customers in none; lists.
GROUPS = Blank("groups")
ALONE = Blank("alone")

_NAMES = ("group_id", "partner_id")


def exposure_of_groups(
    pot, groups, partner_ids=(), alone=(), without_orders=(), leftover=0.0
):
    """Return a select of ``group_id, partner_id`` and the columns of
    :func:`~.exposure.exposure.exposure`, of all members in one company.

    ``partner_id`` is empty for members who are not asked for; where they are many, one
    row has the sums of all of them.

    :param groups: ``{id of a group: number of its members in the company}``
    :param partner_ids: commercial partners that are asked for
    :param alone: those of them that are in no group
    """
    number = sum(groups.values()) + len(alone)
    statement = _of_few
    if number > FEW_PARTNERS:
        statement = _of_some if number <= SOME_PARTNERS else _of_many
    return fill(
        statement(pot, leftover),
        {
            ALONE: list(alone),
            GROUPS: list(groups),
            PARTNERS: list(partner_ids),
            WITHOUT_ORDERS: list(without_orders),
        },
    )


def owed_by_groups(scopes, without_orders=()):
    """Select ``company_id, group_id, exposure, past_due`` of all members of groups.

    Each amount is in the currency of its company.

    :param scopes: pairs of pot and ``{id of a group: number of its members there}``
    """
    return SQL(" UNION ALL ").join(
        SQL(
            """SELECT %s AS company_id, group_id, SUM(%s) AS exposure,
                      SUM(past_due) AS past_due
                 FROM (%s) owed GROUP BY group_id""",
            pot.root_id,
            SQL(" + ").join(map(SQL.identifier, pot.columns)),
            exposure_of_groups(pot, groups, without_orders=without_orders),
        )
        for pot, groups in scopes
    )


@lru_cache(maxsize=64)
def _of_few(pot, leftover):
    """Member by member."""
    keys = SQL(
        "customer.group_id, CASE WHEN customer.id = ANY(%s) THEN customer.id END "
        "AS partner_id",
        PARTNERS,
    )
    return one_by_one(pot, leftover, keys, SQL("(%s) customer(id, group_id)", _of(pot)))


@lru_cache(maxsize=64)
def _of_some(pot, leftover):
    """The contacts are looked up once, and the items of each part by them."""
    # an array: PostgreSQL takes a join for more work than reading everybody
    chosen = SQL("contact.commercial_partner_id = ANY(ARRAY(SELECT id FROM member))")
    return _in_sum(pot, leftover, chosen, FAMILY)


@lru_cache(maxsize=64)
def _of_many(pot, leftover):
    """Everybody is read; what is not of a member is left out."""
    return _in_sum(pot, leftover, SQL("TRUE"), None)


def _in_sum(pot, leftover, chosen, family):
    return SQL(
        """
        WITH member(id, group_id) AS MATERIALIZED (%(members)s),
             family AS MATERIALIZED (
                SELECT contact.id, member.group_id,
                       CASE WHEN member.id = ANY(%(asked)s) THEN member.id END
                           AS partner_id
                  FROM res_partner contact
                  JOIN member ON member.id = contact.commercial_partner_id
                 WHERE %(chosen)s)
        %(sums)s
        """,
        asked=PARTNERS,
        chosen=chosen,
        members=_of(pot),
        sums=added_up(
            pot,
            exposure_parts(pot, family, WITHOUT_ORDERS, leftover),
            {name: name for name in _NAMES},
            SQL("family"),
        ),
    )


def _of(pot):
    """Select ``id, group_id`` of the members and of those who are in no group."""
    return SQL(
        """SELECT profile.partner_id, profile.group_id FROM credit_profile profile
            WHERE profile.company_id = %s AND profile.group_id = ANY(%s)
            UNION ALL
           SELECT id, NULL FROM unnest(%s::integer[]) alone(id)""",
        pot.root_id,
        GROUPS,
        ALONE,
    )
