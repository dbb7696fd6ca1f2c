"""Why a case is closed, and when it is opened again."""

from .hub.matching import CREDIT_NOTE, PAYMENT, REVERSAL, WRITE_OFF

#: Reasons for which a case is closed.
PAID, CREDITED, WRITTEN_OFF, MIXED = "paid", "credited", "written_off", "mixed"
CANCELLED = "cancelled"

#: What is no reason, like an exchange difference, is not in here.
_REASONS = {
    PAYMENT: PAID,
    CREDIT_NOTE: CREDITED,
    REVERSAL: CREDITED,
    WRITE_OFF: WRITTEN_OFF,
}


def close_reason(settled):
    """Return why a case whose items are all settled is closed.

    :param settled: ``{kind: amount}``, the kinds of :mod:`engine.matching`; kinds
        without an amount do not count
    """
    reasons = {
        _REASONS[kind]
        for kind, amount in settled.items()
        if amount and kind in _REASONS
    }
    if len(reasons) == 1:
        return reasons.pop()
    return MIXED if reasons else WRITTEN_OFF


def is_settled(open_items, items):
    """Tell whether a case is to be closed: it has items, and none is open."""
    return bool(items) and not open_items


def opens_again(state, reason, open_items):
    """Tell whether a closed case goes on, because an item of it is open again.

    What was cancelled by hand stays closed.
    """
    return state == "closed" and reason != CANCELLED and open_items > 0
