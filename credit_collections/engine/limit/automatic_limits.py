"""Which limit a customer is due, by its risk class and by what is known about it."""

import operator
from dataclasses import dataclass

#: Comparisons of a criterion, by how they are written.
COMPARISONS = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """A fact that is worth a limit: ``kind`` compared with ``value``."""

    kind: str
    comparison: str
    value: float | str
    limit: float

    def fits(self, facts):
        """Tell whether a customer's fact fits; what is not known never does."""
        fact = facts.get(self.kind)
        if fact is None or isinstance(fact, str) != isinstance(self.value, str):
            return False
        return COMPARISONS[self.comparison](fact, self.value)


@dataclass(frozen=True, slots=True)
class AutomaticLimit:
    """The limits of customers of some classes.

    :param class_ids: the classes; none = all
    :param max_revenue: customers with a larger turnover are not meant; ``None`` = all
    :param base: limit of those whom no criterion fits; ``None`` = no limit is proposed
    """

    class_ids: frozenset
    max_revenue: float | None = None
    base: float | None = None
    criteria: tuple = ()

    def is_for(self, class_id, revenue):
        return (not self.class_ids or class_id in self.class_ids) and (
            self.max_revenue is None or revenue <= self.max_revenue
        )

    def amount(self, facts):
        """Return the highest limit that fits, ``None`` where none does."""
        limits = [one.limit for one in self.criteria if one.fits(facts)]
        return max(limits, default=self.base)


def propose(class_id, revenue, facts, limits):
    """Return the limit of a customer, ``None`` where nothing is to be proposed.

    The first of ``limits`` that is for the customer decides.

    :param facts: ``{kind: number, word or None}`` as for ``engine.scoring``
    """
    if class_id is None:
        return None
    for one in limits:
        if one.is_for(class_id, revenue):
            return one.amount(facts)
    return None
