"""Whether a release that was given still covers an order."""

from dataclasses import dataclass
from datetime import date

from ..hub.amounts import EPSILON
from ..hub.standing import EVERYTHING
from .change import Weight, is_within

#: Kinds of reasons of a hold that no rule found: a person gave it, or the payment that
#: released the order was paid back or bounced.
FORCED, PAID_BACK = "forced", "paid_back"


@dataclass(frozen=True, slots=True)
class Release:
    """A release: of which amount, until when (inclusive, ``None`` = no end), and how
    much the order may grow (0.1 = 10 %) before it has to be decided again.

    :param weight: what the order was, ``None`` = not known: the amount alone counts
    :param status: what the status of the customer stopped then
    """

    amount: float
    valid_until: date | None
    tolerance: float = 0.0
    weight: Weight | None = None
    status: str | None = None


def covers(release, amount, today, now=None):
    """Tell whether ``release`` lets an order of ``amount`` pass on ``today``.

    :param now: the :class:`~.change.Weight` of the order, in its own currency: a rate
        that moves takes no release away
    """
    if release.valid_until and today > release.valid_until:
        return False
    if release.weight and now:
        return is_within(release.weight.grown_by(release.tolerance), now)
    return amount <= release.amount * (1 + release.tolerance) + EPSILON


def is_overruled(release, status):
    """Tell whether everything of the customer was stopped after the release."""
    return status == EVERYTHING and release.status not in (None, EVERYTHING)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a release may be valid, and by how much an order may grow within it."""

    days: int
    tolerance: float

    def exceeded_by(self, days, tolerance):
        return days > self.days or tolerance > self.tolerance + EPSILON


#: Beyond these nobody releases.
MOST = Bounds(days=90, tolerance=0.5)


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
