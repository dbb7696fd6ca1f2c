"""What is sent to a customer, by whom, and what the reasons of the guard do about it.

=============  ===========================  ==========================  ===============
kind           in a run                     by a person                 quiet days
=============  ===========================  ==========================  ===============
demand         every reason stops           some stop, others ask why   count it
answer         –                            some stop, others nothing   don't count it
paper          –                            nothing stops               don't count it
=============  ===========================  ==========================  ===============
"""

from dataclasses import dataclass

from . import guard

#: Asks for what is overdue: a step, a payment link, a reminder, a statement.
DEMAND = "demand"
#: What was asked for, and what is said besides: chatter, documents, confirmations.
ANSWER = "answer"
#: Business goes on: the first sending of an invoice, an order, a delivery.
PAPER = "paper"
KINDS = (DEMAND, ANSWER, PAPER)

#: Who sends: a job that nobody watches, or somebody.
RUN, PERSON = "run", "person"
SENDERS = (RUN, PERSON)

#: Reasons that stop people as well.
STOPS = (guard.LEGAL, guard.DO_NOT_CONTACT)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a contact: the reason that stops it, or those that have to be
    answered with a reason of the sender's own."""

    stops: str | None = None
    asks: tuple = ()


FREE = Verdict()


def judge(kind, sender, reasons):
    """Return the :class:`Verdict` about a contact.

    :param reasons: all that the guard has found, in its order
    """
    if kind == PAPER:
        return FREE
    if kind == DEMAND and sender == RUN:
        return Verdict(next(iter(reasons), None))
    stop = next((reason for reason in reasons if reason in STOPS), None)
    if stop or kind == ANSWER:
        return Verdict(stop)
    return Verdict(asks=tuple(reasons))


def counts(kind):
    """Tell whether the quiet days begin with a contact of this kind."""
    return kind == DEMAND
