"""What of an order moves credit, and whether a change takes more than was let through.

Pure decisions: what an order was and what it is come in, yes or no goes out.
"""

from dataclasses import asdict, dataclass, field, replace

from ..hub.amounts import EPSILON


@dataclass(frozen=True, slots=True)
class Weight:
    """What an order takes of whose credit, as far as its own fields say.

    Ids are the caller's. Amounts are in the currency of the order, so that a rate that
    moves changes nothing.

    :param payer: who will owe the money
    :param terms: payment terms
    :param counts: it is near enough to be delivered to take credit at all
    :param delivery: day of delivery, as text; empty = at once
    :param advances: lines that are down payments
    :param lines: what each line comes to with taxes, ``{line: amount}``; what was
        delivered beyond what was ordered is in it, and in the total
    :param early: what was delivered of an order that does not count yet
    """

    payer: int
    company: int
    currency: int
    terms: int
    counts: bool
    delivery: str
    total: float
    advances: frozenset = frozenset()
    lines: dict = field(default_factory=dict)
    early: float = 0.0

    def to_json(self):
        """Return what :meth:`from_json` reads: plain values."""
        return {**asdict(self), "advances": sorted(self.advances)}

    @classmethod
    def from_json(cls, values):
        """Return the weight that was kept; JSON has texts for keys."""
        lines = {int(line): amount for line, amount in values["lines"].items()}
        advances = frozenset(values["advances"])
        return cls(**{**values, "advances": advances, "lines": lines})

    @property
    def _of(self):
        return (self.payer, self.company, self.currency, self.terms)

    def grown_by(self, share):
        """Return the weight of the order after it grew by a share (0.1 = 10 %)."""
        more = 1 + share
        return replace(self, total=self.total * more, early=self.early * more)

    def with_delivered(self, delivered):
        """Return the weight of the order once the customer has so much of its lines.

        What was delivered early takes credit, however late it was to be; of an order
        that counts, only what goes beyond what was ordered takes more.

        :param delivered: ``{line: amount}``
        """
        lines = dict(self.lines)
        for line, amount in delivered.items():
            lines[line] = max(lines.get(line, 0.0), amount)
        more = sum(lines.values()) - sum(self.lines.values())
        early = 0.0 if self.counts else max(self.early, sum(delivered.values()))
        return replace(self, total=self.total + more, lines=lines, early=early)

    def credit_beyond(self, other):
        """Return how much more credit this takes than ``other``, the same order."""
        if self.counts or other.counts:
            return self.total - other.total
        return self.early - other.early


def is_within(allowed, now):
    """Tell whether an order takes no more than ``allowed``, and of the same credit.

    Nothing but a lower amount and a later delivery is less: other terms may be those
    that a rule is about, another payer may have no credit.
    """
    return (
        now._of == allowed._of
        and not _comes_sooner(allowed, now)
        and now.total <= allowed.total + EPSILON
        and (allowed.counts or now.early <= allowed.early + EPSILON)
        and allowed.advances <= now.advances
        and not (now.advances - allowed.advances) & allowed.lines.keys()
    )


def _comes_sooner(allowed, now):
    """Tell whether an order counts because it was moved up, not as time went by."""
    return now.counts and not allowed.counts and now.delivery < allowed.delivery


def may_leave(approved, now, line, value):
    """Tell whether goods of a line may leave while the growth of the order waits.

    :param approved: :class:`Weight` that was let through
    :param now: what the order is
    :param value: what has left of the line and what is to leave comes to
    """
    if now._of != approved._of or _comes_sooner(approved, now):
        return False
    return value <= approved.lines.get(line, 0.0) + EPSILON
