"""Who works for somebody who is away, or has left. No clock, no database."""


def acting(user_id, substitutes):
    """Return who works for a user, the substitute of a substitute included.

    :param substitutes: ``{user_id: user_id of the substitute}`` of those away
    :return: the user's own id when nobody is there, in a circle of absences
    """
    seen, current = {user_id}, user_id
    while current in substitutes:
        current = substitutes[current]
        if current in seen:
            return user_id
        seen.add(current)
    return current


def worker(user_id, substitutes, leaders, present):
    """Return who does what falls to a user; ``None`` where that is nobody of these.

    The substitute of who is away, the user, then who leads the teams of the user.

    :param substitutes: as for :func:`acting`
    :param leaders: ids of the leaders, those of the first team first
    :param present: ids of those who are there to be given something
    """
    candidates = [acting(user_id, substitutes), user_id]
    for leader_id in leaders:
        candidates += [acting(leader_id, substitutes), leader_id]
    return next((one for one in candidates if one in present), None)
