"""What the exposure is made of: sources of amounts, each by the same condition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from odoo.tools import SQL

from ..hub.open_items import is_draft, is_open
from ..hub.pot import in_company_currency, in_family
from .order_backlog import deposits, open_orders, order_backlog

#: What of an order counts where: what was delivered is a part of it.
_OF_ORDERS = {"order": SQL("amount - delivered"), "delivered": SQL("delivered")}

#: What is late.
LATE = ("past_due", "oldest_due")


class Part(NamedTuple):
    """One source of the exposure.

    :param source: a select that has ``partner_id``, maybe a contact
    :param amounts: ``{name: expression}`` of the columns that it has something for
    """

    source: SQL
    amounts: dict


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """What has one or more components of the exposure.

    It is made once: statements are put together for it and kept. Each component has a
    figure of profiles that is named ``<name>_amount`` and a switch of companies that is
    named ``credit_count_<name>``.

    :param names: its components, in the order in which people read them
    :param read: function of the pot, the partners (see :func:`exposure_parts`), the
        orders that do not count, and the tolerance for what is late; returns the
        sources, a list of :class:`Part`
    """

    names: tuple
    read: Callable


def exposure_parts(pot, partner_ids, without_orders, leftover):
    """Return the parts, each a :class:`Part`, that add up to the exposure.

    :param partner_ids: commercial partners, all when ``None``, an expression of one
        id, for a query inside of another one, :data:`~.pot.FAMILY` or
        :data:`~.pot.BIG_FAMILY`
    :param without_orders: ids of orders that do not count
    :param leftover: overdue items of no more than this are not late; ``None`` where the
        sum alone counts: then a source may have all of it in its first component, and
        need not know what is late
    """
    return [
        part
        for source in pot.sources
        for part in source.read(pot, partner_ids, without_orders, leftover)
    ]


def _booked(pot, partner_ids, without_orders, leftover):
    if leftover is None and pot.components.issuperset(RECEIVABLES.names):
        return [_booked_sum(pot, partner_ids)]
    return [_receivables(pot, partner_ids, leftover)]


def _unbooked(pot, partner_ids, without_orders, leftover):
    drafts = _drafts if "draft" in pot.components else _matched_to_drafts
    return [drafts(pot, partner_ids)]


def _ordered(pot, partner_ids, without_orders, leftover):
    if not pot.components & {"order", "delivered"}:
        return []
    return _orders(pot, partner_ids, without_orders)


def _receivables(pot, partner_ids, leftover):
    """Posted open items at their booked amount, so that they agree with the ledger."""
    source = SQL(
        """
        SELECT line.partner_id,
               SUM(line.amount_residual) FILTER (WHERE %(owed)s AND %(past)s)
                   AS overdue,
               SUM(line.amount_residual) FILTER (WHERE %(owed)s AND (%(past)s)
                   IS NOT TRUE) AS not_due,
               SUM(line.amount_residual) FILTER (WHERE line.amount_residual < 0)
                   AS unapplied,
               SUM(line.amount_residual) FILTER (WHERE %(late)s) AS past_due,
               MIN(line.date_maturity) FILTER (WHERE %(late)s) AS oldest_due
          FROM account_move_line line
         WHERE %(open_items)s AND %(family)s
         GROUP BY line.partner_id
        """,
        owed=SQL("line.amount_residual > 0"),
        past=SQL("line.date_maturity < %s", pot.today),
        late=SQL(
            "line.amount_residual > %s AND line.date_maturity < %s", leftover, pot.today
        ),
        open_items=is_open(pot),
        family=_family(partner_ids),
    )
    return _part(source, "overdue", "not_due", "unapplied", *LATE)


def _booked_sum(pot, partner_ids):
    """Posted open items, in one sum."""
    source = SQL(
        """SELECT line.partner_id, line.amount_residual AS amount
             FROM account_move_line line WHERE %s AND %s""",
        is_open(pot),
        _family(partner_ids),
    )
    return Part(source, {RECEIVABLES.names[0]: SQL("amount")})


def _drafts(pot, partner_ids):
    """What is left to pay on draft invoices, at today's rate: nothing is booked yet."""
    source = SQL(
        """
        SELECT line.partner_id, %(amount)s AS amount
          FROM account_move_line line
         WHERE %(draft_items)s AND %(family)s AND line.amount_residual <> 0
         GROUP BY line.move_id, line.partner_id, line.currency_id
        """,
        amount=in_company_currency(
            pot, SQL("SUM(line.amount_residual_currency)"), SQL("line.currency_id")
        ),
        draft_items=is_draft(pot),
        family=_family(partner_ids),
    )
    return Part(source, {"draft": SQL("amount")})


def _matched_to_drafts(pot, partner_ids):
    """What was booked and is matched to draft invoices, where drafts do not count.

    Odoo takes it from the residual of the payment already. As long as the draft counts
    nothing, its money must not be lost: it is unapplied still.
    """
    source = SQL(
        """
        SELECT line.partner_id,
               SUM(LEAST(line.amount_residual - line.balance, 0)) AS unapplied,
               SUM(GREATEST(line.amount_residual - line.balance, 0)) AS not_due
          FROM account_move_line line
         WHERE %s AND %s AND line.amount_residual <> line.balance
         GROUP BY line.partner_id
        """,
        is_draft(pot),
        _family(partner_ids),
    )
    return _part(source, "unapplied", "not_due")


def _family(partner_ids):
    return in_family(SQL("line.partner_id"), partner_ids)


def _orders(pot, partner_ids, without_orders):
    scope = (pot, partner_ids, without_orders)
    if isinstance(partner_ids, SQL):
        backlog = order_backlog(pot, partner_ids, without_orders=without_orders)
        return [Part(backlog, {**_OF_ORDERS, "deposit": SQL("deposit")})]
    parts = [Part(open_orders(*scope), _OF_ORDERS)]
    if "deposit" in pot.components:
        parts.append(Part(deposits(*scope), {"deposit": SQL("amount")}))
    return parts


def _part(source, *names):
    """The part of a source that names its amounts as they are to be."""
    return Part(source, {name: SQL.identifier(name) for name in names})


RECEIVABLES = Source(("overdue", "not_due", "unapplied"), _booked)
DRAFTS = Source(("draft",), _unbooked)
ORDERS = Source(("order", "deposit"), _ordered)
#: The same where deliveries are known: what customers have of their orders is split
#: off.
DELIVERED_ORDERS = Source(("delivered", *ORDERS.names), _ordered)

#: What the exposure is made of, what is booked first.
SOURCES = (RECEIVABLES, DRAFTS, ORDERS)
