"""What a decision has to know about customers besides what they owe."""

from functools import lru_cache

from odoo.tools import SQL

from ..hub.blank import PARTNERS, fill
from .limit import collateral_amounts, group_ceiling, temporary_limit

#: The facts, by name: expressions on ``profile``, or functions of the pot that return
#: one. A new fact is one line here and one in :data:`UNKNOWN`. Amounts are in company
#: currency.
FACTS = {
    "customer_id": SQL("profile.partner_id"),
    "profile_id": SQL("profile.id"),
    "policy": SQL("profile.limit_policy"),
    "own_limit": SQL("profile.credit_limit"),
    "limit_expiry_date": SQL("profile.limit_expiry_date"),
    "temporary_limit": lambda pot: SQL(
        "(SELECT new_limit FROM (%s) temporary)",
        temporary_limit(pot.today, SQL("line.profile_id = profile.id")),
    ),
    "collateral": lambda pot: SQL(
        "(SELECT uplift FROM (%s) collateral)",
        collateral_amounts(pot, SQL("collateral.profile_id = profile.id")),
    ),
    "group_id": SQL("profile.group_id"),
    "group_currency_id": SQL(
        """(SELECT shared.currency_id FROM credit_group shared
             WHERE shared.id = profile.group_id)"""
    ),
    "group_limit": lambda pot: SQL(
        "(SELECT %s FROM credit_group shared WHERE shared.id = profile.group_id)",
        group_ceiling(pot),
    ),
    # all members of the group, in all companies: pairs of root company and customer
    "group_members": SQL(
        """(SELECT array_agg(ARRAY[member.company_id, member.partner_id])
              FROM credit_profile member WHERE member.group_id = profile.group_id)"""
    ),
    "status": SQL("profile.credit_status"),
    "status_reason_id": SQL("profile.status_reason_id"),
    "segment_id": SQL("profile.segment_id"),
    "risk_class_id": SQL("profile.risk_class_id"),
    "broken_promises": SQL("COALESCE(profile.broken_promise_count, 0)"),
    # by company, as Odoo keeps what depends on it
    "payment_terms": SQL(
        """(SELECT owing.property_payment_term_id FROM res_partner owing
             WHERE owing.id = profile.partner_id)"""
    ),
    # one step back in an index for each contact, however many items are open
    "dunning_level": SQL(
        """
        (SELECT COALESCE(MAX(reached.level), 0)
           FROM res_partner contact
          CROSS JOIN LATERAL (
            SELECT item.collection_level AS level
              FROM account_move_line item
              JOIN res_company seller ON seller.id = item.company_id
             WHERE item.partner_id = contact.id
               AND item.collection_level > 0
               AND item.reconciled IS NOT TRUE
               AND item.parent_state = 'posted'
               AND starts_with(seller.parent_path, profile.company_id || '/')
             ORDER BY item.collection_level DESC
             LIMIT 1) reached
          WHERE contact.commercial_partner_id = profile.partner_id)"""
    ),
    "check_policy": SQL("profile.check_policy"),
}

#: What the facts are read from, by model.
READS = {
    "account.move.line": ["collection_level"],
    "res.partner": ["property_payment_term_id"],
    "res.company": ["credit_default_limit", "credit_default_policy"],
    "credit.collateral": [
        "active",
        "amount",
        "currency_id",
        "date_from",
        "date_to",
        "limit_share",
        "profile_id",
        "validated_date",
    ],
    "credit.group": ["credit_limit", "currency_id"],
    "credit.limit.change.line": [
        "date_from",
        "date_to",
        "group_id",
        "kind",
        "new_limit",
        "profile_id",
        "state",
    ],
    "credit.profile": [
        "broken_promise_count",
        "check_policy",
        "company_id",
        "credit_limit",
        "credit_status",
        "effective_limit",
        "group_id",
        "is_limited",
        "limit_expiry_date",
        "limit_policy",
        "partner_id",
        "risk_class_id",
        "segment_id",
        "status_reason_id",
    ],
}

#: The facts of a customer without a profile, who nothing was decided about yet.
UNKNOWN = {
    "profile_id": None,
    "policy": "default",
    "own_limit": 0.0,
    "limit_expiry_date": None,
    "temporary_limit": None,
    "collateral": 0.0,
    "group_id": None,
    "group_currency_id": None,
    "group_limit": None,
    "group_members": None,
    "status": "none",
    "status_reason_id": None,
    "segment_id": None,
    "risk_class_id": None,
    "broken_promises": 0,
    "payment_terms": None,
    "dunning_level": 0,
    "check_policy": None,
}


#: Facts that take time to plan for, by the kind of rule that asks for them. Where no
#: rule does, they are skipped.
COSTLY = {"dunning_step": "dunning_level", "terms_better": "payment_terms"}

#: Facts of what the pot may know to be unused; they are skipped then.
OPTIONAL = {
    "collateral": {"collateral"},
    "group": {"group_id", "group_currency_id", "group_limit", "group_members"},
    "temporary": {"temporary_limit"},
}


def unasked(rules):
    """Return the names of costly facts that none of the rules asks for."""
    return frozenset(COSTLY.values()) - {COSTLY.get(rule.kind) for rule in rules}


def lock_standing(pot, partner_ids, skip=frozenset()):
    """Write the rows that a decision depends on, and return the facts about them.

    A mere row lock would leave a waiting transaction with its old snapshot; a write
    makes the loser of two simultaneous decisions fail and be retried by Odoo, which
    then sees what the winner took. The credit of a group is taken by all its members,
    so the row of the group is written too.

    :param partner_ids: customers or contacts of them; the first column of a row names
        those that it is for, :data:`FACTS` follow
    :param skip: frozen set of names of facts to read as :data:`UNKNOWN`
    """
    return fill(_lock(pot, skip | _unused(pot)), {PARTNERS: list(partner_ids)})


def read_standing(pot, partner_ids, skip=frozenset()):
    """Return the columns of :func:`lock_standing`, for a look without a decision."""
    return fill(_read(pot, skip | _unused(pot)), {PARTNERS: list(partner_ids)})


def _unused(pot):
    return frozenset().union(*(OPTIONAL[name] for name in pot.unused))


@lru_cache(maxsize=64)
def _lock(pot, skip):
    taken = SQL(
        """
        UPDATE credit_profile profile
           SET decision_count = COALESCE(profile.decision_count, 0) + 1
          FROM (%s) customer
         WHERE %s
        RETURNING %s
        """,
        _CUSTOMERS,
        _profiles_of(pot),
        _columns(pot, skip),
    )
    if "group_id" in skip:
        return taken
    return SQL(
        """
        WITH decided AS (%s),
        shared AS (
            UPDATE credit_group
               SET decision_count = COALESCE(decision_count, 0) + 1
             WHERE id IN (SELECT group_id FROM decided WHERE group_id IS NOT NULL)
        )
        SELECT * FROM decided
        """,
        taken,
    )


@lru_cache(maxsize=64)
def _read(pot, skip):
    return SQL(
        "SELECT %s FROM credit_profile profile, (%s) customer WHERE %s",
        _columns(pot, skip),
        _CUSTOMERS,
        _profiles_of(pot),
    )


def _columns(pot, skip):
    facts = [
        SQL("%s AS %s", _fact(pot, name, skip), SQL.identifier(name)) for name in FACTS
    ]
    return SQL("customer.contact_ids, %s", SQL(", ").join(facts))


def _fact(pot, name, skip):
    """Return the expression of a fact, a constant where it is skipped."""
    if name in skip:
        return SQL("%s", UNKNOWN[name])
    fact = FACTS[name]
    return fact(pot) if callable(fact) else fact


_CUSTOMERS = SQL(
    """SELECT commercial_partner_id AS partner_id, array_agg(id) AS contact_ids
         FROM res_partner WHERE id = ANY(%s) GROUP BY commercial_partner_id""",
    PARTNERS,
)


def _profiles_of(pot):
    return SQL(
        "profile.partner_id = customer.partner_id AND profile.company_id = %s",
        pot.root_id,
    )
