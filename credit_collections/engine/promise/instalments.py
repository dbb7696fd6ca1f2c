"""How an amount that is promised is spread over days and items."""

from calendar import monthrange
from datetime import timedelta

WEEKS, MONTHS = "weeks", "months"


def in_equal_parts(amount, count, first_day, every, unit, smallest=0.01):
    """Return ``[(day, part)]`` of an amount paid in equal parts.

    What can't be divided is in the last part.

    :param every, unit: so many ``weeks`` or ``months`` from one part to the next; in a
        month without that day it is the last one of the month
    :param smallest: smallest amount of the currency
    """
    units = round(amount / smallest)
    part = units // count
    parts = [part] * (count - 1) + [units - part * (count - 1)]
    return [
        (_later(first_day, number * every, unit), _exact(one, smallest))
        for number, one in enumerate(parts)
    ]


def over_items(parts, items, smallest=0.01):
    """Return the items of each part, the first ones first: ``[[(item, amount), …]]``.

    :param parts: amounts, that come to no more than the items
    :param items: ``[(item, amount), …]`` in the order in which they are paid
    """
    left = [[item, round(amount / smallest)] for item, amount in items]
    result = []
    for part in parts:
        wanted = round(part / smallest)
        shares = []
        for one in left:
            share = min(one[1], wanted)
            if share > 0:
                shares.append((one[0], _exact(share, smallest)))
                one[1] -= share
                wanted -= share
        result.append(shares)
    return result


def _exact(units, smallest):
    """Return an amount without the noise of a multiplication."""
    return round(units * smallest, 6)


def _later(day, number, unit):
    if unit == WEEKS:
        return day + timedelta(weeks=number)
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
