"""Who works for somebody who is away. No clock, no database."""


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
