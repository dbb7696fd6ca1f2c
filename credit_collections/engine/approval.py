"""Who has to agree to a decision, and who may agree.

A tier says from which amount on, and from which share over the limit on, whose approval
a kind of document needs. Several tiers are needed one after the other, by level.
"""

from dataclasses import dataclass
from datetime import date

from .hub.amounts import EPSILON


@dataclass(frozen=True, slots=True)
class Tier:
    """When an approval is needed. What is left at its default does not restrict.

    Amounts in the currency of the company, shares as 0.2 = 20 % over the limit; days
    are inclusive.
    """

    id: int
    document: str
    level: int = 1
    company_id: int | None = None
    amount_from: float = 0.0
    share_from: float = 0.0
    date_from: date | None = None
    date_to: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided: how much, and which share of the limit it is over.

    ``company_id`` is the root company, whose tiers count for its branches too.
    """

    document: str
    company_id: int
    amount: float
    share_over: float
    day: date


@dataclass(frozen=True, slots=True)
class Substitute:
    """Somebody who decides for somebody else, from one day to another, inclusive.

    ``document`` is the kind of documents it is for, ``None`` = all of them.
    """

    user_id: int
    substitute_id: int
    date_from: date
    date_to: date | None = None
    document: str | None = None


def needed(tiers, case):
    """Return the tiers whose approval ``case`` needs, in the order of deciding.

    An amount or share *at* a threshold needs the tier. A tier with both thresholds is
    needed where both are reached.
    """
    found = [tier for tier in tiers if _applies(tier, case)]
    return sorted(found, key=lambda tier: (tier.level, tier.id))


def _applies(tier, case):
    return (
        tier.document == case.document
        and tier.company_id in (None, case.company_id)
        and case.amount >= tier.amount_from - EPSILON
        and case.share_over >= tier.share_from - EPSILON
        and _is_in_force(tier, case.day)
    )


def _is_in_force(period, day):
    """Tell whether a day is inside something with dates; no date = no end."""
    if period.date_from and day < period.date_from:
        return False
    return not period.date_to or day <= period.date_to


def deciders(members, substitutes, document, excluded, today):
    """Return who may decide, and for whom: ``{user id: id of whom, None for oneself}``.

    Who asked is excluded, as a member, as the substitute of one, and by a substitute of
    one's own: nobody decides in the name of the person who asked. A substitute of a
    substitute decides nothing.

    :param members: ids of the users that the tier names
    :param substitutes: all :class:`Substitute` that may matter
    :param excluded: ids of users who may not decide: who asked, who agreed before
    """
    excluded = set(excluded)
    principals = set(members) - excluded
    found = dict.fromkeys(sorted(principals))
    for entry in substitutes:
        stands_in = (
            entry.user_id in principals
            and entry.substitute_id not in excluded
            and entry.document in (None, document)
            and _is_in_force(entry, today)
        )
        if stands_in:
            found.setdefault(entry.substitute_id, entry.user_id)
    return found


def is_reminder_due(asked, reminded, every_days, today):
    """Tell whether who may decide is to be reminded today.

    :param asked: the day since when the level that is due is asked
    :param reminded: the day of the last reminder, ``None`` for none yet
    :param every_days: how often, 0 = never
    """
    if every_days <= 0:
        return False
    return (today - (reminded or asked)).days >= every_days


def share_over(limit, over):
    """Return how far over a limit an amount is, as a share of the limit.

    Without credit at all (limit 0) everything is over: infinite.

    :param limit: amount, or ``None`` for unlimited credit
    :param over: amount above the limit
    """
    if limit is None or over <= EPSILON:
        return 0.0
    return over / limit if limit > EPSILON else float("inf")
