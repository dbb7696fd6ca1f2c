"""The scope of every credit statement: one root company with its branches."""

import math
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from odoo.tools import SQL


@dataclass(frozen=True, slots=True)
class Pot:
    """One root company and its branches, which share customers' credit.

    :param company_ids: the root company and all its branches
    :param account_ids: receivable accounts; they go into statements as constants, or
        PostgreSQL would not use the partial indexes on open items
    :param currency_id: currency of the company, in which all amounts are
    :param rounding: rounding of that currency, e.g. 0.01
    :param today: the day for due dates and rates
    :param components: names of the components that count
    :param factors: ``((currency id, factor), …)`` of currencies that are not worth as
        much as the company's; see :func:`factors`
    :param other_factor: the factor of currencies that are not in there
    :param horizon: orders to be delivered later than this do not count; ``None`` = all
    :param sources: what the exposure is made of, each with the ``names`` of the
        components that it has
    :param unused: names of what no record of the database has any of, ``collateral``,
        ``group`` or ``temporary`` limits; statements leave it out
    :param has_registered: payments that are in no entry count for who chases, and there
        are some
    :param undone: commercial partners with items that are matched with what settles
        nothing, see :mod:`.undone`; of all others Odoo's word is good
    """

    root_id: int
    company_ids: tuple
    account_ids: tuple
    currency_id: int
    rounding: float
    today: date
    components: frozenset
    factors: tuple = ()
    other_factor: Decimal = Decimal(1)
    horizon: date | None = None
    sources: tuple = ()
    unused: frozenset = frozenset()
    has_registered: bool = False
    undone: frozenset = frozenset()

    @property
    def columns(self):
        """The names of all components, in the order in which people read them."""
        return tuple(name for source in self.sources for name in source.names)

    @property
    def splits_delivered(self):
        """Whether what was delivered of orders is a component of its own; otherwise it
        is a part of the orders."""
        return "delivered" in self.columns

    def about(self, partner_ids):
        """Return the pot for statements about these commercial partners alone."""
        if self.undone and self.undone.isdisjoint(partner_ids):
            return replace(self, undone=frozenset())
        return self

    def worth(self, currency_id):
        """Return what one unit of a currency is worth in that of the company."""
        if currency_id == self.currency_id:
            return Decimal(1)
        return dict(self.factors).get(currency_id, self.other_factor)


#: Statements about no more than so many partners are written to be planned fast.
FEW_PARTNERS = 100

#: The items of no more than so many partners are looked up contact by contact, whatever
#: PostgreSQL thinks of it: it takes a way down an index for more work than it is, and
#: would read the items of everybody. Above that it chooses itself.
SOME_PARTNERS = 20_000

#: Stands for the partners whose contacts a statement has in front, once for all its
#: parts: ``WITH family(id, …)``.
FAMILY = object()
#: The same of so many that reading everybody takes less.
BIG_FAMILY = object()


def is_few(partner_ids):
    """Tell whether planning the statement takes longer than running it."""
    return partner_ids is not None and len(partner_ids) <= FEW_PARTNERS


def is_some(partner_ids):
    """Tell whether looking up the partners takes less than reading everybody."""
    return partner_ids is not None and len(partner_ids) <= SOME_PARTNERS


def in_family(column, partner_ids):
    """Return a condition: ``column`` is one of the partners or of their contacts.

    All partners where ``partner_ids`` is ``None``. The contacts of few partners are
    looked up first, as an array: that takes a fraction of the time to plan a join.

    :param partner_ids: ids of commercial partners, an expression of one id,
        :data:`FAMILY` or :data:`BIG_FAMILY`
    """
    if partner_ids is None:
        return SQL("TRUE")
    if partner_ids is FAMILY:
        # an array: PostgreSQL takes a join for more work than reading everybody
        return SQL("%s = ANY(ARRAY(SELECT id FROM family))", column)
    if partner_ids is BIG_FAMILY:
        return SQL("%s IN (SELECT id FROM family)", column)
    if isinstance(partner_ids, SQL):
        family = "SELECT id FROM res_partner WHERE commercial_partner_id = %s"
        return SQL("%s = ANY(ARRAY(%s))", column, SQL(family, partner_ids))
    family = SQL(
        "SELECT id FROM res_partner WHERE commercial_partner_id IN %s",
        tuple(partner_ids) or (0,),
    )
    if is_few(partner_ids):
        return SQL("%s = ANY(ARRAY(%s))", column, family)
    return SQL("%s IN (%s)", column, family)


def factors(root_id, currency_id, today):
    """Return a select of ``currency_id, factor``: what one unit of a currency is worth
    in the currency of the company on the day, as Odoo converts it; as text, because
    the driver would round it.

    Currencies that are not active and have no rate are left out; the row without a
    currency is theirs.
    """
    return SQL(
        """
        SELECT currency.id AS currency_id,
               ((%(rate_of_company)s) / (%(rate_of_currency)s))::text AS factor
          FROM res_currency currency
         WHERE currency.active
            OR EXISTS (SELECT FROM res_currency_rate r
                        WHERE r.currency_id = currency.id)
         UNION ALL
        SELECT NULL, (%(rate_of_company)s)::text
        """,
        rate_of_currency=exchange_rate(root_id, SQL("currency.id"), today),
        rate_of_company=exchange_rate(root_id, SQL("%s", currency_id), today),
    )


def in_company_currency(pot, amount, currency):
    """Return an expression: an amount of one document, converted and rounded.

    :param currency: expression of the id of the currency of the document
    """
    if pot.factors or pot.other_factor != 1:
        worth = [
            SQL("WHEN %s THEN %s", currency_id, factor)
            for currency_id, factor in pot.factors
        ]
        amount = SQL(
            "(%s) * CASE %s %s ELSE %s END",
            amount,
            currency,
            SQL(" ").join([SQL("WHEN %s THEN 1", pot.currency_id), *worth]),
            pot.other_factor,
        )
    decimals = -round(math.log10(pot.rounding))
    if math.isclose(pot.rounding, 10.0**-decimals):
        return SQL("ROUND(%s, %s)", amount, decimals)
    rounding = SQL("%s::numeric", pot.rounding)
    return SQL("ROUND((%s) / %s) * %s", amount, rounding, rounding)


def exchange_rate(root_id, currency, today):
    """Select the rate of a currency: the last up to the day, else the first, else 1.

    A rate of the company goes before one that all companies share.
    """
    return SQL(
        """
        SELECT COALESCE(
            (SELECT rate FROM res_currency_rate r
              WHERE r.currency_id = %(currency)s AND r.name <= %(today)s
                AND (r.company_id = %(root)s OR r.company_id IS NULL)
              ORDER BY r.company_id, r.name DESC LIMIT 1),
            (SELECT rate FROM res_currency_rate r
              WHERE r.currency_id = %(currency)s
                AND (r.company_id = %(root)s OR r.company_id IS NULL)
              ORDER BY r.company_id, r.name LIMIT 1),
            1.0) AS rate
        """,
        currency=currency,
        today=today,
        root=root_id,
    )
