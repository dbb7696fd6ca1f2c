"""Limit changes: what a new limit comes to, and what must not be proposed.

Amounts are floats in the currency of the customer or group.
"""

import math
from dataclasses import dataclass
from datetime import date

PERMANENT, TEMPORARY, AUTOMATIC = "permanent", "temporary", "automatic"
GROUP, CANCEL = "group", "cancel"

#: How a new limit comes from the current one.
SET, ADD, PERCENT = "set", "add", "percent"

NEAREST, UP, DOWN = "nearest", "up", "down"

#: Nobody has such a limit: it is a slip of the keyboard, or a code in the wrong column.
CEILING = 1e12

#: Policies that mean credit is given, which always has a last day.
GIVEN = ("limited", "unlimited")


@dataclass(frozen=True)
class Line:
    """What is proposed for one customer or group."""

    kind: str
    policy: str
    limit: float
    date_from: date | None = None
    date_to: date | None = None
    has_profile: bool = True
    has_group: bool = False
    ends_line: bool = False
    is_elsewhere: bool = False  # a customer of another company


def new_limit(current, method, value, unit=0.0, direction=NEAREST):
    """Return what a limit comes to; never below zero.

    :param method: ``set`` to a value, ``add`` a value (negative: lower), or change by
        a ``percent`` as a share, 0.1 = 10 % more
    :param unit: round to multiples of it; 0 rounds nothing
    :param direction: ``nearest`` (halves go up), ``up`` or ``down``
    """
    amount = {
        SET: lambda: value,
        ADD: lambda: current + value,
        PERCENT: lambda: current * (1.0 + value),
    }[method]()
    amount = max(amount, 0.0)
    if not unit:
        return amount
    steps = round(amount / unit, 6)  # 1100.0000000000002 / 100 is 11 steps, not 12
    rounding = {
        NEAREST: lambda: math.floor(steps + 0.5),
        UP: lambda: math.ceil(steps),
        DOWN: lambda: math.floor(steps),
    }
    return rounding[direction]() * unit


def amount_problem(amount, maximum=0.0):
    """Return why an amount can't be a limit, ``None`` when it can.

    :param maximum: the highest limit the company gives; 0 where it sets none
    """
    if not math.isfinite(amount) or amount >= CEILING:
        return "absurd"
    if amount < 0:
        return "negative"
    if maximum and amount > maximum:
        return "above_maximum"
    return None


def problems(line, today, maximum=0.0):
    """Return the codes of everything that is wrong with a proposal, [] when sound.

    :param maximum: see :func:`amount_problem`; what groups share has none
    """
    found = [_target_problem(line)]
    if line.kind != CANCEL:
        found.append(_policy_problem(line))
        if line.policy == "limited":
            found.append(amount_problem(line.limit, 0 if line.has_group else maximum))
        found += _date_problems(line, today)
    if line.is_elsewhere:
        found.append("other_company")
    return [problem for problem in found if problem]


def _target_problem(line):
    if line.has_profile and line.has_group:
        return "two_targets"
    if line.kind == GROUP:
        return None if line.has_group else "no_group"
    if line.has_group and line.kind not in (TEMPORARY, CANCEL):
        return "group_target"
    if not line.has_profile and not line.has_group:
        return "no_customer"
    if line.kind == CANCEL and not line.ends_line:
        return "nothing_to_cancel"
    return None


def _policy_problem(line):
    if line.policy == "limited":
        return None
    if line.kind == TEMPORARY:
        return "temporary_policy"
    return "group_policy" if line.has_group else None


def _date_problems(line, today):
    start, end = line.date_from, line.date_to
    if line.kind == TEMPORARY and not start:
        yield "no_start"
    if not end and (line.kind == TEMPORARY or line.policy in GIVEN):
        yield "no_end"
    if start and end and end < start:
        yield "reversed"
    elif end and end < today:
        yield "over"
