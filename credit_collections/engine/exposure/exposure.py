"""What a customer owes or is about to owe, and how much of the limit that takes.

Amounts are floats in company currency. ``components`` maps the name of a component to
its amount; components that lower the exposure are negative, so the sum is the exposure.
"""

from dataclasses import dataclass, field, replace

from ..hub.standing import Standing

#: The components that this addon knows, in the order in which people read them: what is
#: booked first. Other addons may bring more.
COMPONENTS = (
    "overdue",
    "not_due",
    "unapplied",
    "draft",
    "delivered",
    "order",
    "deposit",
)

#: Share shown where there is exposure but no credit at all: 1,000 %.
USED_WITHOUT_CREDIT = 10.0


@dataclass(frozen=True, slots=True)
class CustomerCredit:
    """The credit position of one customer at one moment, before the order in hand.

    ``limit`` is ``None`` for unlimited credit. ``components`` are those that count.
    ``overdue_amount`` is what is past due, whether that counts or not; ``overdue_days``
    counts from the oldest due date that is past, 0 where nothing is overdue.
    ``on_hold`` is the customer's manual hold. ``partner_id`` is the customer, never a
    contact. ``standing`` is what was decided about the customer besides. The rules
    leave orders of customers alone who are ``is_exempt``.

    ``group_limit`` and ``group_exposure`` are those of the customer's credit group: of
    all its members in all companies, this customer included, in the currency of this
    company. ``group_limit`` is ``None`` for customers in no group.
    """

    limit: float | None
    components: dict = field(default_factory=dict)
    overdue_amount: float = 0.0
    overdue_days: int = 0
    on_hold: bool = False
    profile_id: int | None = None
    partner_id: int | None = None
    standing: Standing = field(default_factory=Standing)
    group_limit: float | None = None
    group_exposure: float = 0.0
    is_exempt: bool = False

    @property
    def group_id(self):
        return self.standing.group_id

    @property
    def exposure(self):
        return sum(self.components.values())

    @property
    def available(self):
        """What may still be bought on credit: negative if over, None if unlimited.

        The group may leave less than the customer's own limit does.
        """
        if self.limit is None:
            return None
        own = self.limit - self.exposure
        return own if self.group_limit is None else min(own, self.group_available)

    @property
    def group_available(self):
        """What is left to all members of the group, None for customers in none."""
        if self.group_limit is None:
            return None
        return self.group_limit - self.group_exposure

    def with_order(self, amount):
        """Return the position after an order of ``amount`` on credit."""
        order = self.components.get("order", 0.0) + amount
        after = replace(self, components={**self.components, "order": order})
        return after.with_group_order(amount)

    def with_group_order(self, amount):
        """Return the position after another member of the group took ``amount``."""
        return replace(self, group_exposure=self.group_exposure + amount)


def limit_used(limit, exposure):
    """Return the share of the limit in use (0.9 = 90 %), 0.0 for unlimited credit."""
    if limit is None or exposure <= 0:
        return 0.0
    return exposure / limit if limit > 0 else USED_WITHOUT_CREDIT


def overdue_days(oldest_due_date, today):
    """Return how many days the oldest open item is past due, 0 when none is."""
    return max((today - oldest_due_date).days, 0) if oldest_due_date else 0
