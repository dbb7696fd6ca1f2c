"""Segments that the data suggest: by size and by how late customers pay.

Facts of customers come in, groups with friendly borders go out. No database.
"""

from bisect import bisect_right
from dataclasses import dataclass
from math import ceil, floor, log10

#: Figures that people like, of one power of ten.
FRIENDLY = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10)
#: A class of fewer customers says nothing.
SMALLEST_CLASS = 3


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known about one customer; amounts in the currency of the company."""

    is_company: bool
    size: float
    lateness: float
    open_amount: float = 0.0
    overdue_amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Range:
    """One class of a figure: from ``low`` on, below ``high``; ``None`` is open.

    :param rank: 0 for the lowest of ``classes``
    """

    low: float | None
    high: float | None
    rank: int
    classes: int

    @property
    def share(self):
        """Return how far up the class is, 0.0 to 1.0; ``None`` for the only one."""
        return self.rank / (self.classes - 1) if self.classes > 1 else None


@dataclass(slots=True)
class Group:
    """One proposed segment, and how much falls into it.

    :param is_company: ``None`` for both companies and consumers
    """

    is_company: bool | None
    size: Range
    lateness: Range
    customers: int = 0
    open_amount: float = 0.0
    overdue_amount: float = 0.0

    @property
    def harshness(self):
        """Return how firmly to ask for money, 0.0 to 1.0.

        Half of it comes from being a company, up to half from paying late, and a little
        from being large.
        """
        late, large = self.lateness.share or 0.0, self.size.share
        company = 0.5 if self.is_company is not False else 0.0
        return min(1.0, company + 0.5 * late + 0.1 * (1.0 if large is None else large))


class TooFewError(Exception):
    """There are too few customers to tell them apart.

    :param found: number of customers
    :param needed: how many it takes
    """

    def __init__(self, found, needed):
        super().__init__(found, needed)
        self.found = found
        self.needed = needed


def propose(customers, sizes, latenesses, by_kind=True):
    """Return the :class:`Group` list that splits customers up, in a fixed order.

    Companies come before consumers, large before small, late before prompt. Companies
    and consumers have borders of their own; where there are too few of one kind, it is
    not split up. The groups cover every customer, also those to come.

    :param sizes, latenesses: number of classes, 1 for none
    :raises TooFewError: when there are too few customers altogether
    """
    needed = SMALLEST_CLASS * sizes * latenesses
    if len(customers) < needed:
        raise TooFewError(len(customers), needed)
    groups = []
    for kind in (True, False) if by_kind else (None,):
        own = [one for one in customers if kind in (None, one.is_company)]
        few = len(own) < needed
        groups += _split(own, kind, 1 if few else sizes, 1 if few else latenesses)
    return groups


def _split(customers, kind, sizes, latenesses):
    size_borders = borders([one.size for one in customers], sizes)
    late_borders = borders([one.lateness for one in customers], latenesses)
    groups = {
        (size.rank, lateness.rank): Group(kind, size, lateness)
        for size in reversed(ranges(size_borders))
        for lateness in reversed(ranges(late_borders))
    }
    for one in customers:
        key = (rank(one.size, size_borders), rank(one.lateness, late_borders))
        group = groups[key]
        group.customers += 1
        group.open_amount += one.open_amount
        group.overdue_amount += one.overdue_amount
    return list(groups.values())


def borders(values, classes):
    """Return the ascending borders between classes of about as many customers each.

    They are rounded to friendly figures as long as something stays on both sides. Where
    many customers have the same figure there are fewer borders: a border that parts
    nothing is left out.
    """
    ordered = sorted(values)
    found = []
    for number in range(1, classes):
        exact = ordered[len(ordered) * number // classes]
        for border in (friendly(exact), exact):
            if _parts(ordered, found, border):
                found.append(border)
                break
    return found


def _parts(ordered, found, border):
    """Tell whether there are values on both sides of a border, after the last one."""
    low = found[-1] if found else float("-inf")
    return (
        border > low
        and any(low <= one < border for one in ordered)
        and (ordered[-1] >= border)
    )


def ranges(found):
    """Return the :class:`Range` list of classes, the lowest first."""
    edges = [None, *found, None]
    return [
        Range(low, high, number, len(found) + 1)
        for number, (low, high) in enumerate(zip(edges, edges[1:], strict=False))
    ]


def rank(value, found):
    """Return the class of a value; the border itself belongs to the upper one."""
    return bisect_right(found, value)


def friendly(value):
    """Return the next figure that people like: 4870 → 5000, 0.2 → 0."""
    if abs(value) < 0.5:
        return 0.0
    power = 10.0 ** floor(log10(abs(value)))
    figure = min(FRIENDLY, key=lambda one: (abs(one * power - abs(value)), one))
    return figure * power if value > 0 else -figure * power


def choose(harshness, choices):
    """Return the index of the choice, the gentlest first, that fits a harshness."""
    return max(0, ceil(harshness * (choices - 1) - 0.5))
