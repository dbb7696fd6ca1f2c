"""The scope of every credit statement: one root company with its branches."""

from dataclasses import dataclass
from datetime import date

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
    :param horizon: orders to be delivered later than this do not count; ``None`` = all
    """

    root_id: int
    company_ids: tuple
    account_ids: tuple
    currency_id: int
    rounding: float
    today: date
    components: frozenset
    horizon: date | None = None


def in_family(column, partner_ids):
    """Return a condition: ``column`` is one of the partners or of their contacts.

    All partners where ``partner_ids`` is ``None``.
    """
    if partner_ids is None:
        return SQL("TRUE")
    return SQL(
        "%s IN (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
        column,
        tuple(partner_ids) or (0,),
    )


def rates(pot):
    """Return a select of ``currency_id, factor``: what one unit of a currency is worth
    in the currency of the company on the day, as Odoo converts it.

    Currencies that are not active and have no rate are left out; their rate is 1.
    """
    return SQL(
        """
        SELECT currency.id AS currency_id,
               (%(rate_of_company)s) / (%(rate_of_currency)s) AS factor
          FROM res_currency currency
         WHERE currency.active
            OR EXISTS (SELECT FROM res_currency_rate r
                        WHERE r.currency_id = currency.id)
        """,
        rate_of_currency=_rate(pot, SQL("currency.id")),
        rate_of_company=_rate(pot, SQL("%s", pot.currency_id)),
    )


def in_company_currency(pot, amount):
    """Return an expression: an amount of one document, converted and rounded.

    The statement has a left join to :func:`rates` as ``rate``.
    """
    return SQL(
        """ROUND((%(amount)s) * COALESCE(rate.factor, (%(rate_of_company)s))
                 / %(rounding)s) * %(rounding)s""",
        amount=amount,
        rate_of_company=_rate(pot, SQL("%s", pot.currency_id)),
        rounding=SQL("%s::numeric", pot.rounding),
    )


def _rate(pot, currency):
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
        today=pot.today,
        root=pot.root_id,
    )
