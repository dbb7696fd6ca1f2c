"""Who gets how many clones of which exemplar, when and how big: seeded, no database."""

import random
from dataclasses import dataclass

from exemplars import AGE

COMPANY_SHARES = (0.6, 0.4)  # of all documents
CURRENCY_SHARES = (0.7, 0.3)  # the company's own, the other one
OPEN_DAYS, PAID_DAYS, ORDER_DAYS = (0, 150), (60, 1_095), (0, 60)
SPECIALS = (1, 100, 10_000)  # customers BENCH-n have so many open invoices
SKEW = 1.5  # customers with low ids get more documents


@dataclass(frozen=True)
class Customer:
    id: int
    contact_id: int  # its own id if it has no contact
    name: str


class Targets:
    """Draws the targets of clones among ``customers``."""

    def __init__(self, seed, customers):
        self.random = random.Random(seed)
        self.customers = customers

    def draw(self, number, days):
        """``number`` targets, dated between ``days`` before today."""
        return [self._one(self._customer(), days) for _ in range(number)]

    def for_customer(self, customer, number, days):
        return [self._one(customer, days) for _ in range(number)]

    def _customer(self):
        place = int(len(self.customers) * self.random.random() ** SKEW)
        return self.customers[place]

    def _one(self, customer, days):
        shift = AGE - self.random.randint(*days)
        factor = self.random.randint(1, 200)
        return customer.id, customer.contact_id, customer.name, shift, factor


def shares(total, exemplars):
    """Cut ``total`` by company, currency and the weight of each exemplar.

    ``exemplars`` is ``{(company index, currency index): [Exemplar]}``; yields pairs of
    exemplar and number.
    """
    for (company, currency), group in exemplars.items():
        part = total * COMPANY_SHARES[company] * CURRENCY_SHARES[currency]
        for exemplar in group:
            yield exemplar, round(part * exemplar.weight)
