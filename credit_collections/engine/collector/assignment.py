"""Who collects from whom: new customers by load, fair shares of a team, substitutes.

Facts come in, decisions go out. No clock, no database. The same facts always give the
same decision.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass

#: What a desk is measured by when customers are shared out.
CUSTOMERS, AMOUNT = "customers", "amount"


@dataclass(frozen=True, slots=True)
class Seat:
    """A collector who may get customers.

    :param capacity: customers at most, 0 without limit
    :param share: of the work of a full-time colleague, above 0
    :param is_away: gets no new customers while others are there
    """

    user_id: int
    capacity: int = 0
    share: float = 1.0
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer to be collected from.

    :param amount: overdue amount in the currency of the company
    """

    id: int
    amount: float


@dataclass(slots=True)
class Desk:
    """What a collector has already: number of customers, and what they owe."""

    customers: int = 0
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Who gets a customer; ``is_over``: all were full, this one the least."""

    customer_id: int
    user_id: int
    is_over: bool = False


class Office:
    """The desks of all collectors, which fill while rules are applied one by one.

    :param desks: ``{user_id: Desk}`` of what they have before
    """

    def __init__(self, desks):
        self.desks = desks

    def place(self, customers, seats, by=CUSTOMERS):
        """Share customers out, the largest first, each to who has least to do.

        Who is full gets none while another is not; who is away gets none while another
        is there. When all are full, the one who is least above the capacity gets it.

        :return: a list of :class:`Placement`, empty without seats
        """
        seats = [seat for seat in seats if not seat.is_away] or list(seats)
        if not seats:
            return []
        ordered = sorted(customers, key=lambda one: (-one.amount, one.id))
        return [self._place(customer, seats, by) for customer in ordered]

    def _place(self, customer, seats, by):
        free = [seat for seat in seats if not self.is_full(seat)]
        if free:
            seat = min(free, key=lambda one: self._busy(one, by))
        else:
            seat = min(seats, key=self._crowded)
        desk = self.desk(seat)
        desk.customers += 1
        desk.amount += customer.amount
        return Placement(customer.id, seat.user_id, not free)

    def desk(self, seat):
        return self.desks.setdefault(seat.user_id, Desk())

    def is_full(self, seat):
        return 0 < seat.capacity <= self.desk(seat).customers

    def _busy(self, seat, by):
        """Order seats: the least load of a full-time day first."""
        desk = self.desk(seat)
        loads = (desk.amount, desk.customers)
        first, second = loads if by == AMOUNT else loads[::-1]
        return first / seat.share, second / seat.share, seat.user_id

    def _crowded(self, seat):
        return self.desk(seat).customers / seat.capacity, seat.user_id


# === REBALANCE === #


def rebalance(holdings, seats, by=CUSTOMERS, kept=None):
    """Even out the loads of a team with few moves.

    Time and again the busiest gives the customer that evens it out best to the least
    busy, until no move makes the busiest less busy. Who has more customers than the
    capacity allows gives some away first. Who is away gets none.

    :param holdings: ``{user_id: [Customer]}`` of customers that may move
    :param seats: the :class:`Seat` of every collector of the team
    :param kept: ``{user_id: Desk}`` of customers that stay where they are, but count
    :return: ``{customer_id: user_id}`` of those that move
    """
    kept = kept or {}
    piles = []
    for seat in seats:
        desk = kept.get(seat.user_id, Desk())
        piles.append(_Pile(seat, holdings.get(seat.user_id, ()), desk, by))
    start = _holders(piles)
    for step in (_relieve, _even_out):
        while step(piles):
            pass
    end = _holders(piles)
    return {key: user_id for key, user_id in end.items() if start[key] != user_id}


def _holders(piles):
    """Return ``{customer_id: user_id}``."""
    return {row[1]: pile.seat.user_id for pile in piles for row in pile.rows}


class _Pile:
    """The customers of one collector, in the order of their weight."""

    def __init__(self, seat, customers, kept, by):
        self.seat = seat
        self.kept = kept.customers
        self.rows = sorted(
            (one.amount if by == AMOUNT else 1, one.id) for one in customers
        )
        self.weight = sum(row[0] for row in self.rows)
        self.weight += kept.amount if by == AMOUNT else kept.customers

    @property
    def load(self):
        return self.weight / self.seat.share

    @property
    def room(self):
        """How many more customers fit in."""
        if not self.seat.capacity:
            return float("inf")
        return self.seat.capacity - len(self.rows) - self.kept

    @property
    def can_take(self):
        return self.room > 0 and not self.seat.is_away

    def give(self, index, other):
        row = self.rows.pop(index)
        self.weight -= row[0]
        insort(other.rows, row)
        other.weight += row[0]


def _relieve(piles):
    """Move the smallest customer of who has too many; tell whether one was moved."""
    crowded = [pile for pile in piles if pile.room < 0 and pile.rows]
    takers = [pile for pile in piles if pile.can_take]
    if not crowded or not takers:
        return False
    giver = min(crowded, key=lambda pile: (pile.room, pile.seat.user_id))
    giver.give(0, min(takers, key=lambda pile: (pile.load, pile.seat.user_id)))
    return True


def _even_out(piles):
    """Make the busiest less busy; tell whether a customer was moved."""
    takers = [pile for pile in piles if pile.can_take]
    if not takers:
        return False
    giver = max(piles, key=lambda pile: (pile.load, -pile.seat.user_id))
    taker = min(takers, key=lambda pile: (pile.load, pile.seat.user_id))
    shares = giver.seat.share + taker.seat.share
    gap = giver.weight * taker.seat.share - taker.weight * giver.seat.share
    ideal = gap / shares
    index = _nearest(giver.rows, ideal)
    if index is None:
        return False
    after = (taker.weight + giver.rows[index][0]) / taker.seat.share
    if after >= giver.load - 1e-6 * max(1.0, giver.load):
        return False
    giver.give(index, taker)
    return True


def _nearest(rows, weight):
    """Return the index of the row whose weight is next to ``weight``, if it is one."""
    if not rows or weight <= 0:
        return None
    index = bisect_left(rows, (weight,))
    around = [one for one in (index - 1, index) if 0 <= one < len(rows)]
    return min(around, key=lambda one: (abs(rows[one][0] - weight), one))


# === SUBSTITUTES === #
