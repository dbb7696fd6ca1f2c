"""How customers buy and pay: a plan of dates and amounts, without Odoo.

Days count from today, the past is negative. Chance comes from the customer's name, so
the story is the same every time, and a new customer changes nothing for the others.
"""

from dataclasses import dataclass
from random import Random

#: How far the story goes back: 18 months.
FIRST_DAY = -540

#: Net amount of a usual order, by size of the customer.
SIZES = {"S": 850.0, "M": 3100.0, "L": 10500.0, "XL": 27000.0}

#: Money comes in once a week.
PAYMENT_RUN = 7

ALL_YEAR = tuple(range(1, 13))


@dataclass(frozen=True)
class Personality:
    """What is typical of a customer.

    :param every: days between two orders
    :param delay: least and most days between due date and payment
    :param first, last: days of the first and last order
    :param growth: 1.0 = orders are twice as large at the end
    :param months: months in which the customer buys
    :param share: share of every second invoice that is paid, the rest is argued about
    :param lately: days of the latest orders, where the story needs them
    """

    every: int
    delay: tuple
    first: int = FIRST_DAY
    last: int = 0
    growth: float = 0.0
    months: tuple = ALL_YEAR
    share: float = 1.0
    lately: tuple = ()


PERSONALITIES = {
    "good": Personality(every=52, delay=(-4, 2)),
    "slow": Personality(every=46, delay=(27, 50)),
    "disputer": Personality(every=48, delay=(2, 12), share=0.72),
    "growing": Personality(every=42, delay=(0, 9), growth=2.2, lately=(-24, -12)),
    "dormant": Personality(every=60, delay=(0, 8), last=-270),
    "summer": Personality(every=28, delay=(0, 10), months=(3, 4, 5, 6, 7)),
    "winter": Personality(every=28, delay=(3, 14), months=(9, 10, 11, 12, 1)),
    "prepayer": Personality(every=60, delay=(0, 0)),
    "over": Personality(every=40, delay=(8, 25), growth=1.0, lately=(-38, -16)),
    "group": Personality(every=48, delay=(3, 15), lately=(-22,)),
    "new": Personality(every=19, delay=(0, 3), first=-48),
    "public": Personality(every=52, delay=(12, 28)),
}


def chance(*names):
    """Return a source of chance that belongs to these names."""
    return Random(" ".join(map(str, names)))


def plan_orders(name, personality, size, today):
    """Return ``(day, net amount)`` of all orders of a customer, the oldest first."""
    luck = chance(name, "orders")
    days = []
    day = personality.first + luck.randrange(personality.every)
    while day < min((*personality.lately, personality.last, -2)):
        if (today.month - 1 + day // 30) % 12 + 1 in personality.months:
            days.append(day)
        day += round(personality.every * luck.uniform(0.75, 1.25))
    return [
        (day, SIZES[size] * luck.uniform(0.6, 1.5) * _growth(personality, day))
        for day in (*days, *personality.lately)
    ]


def _growth(personality, day):
    return 1 + personality.growth * (1 - day / FIRST_DAY)


def plan_payment(personality, luck, due, stopped=None):
    """Return the day an amount is paid that is due on day ``due``, ``None`` if not yet.

    :param stopped: day since which the customer pays nothing any more
    """
    day = due + luck.randint(*personality.delay)
    day += -(day + 3) % PAYMENT_RUN
    if day > -3 or (stopped is not None and day > stopped):
        return None
    return day
