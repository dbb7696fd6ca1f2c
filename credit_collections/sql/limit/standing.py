"""What a decision has to know about customers besides what they owe."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from odoo.tools import SQL

from ..hub.blank import PARTNERS, fill
from ..hub.decisions import count_decision
from .limit import collateral_amounts, group_ceiling, temporary_limit


@dataclass(frozen=True, eq=False, slots=True)
class Fact:
    """One thing that a decision knows about a customer; amounts in company currency.

    :param expression: what to read of ``profile``, or a function of the pot that
        returns that
    :param unknown: what it is of a customer without a profile, who nothing was decided
        about yet
    :param is_costly: it takes time to plan for, and is skipped where no rule asks
    """

    name: str
    expression: SQL | Callable
    unknown: object = None
    is_costly: bool = False

    def select(self, pot, skip):
        """Return the column of the fact, a constant where it is skipped."""
        expression = SQL("%s", self.unknown)
        if self.name not in skip:
            found = self.expression
            expression = found(pot) if callable(found) else found
        return SQL("%s AS %s", expression, SQL.identifier(self.name))


_ALL = (
    Fact("customer_id", SQL("profile.partner_id")),
    Fact("profile_id", SQL("profile.id")),
    Fact("policy", SQL("profile.limit_policy"), unknown="default"),
    Fact("own_limit", SQL("profile.credit_limit"), unknown=0.0),
    Fact("limit_expiry_date", SQL("profile.limit_expiry_date")),
    Fact(
        "temporary_limit",
        lambda pot: SQL(
            "(SELECT new_limit FROM (%s) temporary)",
            temporary_limit(pot.today, SQL("line.profile_id = profile.id")),
        ),
    ),
    Fact(
        "collateral",
        lambda pot: SQL(
            "(SELECT uplift FROM (%s) collateral)",
            collateral_amounts(pot, SQL("collateral.profile_id = profile.id")),
        ),
        unknown=0.0,
    ),
    Fact("group_id", SQL("profile.group_id")),
    Fact(
        "group_currency_id",
        SQL(
            """(SELECT shared.currency_id FROM credit_group shared
             WHERE shared.id = profile.group_id)"""
        ),
    ),
    Fact(
        "group_limit",
        lambda pot: SQL(
            "(SELECT %s FROM credit_group shared WHERE shared.id = profile.group_id)",
            group_ceiling(pot),
        ),
    ),
    # the root company of each member of the group, in all companies
    Fact(
        "group_companies",
        SQL(
            """(SELECT array_agg(member.company_id) FROM credit_profile member
              WHERE member.group_id = profile.group_id)"""
        ),
    ),
    Fact("status", SQL("profile.credit_status"), unknown="none"),
    Fact("status_reason_id", SQL("profile.status_reason_id")),
    Fact("segment_id", SQL("profile.segment_id")),
    Fact("risk_class_id", SQL("profile.risk_class_id")),
    Fact(
        "broken_promises", SQL("COALESCE(profile.broken_promise_count, 0)"), unknown=0
    ),
    # by company, as Odoo keeps what depends on it
    Fact(
        "payment_terms",
        SQL(
            """(SELECT owing.property_payment_term_id FROM res_partner owing
             WHERE owing.id = profile.partner_id)"""
        ),
        is_costly=True,
    ),
    # one step back in an index for each contact, however many items are open
    Fact(
        "dunning_level",
        SQL(
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
        unknown=0,
        is_costly=True,
    ),
    Fact("check_policy", SQL("profile.check_policy")),
)

#: Our facts by name.
FACTS = {fact.name: fact for fact in _ALL}

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
    "credit.limit.change": ["state"],
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

#: Facts of what the pot may know to be unused; they are skipped then.
OPTIONAL = {
    "collateral": {"collateral"},
    "group": {"group_id", "group_currency_id", "group_limit", "group_companies"},
    "temporary": {"temporary_limit"},
}


def unasked(rules, facts):
    """Return the names of costly facts that none of the rules asks for."""
    costly = {name for name, fact in facts.items() if fact.is_costly}
    return frozenset(costly.difference(rule.of.fact for rule in rules))


def lock_standing(pot, partner_ids, facts, skip=frozenset()):
    """Count a decision about customers, and return the facts about them.

    Of two simultaneous ones the loser fails and is tried again, and then sees what the
    winner took. The credit of a group is taken by all its members, so that a decision
    about one of them is counted for the group too.

    :param partner_ids: customers or contacts of them; the first column of a row names
        those that it is for, the facts follow
    :param facts: tuple of :class:`Fact`; the same ones every time, as the statement is
        put together once for them
    :param skip: frozen set of names of facts to read as unknown
    """
    return fill(_lock(pot, facts, skip | _unused(pot)), {PARTNERS: list(partner_ids)})


def read_standing(pot, partner_ids, facts, skip=frozenset()):
    """Return the columns of :func:`lock_standing`, for a look without a decision."""
    return fill(_read(pot, facts, skip | _unused(pot)), {PARTNERS: list(partner_ids)})


def _unused(pot):
    return frozenset().union(*(OPTIONAL[name] for name in pot.unused))


@lru_cache(maxsize=64)
def _lock(pot, facts, skip):
    counted = [SQL("own AS (%s)", count_decision("profile_id", SQL("decided")))]
    if "group_id" not in skip:
        shared = count_decision("group_id", SQL("decided"))
        counted.append(SQL("shared AS (%s)", shared))
    return SQL(
        "WITH decided AS (%s), %s SELECT * FROM decided",
        _read(pot, facts, skip),
        SQL(", ").join(counted),
    )


@lru_cache(maxsize=64)
def _read(pot, facts, skip):
    return SQL(
        "SELECT %s FROM credit_profile profile, (%s) customer WHERE %s",
        _columns(pot, facts, skip),
        _CUSTOMERS,
        _profiles_of(pot),
    )


def _columns(pot, facts, skip):
    columns = [fact.select(pot, skip) for fact in facts]
    return SQL("customer.contact_ids, %s", SQL(", ").join(columns))


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
