"""How urgent a customer is for the collector, as points that say where they come from.

Every factor looks at one figure of the customer: nothing up to ``low``, all its
points from ``high`` on, and in proportion between them. The priority is the share of
all points that could be earned, so that it stays between 0 and 100 whatever the
factors are.
"""

from bisect import bisect_left
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Factor:
    """One figure and what it is worth.

    :param kind: name of the figure in the facts
    :param low: up to here the factor earns nothing
    :param high: from here on it earns all its points; above ``low``
    """

    kind: str
    low: float
    high: float
    points: float


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor earned of what it could, and the figure it was earned with."""

    kind: str
    value: float
    earned: float
    points: float


@dataclass(frozen=True, slots=True)
class Priority:
    """The priority from 0 to 100, and its parts, the largest first."""

    value: int
    parts: tuple


def prioritize(facts, factors):
    """Return the :class:`Priority` of a customer.

    :param facts: ``{kind: figure}``; a figure that is missing or None earns nothing
    """
    total = sum(factor.points for factor in factors)
    if total <= 0:
        return Priority(0, ())
    parts = [_part(factor, facts.get(factor.kind) or 0.0) for factor in factors]
    earned = sum(part.earned for part in parts)
    shown = sorted(
        (part for part in parts if part.earned > 0), key=lambda part: -part.earned
    )
    return Priority(round(100 * earned / total), tuple(shown))


def rank(amounts, amount):
    """Return the share of the other customers who owe less, from 0 to 1, so that it
    means the same in every currency.

    :param amounts: what all owe, this one too; sorted
    """
    if len(amounts) < 2:
        return 0.0
    return min(bisect_left(amounts, amount) / (len(amounts) - 1), 1.0)


def _part(factor, value):
    share = (value - factor.low) / (factor.high - factor.low)
    share = min(max(share, 0.0), 1.0)
    return Part(factor.kind, value, factor.points * share, factor.points)
