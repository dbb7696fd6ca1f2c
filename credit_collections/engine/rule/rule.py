"""Rules about orders, and orders as rules see them."""

from dataclasses import dataclass

from ..hub.amounts import EPSILON
from .kinds import CONFIRM, KINDS, Kind

BLOCK, EXCLUDE = "block", "exclude"

#: How narrow a rule is: the narrowest comes first.
CUSTOMER, GROUP, EVERYBODY = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it blocks orders, or excludes them from being blocked.

    :param amount: company currency; order amount or overdue amount that may be reached
    :param days: days that may be reached: past due, after the end of the limit, or
        that the terms are longer than usual
    :param share: share of the limit that may be reached (1.0 = 100 %); for an overdue
        amount the share above which the rule bites, 0.0 = always
    :param profile_id: the only profile it is valid for, ``None`` = all customers
    :param group_id: the credit group that it is valid for; so is ``segment_id``
    :param class_ids: risk classes that it is about, or else that it is valid for; empty
        = all
    :param type: ``block`` or ``exclude``
    :param releases: an exclusion that is true lets the order pass, whatever else
    :param count: broken promises that may be reached; collection level that may not
    :param match_ids: ids of status reasons or payment terms that the rule is about
    :param compares: value type where it is not that of the kind: an exclusion from days
        overdue may look at the overdue amount
    """

    id: int
    kind: str
    amount: float = 0.0
    days: int = 0
    share: float = 0.0
    profile_id: int | None = None
    group_id: int | None = None
    segment_id: int | None = None
    class_ids: frozenset = frozenset()
    type: str = BLOCK
    releases: bool = False
    count: int = 0
    match_ids: frozenset = frozenset()
    compares: str | None = None
    known: Kind | None = None

    @property
    def of(self):
        """The :class:`~.kinds.Kind` of the rule."""
        return self.known or KINDS[self.kind]

    @property
    def level(self):
        if self.profile_id is not None:
            return CUSTOMER
        if self.group_id is not None or self.segment_id is not None:
            return GROUP
        return EVERYBODY

    @property
    def value_type(self):
        return self.compares or self.of.value_type

    def is_for(self, customer):
        """Tell whether the rule is valid for the customer."""
        standing = customer.standing
        return (
            self.profile_id in (None, customer.profile_id)
            and self.group_id in (None, standing.group_id)
            and self.segment_id in (None, standing.segment_id)
            and (
                not self.class_ids
                or self.of.is_about_classes
                or standing.risk_class_id in self.class_ids
            )
        )


@dataclass(frozen=True, slots=True)
class Order:
    """An order in hand, company currency.

    :param total: what the customer buys, with taxes
    :param on_credit: what it adds to the exposure: the total less what is paid already,
        0 for an order so far away that it does not count yet
    :param to_pay: what is left to pay for it, default the same
    :param key: whatever the caller knows it by
    :param terms: its :class:`~.standing.PaymentTerms`, ``None`` = not looked at
    :param company_id: the company that sells, maybe a branch
    :param checkpoint: where it is looked at
    :param is_excluded: somebody took it out of credit control
    """

    total: float
    on_credit: float
    to_pay: float | None = None
    key: object = None
    terms: object = None
    company_id: int | None = None
    checkpoint: str = CONFIRM
    is_excluded: bool = False

    @property
    def is_free(self):
        """Whether there is nothing to pay any more: fully prepaid, free, a return."""
        to_pay = self.on_credit if self.to_pay is None else self.to_pay
        return to_pay <= EPSILON
