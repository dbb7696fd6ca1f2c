"""The one gate in front of every contact with a customer.

Whatever wants to write to or call a customer asks here; the answer is ``None`` or the
reason why not, and the first reason in the published order is the one on record. What
a reason does depends on what is sent and by whom: see ``contact_kinds``.
"""

from dataclasses import dataclass
from datetime import date, timedelta

#: Reasons in the order in which they are looked for.
LEGAL = "legal"
DO_NOT_CONTACT = "do_not_contact"
EXCLUDED = "excluded"
DISPUTED = "disputed"
PROMISED = "promised"
NET_CREDIT = "net_credit"
BELOW_MINIMUM = "below_minimum"
WAITING = "waiting"
QUIET_DAYS = "quiet_days"
BANK_NOT_RECONCILED = "bank_not_reconciled"
ARCHIVED = "archived"
NO_ADDRESS = "no_address"
REASONS = (
    LEGAL,
    DO_NOT_CONTACT,
    EXCLUDED,
    DISPUTED,
    PROMISED,
    NET_CREDIT,
    BELOW_MINIMUM,
    WAITING,
    QUIET_DAYS,
    BANK_NOT_RECONCILED,
    ARCHIVED,
    NO_ADDRESS,
)

#: Of these, what is cured by naming somebody to contact.
UNREACHABLE = (ARCHIVED, NO_ADDRESS)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that somebody wants to make, and what is known of the customer.

    Amounts in the currency of the company.

    :param is_legal: the customer is insolvent or in the hands of lawyers
    :param not_before: do not contact before this day
    :param items: number of items to talk about
    :param excluded, disputed, promised: items that were left out, each for its reason
    :param amount: what the items come to, less what is disputed
    :param credit: unapplied payments and credit notes, as a positive amount
    :param minimum: below this amount nobody is contacted
    :param is_waiting: a letter, a call or a message to the customer is on its way
    :param last_contact: day of the last contact on any channel by anyone
    :param quiet_days: days to leave between contacts
    :param is_bank_current: the bank statements are reconciled up to date
    :param is_archived: the customer is archived; an address of it is none then
    :param has_address: there is an address for the channel
    """

    items: int
    amount: float
    is_legal: bool = False
    not_before: date | None = None
    excluded: int = 0
    disputed: int = 0
    promised: int = 0
    credit: float = 0.0
    minimum: float = 0.0
    is_waiting: bool = False
    last_contact: date | None = None
    quiet_days: int = 0
    is_bank_current: bool = True
    has_address: bool = True
    is_archived: bool = False


def refuse(contact, today):
    """Return the reason not to contact the customer, ``None`` when one may."""
    return next(_found(contact, today), None)


def reasons(contact, today):
    """Return all reasons not to contact the customer, in the published order."""
    return tuple(_found(contact, today))


def _found(contact, today):
    return (reason for reason, check in _CHECKS if check(contact, today))


def _left_out(number, contact):
    """Tell whether nothing is left to talk about because items were left out."""
    return not contact.items and number > 0


def _is_small(contact, today):
    """Tell whether little is open; not where nothing is, as all of it was left out."""
    left_out = contact.excluded + contact.disputed + contact.promised
    is_small = contact.amount - contact.credit < contact.minimum - 1e-6
    return is_small and (contact.amount > 0 or not _left_out(left_out, contact))


def _is_quiet(contact, today):
    last = contact.last_contact
    return bool(last) and today < last + timedelta(days=contact.quiet_days)


_CHECKS = (
    (LEGAL, lambda contact, today: contact.is_legal),
    (
        DO_NOT_CONTACT,
        lambda contact, today: bool(contact.not_before) and today < contact.not_before,
    ),
    (EXCLUDED, lambda contact, today: _left_out(contact.excluded, contact)),
    (DISPUTED, lambda contact, today: _left_out(contact.disputed, contact)),
    (PROMISED, lambda contact, today: _left_out(contact.promised, contact)),
    (
        NET_CREDIT,
        lambda contact, today: (
            contact.credit > 0 and contact.amount - contact.credit < 1e-6
        ),
    ),
    (BELOW_MINIMUM, _is_small),
    (WAITING, lambda contact, today: contact.is_waiting),
    (QUIET_DAYS, _is_quiet),
    (BANK_NOT_RECONCILED, lambda contact, today: not contact.is_bank_current),
    (
        ARCHIVED,
        lambda contact, today: contact.is_archived and not contact.has_address,
    ),
    (NO_ADDRESS, lambda contact, today: not contact.has_address),
)
