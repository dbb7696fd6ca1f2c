"""How much credit a customer has: the limit that counts at a moment.

A limit is a float in company currency, or ``None`` where there is none (unlimited).
``sql/limit.py`` takes the same decision for all customers at once.
"""

from dataclasses import dataclass

UNLIMITED = None
DEFAULT, LIMITED, NO_LIMIT, NO_CREDIT = "default", "limited", "unlimited", "none"

#: Where a limit comes from.
TEMPORARY, OWN, GROUP, COMPANY = "temporary", "own", "group", "company"


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed on beyond a customer's own limit, as of one day.

    :param temporary: the temporary limit in force, which overrides the policy and may
        be lower than the limit otherwise; ``None`` = there is none
    :param collateral: what insurance, guarantees and the like add to the limit
    :param group_limit: limit of the customer's credit group, ``None`` = in no group
    """

    temporary: float | None = None
    collateral: float = 0.0
    group_limit: float | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit and where it comes from.

    ``amount`` is what counts, ``base`` the amount before collateral and the group.
    ``source`` is one of temporary, own, group and company; ``collateral`` is what was
    added, ``is_capped`` tells that the group allows less than the customer's own limit.
    """

    amount: float | None
    base: float | None
    source: str
    collateral: float = 0.0
    is_capped: bool = False


#: Terms of most customers.
NO_TERMS = Terms()


def effective_limit(policy, own_limit, default_policy, default_limit, terms=NO_TERMS):
    """Return the limit of one customer, or ``None`` for unlimited credit.

    See :func:`find_limit`.
    """
    found = find_limit(policy, own_limit, default_policy, default_limit, terms)
    return found.amount


def find_limit(policy, own_limit, default_policy, default_limit, terms=NO_TERMS):
    """Return the :class:`Limit` of one customer.

    A temporary limit stands for policy and own limit. Collateral adds to whatever limit
    that is, and the group's limit caps the sum. Neither changes unlimited credit, nor
    the decision to give no credit at all.

    :param policy: the customer's own policy: ``default`` follows the credit group, or
        the company for customers in none, ``limited`` counts ``own_limit``,
        ``unlimited`` has no limit, ``none`` allows no credit at all. Zero never means
        unlimited.
    :param own_limit: the customer's own limit, company currency
    :param default_policy: policy of the company for customers without one of their own
    :param default_limit: limit of the company where its policy is ``limited``
    :param terms: :class:`Terms`
    """
    source = OWN
    if terms.temporary is not None:
        policy, own_limit, source = LIMITED, terms.temporary, TEMPORARY
    elif policy == DEFAULT and terms.group_limit is not None:
        policy, own_limit, source = LIMITED, terms.group_limit, GROUP
    elif policy == DEFAULT:
        policy, own_limit, source = default_policy, default_limit, COMPANY
    if policy == NO_LIMIT:
        return Limit(UNLIMITED, UNLIMITED, source)
    if policy == NO_CREDIT:
        return Limit(0.0, 0.0, source)
    amount = own_limit + terms.collateral
    is_capped = terms.group_limit is not None and terms.group_limit < amount
    return Limit(
        terms.group_limit if is_capped else amount,
        own_limit,
        source,
        terms.collateral,
        is_capped and source != GROUP,
    )
