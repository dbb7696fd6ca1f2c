"""What was decided about a customer, and the terms that it usually gets."""

from dataclasses import dataclass, field
from datetime import date

#: What the credit status of a customer stops.
NOTHING, ORDERS, EVERYTHING = "none", "orders", "all"


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """Payment terms, as a rule compares them.

    :param days: length of the credit in days, to the last instalment; 0 = at once
    :param discount: early payment discount as a share (0.02 = 2 %)
    :param discount_days: days within which the discount is granted
    """

    id: int | None = None
    days: int = 0
    discount: float = 0.0
    discount_days: int = 0

    @property
    def discount_rank(self):
        """A higher rank is a better discount: first the share, then the days."""
        return (self.discount, self.discount_days) if self.discount > 0 else (0.0, 0)


AT_ONCE = PaymentTerms()


@dataclass(frozen=True, slots=True)
class Standing:
    """What was decided about a customer besides the limit.

    :param status: what the credit status stops; ``status_reason_id`` says why
    :param expiry_date: last day of the limit, ``None`` where it has no end
    :param expired_days: days since the end of the limit, 0 before it is over
    :param needs_expiry: a limit without a last day counts as over
    :param dunning_level: the highest collection level among open items, 0 = none
    :param usual_terms: :class:`PaymentTerms` of the customer by id of the company;
        those of ``None`` are for companies without any
    :param more: facts of other addons by name, for the kinds of rules that they bring
    """

    group_id: int | None = None
    segment_id: int | None = None
    risk_class_id: int | None = None
    status: str = NOTHING
    status_reason_id: int | None = None
    expiry_date: date | None = None
    expired_days: int = 0
    needs_expiry: bool = False
    broken_promises: int = 0
    dunning_level: int = 0
    usual_terms: dict = field(default_factory=dict)
    more: dict = field(default_factory=dict)

    def terms_in(self, company_id):
        """Return the usual terms of the customer in a company."""
        fallback = self.usual_terms.get(None, AT_ONCE)
        return self.usual_terms.get(company_id, fallback)


def expired_days(expiry_date, today):
    """Return since how many days a limit is over, 0 while it is good."""
    return max((today - expiry_date).days, 0) if expiry_date else 0
