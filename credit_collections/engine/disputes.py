"""When a dispute is to be answered, and who is told when it is late."""

from datetime import timedelta

#: Who is told: nobody, the lead of the department, the credit manager.
NOBODY, LEAD, MANAGER = 0, 1, 2


def add_working_days(start, days):
    """Return the day that is so many working days, Monday to Friday, after ``start``.

    With 0 days it is ``start`` itself, or the Monday after a weekend.
    """
    day = start
    while day.weekday() > 4:
        day += timedelta(days=1)
    weeks, rest = divmod(days, 5)
    day += timedelta(weeks=weeks)
    for _day in range(rest):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def escalation(deadline, today, days_to_manager, told, has_lead=True):
    """Return who is to be told now: ``LEAD``, ``MANAGER`` or ``NOBODY``.

    Each of them is told once. Where the department has no lead, the credit manager is
    told in his place.

    :param days_to_manager: working days after the deadline
    :param told: who was told before
    """
    if deadline is None or today <= deadline or told >= MANAGER:
        return NOBODY
    if today > add_working_days(deadline, days_to_manager) or not has_lead:
        return MANAGER
    return LEAD if told < LEAD else NOBODY


def days_to_resolve(opened, closed):
    """Return the days that a dispute took, ``None`` while it is open."""
    return (closed - opened).days if opened and closed else None
