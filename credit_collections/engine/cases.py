"""Why a case is closed, and when it is opened again."""

#: What can settle an item.
PAYMENT, CREDIT_NOTE, WRITE_OFF = "payment", "credit_note", "write_off"

#: Reasons for which a case is closed.
PAID, CREDITED, WRITTEN_OFF, MIXED = "paid", "credited", "written_off", "mixed"
CANCELLED = "cancelled"

_REASONS = {PAYMENT: PAID, CREDIT_NOTE: CREDITED, WRITE_OFF: WRITTEN_OFF}


def close_reason(settled):
    """Return why a case whose items are all settled is closed.

    :param settled: ``{kind: amount}``; kinds without an amount do not count
    """
    kinds = [kind for kind, amount in settled.items() if amount]
    if len(kinds) == 1:
        return _REASONS[kinds[0]]
    return MIXED if kinds else WRITTEN_OFF


def is_settled(open_items, items):
    """Tell whether a case is to be closed: it has items, and none is open."""
    return bool(items) and not open_items


def opens_again(state, reason, open_items):
    """Tell whether a closed case goes on, because an item of it is open again.

    What was cancelled by hand stays closed.
    """
    return state == "closed" and reason != CANCELLED and open_items > 0
