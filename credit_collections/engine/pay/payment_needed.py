"""What a customer has to pay for a held order to go on."""

from dataclasses import dataclass

from ..hold.release import FORCED
from ..hub.amounts import EPSILON
from ..rule.kinds import KINDS


@dataclass(frozen=True, slots=True)
class PaymentNeeded:
    """A payment that clears all reasons, company currency.

    :param settles_overdue: it is for invoices that are past due, not for the order
    """

    amount: float
    settles_overdue: bool = False


def payment_needed(reasons, to_pay, kinds=KINDS):
    """Return the :class:`PaymentNeeded` for an order to go on.

    ``None`` where there is no reason, or one that no payment takes away.

    :param reasons: pairs of the kind of a reason and the payment that would clear it,
        0.0 where none of a part does
    :param to_pay: what is left to pay for the order; with that nothing about money
        stands against it any more
    :param kinds: all kinds of rules, ``{name: Kind}``
    """
    reasons = list(reasons)
    # reasons that people gave; all others are gone, at the latest, when the whole order
    # is paid in advance: then no rule looks at it
    by_hand = {FORCED, *(name for name, kind in kinds.items() if kind.by_hand)}
    if not reasons or any(kind in by_hand for kind, _missing in reasons):
        return None
    overdue = {name for name, kind in kinds.items() if kind.is_overdue}
    most = max(missing for _kind, missing in reasons)
    if all(missing > EPSILON for _kind, missing in reasons):
        if any(kind in overdue for kind, _missing in reasons):
            return PaymentNeeded(most, settles_overdue=True)
        to_pay = min(most, to_pay)
    return PaymentNeeded(to_pay) if to_pay > EPSILON else None
