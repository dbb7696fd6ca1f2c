"""How much credit a customer has: the limit that counts at a moment.

A limit is a float in company currency, or ``None`` where there is none (unlimited).
"""

UNLIMITED = None
DEFAULT, LIMITED, NO_LIMIT, NO_CREDIT = "default", "limited", "unlimited", "none"


def effective_limit(policy, own_limit, default_policy, default_limit):
    """Return the limit of one customer, or ``None`` for unlimited credit.

    :param policy: the customer's own policy: ``default`` follows the company,
        ``limited`` counts ``own_limit``, ``unlimited`` has no limit, ``none`` allows
        no credit at all. Zero never means unlimited.
    :param own_limit: the customer's own limit, company currency
    :param default_policy: policy of the company for customers without one of their own
    :param default_limit: limit of the company where its policy is ``limited``
    """
    if policy == DEFAULT:
        policy, own_limit = default_policy, default_limit
    if policy == NO_LIMIT:
        return UNLIMITED
    if policy == NO_CREDIT:
        return 0.0
    return own_limit
