"""How risky a customer is, as a score that says where it comes from.

Every factor looks at one fact of the customer and gives it from 0 (no risk) to 100.
The score is the mean of what the factors give, by their weights, so that it stays
between 0 and 100 whatever the factors are. Facts that are not known are left out: the
others count for more. A customer of whom nothing is known has no score.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from math import inf


@dataclass(frozen=True, slots=True)
class Band:
    """A range of figures and its score.

    :param low: the first figure in the range
    :param high: the first figure above the range
    """

    low: float = -inf
    high: float = inf
    score: float = 0.0

    def overlaps(self, other):
        return self.low < other.high and other.low < self.high


@dataclass(frozen=True, slots=True)
class Factor:
    """One fact and what it says about the risk.

    :param kind: name of the fact
    :param weight: how much it counts beside the others, above 0
    :param bands: ranges of figures that do not overlap, by their lower ends
    :param values: ``{value: score}`` of facts that are words
    :param otherwise: score of facts in no band and of no value
    """

    kind: str
    weight: float
    bands: tuple = ()
    values: dict = field(default_factory=dict)
    otherwise: float = 0.0

    def score(self, fact):
        """Return the score of a known fact, from 0 to 100."""
        if isinstance(fact, str):
            return self.values.get(fact, self.otherwise)
        place = bisect_right(self.bands, fact, key=lambda band: band.low)
        if place and fact < self.bands[place - 1].high:
            return self.bands[place - 1].score
        return self.otherwise


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor gave; ``points`` is what it adds to the score.

    ``fact``, ``score`` and ``points`` are ``None`` where the fact is not known.
    """

    kind: str
    weight: float
    fact: float | str | None = None
    score: float | None = None
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """The score, ``None`` of whom nothing is known, and its parts: the largest first,
    those that are not known last."""

    score: float | None
    parts: tuple


def rate(facts, factors):
    """Return the :class:`Rating` of a customer.

    :param facts: ``{kind: number, word or None}``; ``None`` and what is missing is not
        known
    """
    known = [factor for factor in factors if facts.get(factor.kind) is not None]
    total = sum(factor.weight for factor in known)
    parts = [_part(factor, facts.get(factor.kind), total) for factor in factors]
    parts.sort(key=lambda part: -1 if part.points is None else part.points)
    parts.reverse()
    if total <= 0:
        return Rating(None, tuple(parts))
    score = sum(part.points for part in parts if part.points is not None)
    return Rating(round(score, 1), tuple(parts))


def _part(factor, fact, total):
    if fact is None:
        return Part(factor.kind, factor.weight)
    score = factor.score(fact)
    points = factor.weight * score / total if total else 0.0
    return Part(factor.kind, factor.weight, fact, score, points)


@dataclass(frozen=True, slots=True)
class Override:
    """A class that somebody chose, and the last day on which it counts."""

    class_id: int
    until: date

    def counts(self, today):
        return today <= self.until


def classify(score, classes):
    """Return the id of the class of a score, ``None`` without a score or classes.

    :param classes: ``((first score, id), …)`` by first score; each class ends where
        the next one begins, and the first one takes what is below it too
    """
    if score is None or not classes:
        return None
    place = bisect_right(classes, score, key=lambda one: one[0])
    return classes[max(place - 1, 0)][1]
