"""Whether a release that was given still covers an order."""

from dataclasses import dataclass
from datetime import date

from ..hub.amounts import EPSILON

#: Kind of the reason of a hold that a person gave, not a rule.
FORCED = "forced"


@dataclass(frozen=True, slots=True)
class Release:
    """A release: of which amount, until when (inclusive, ``None`` = no end), and how
    much the order may grow (0.1 = 10 %) before it has to be decided again."""

    amount: float
    valid_until: date | None
    tolerance: float = 0.0


def covers(release, amount, today):
    """Tell whether ``release`` lets an order of ``amount`` pass on ``today``."""
    if release.valid_until and today > release.valid_until:
        return False
    return amount <= release.amount * (1 + release.tolerance) + EPSILON


#: What a rule may say about releasing what it held, once it does no longer.
BY_COMPANY, YES = "company", "yes"


def releases_itself(choices, company_releases):
    """Tell whether an order is released without a person, once no reason is left.

    :param choices: what the rules say that held it; one that says no is enough
    :param company_releases: what rules mean that leave it to the company
    """
    return all(
        company_releases if choice == BY_COMPANY else choice == YES
        for choice in choices or [BY_COMPANY]
    )
