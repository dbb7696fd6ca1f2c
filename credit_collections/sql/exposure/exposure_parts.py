"""What the exposure is made of: sources of amounts, each by the same condition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from odoo.tools import SQL

from ..hub.open_items import DUE_DATE, is_draft, is_open, is_receivable
from ..hub.pot import in_company_currency, in_family
from ..hub.undone import undone
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
        parts = [_booked_sum(pot, partner_ids)]
    else:
        parts = [_receivables(pot, partner_ids, leftover)]
    if pot.undone:
        parts.append(_undone(pot, partner_ids, leftover))
    return parts


def _unbooked(pot, partner_ids, without_orders, leftover):
    if "draft" not in pot.components:
        return []
    return [_drafts(pot, partner_ids)]


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
               MIN(%(due)s) FILTER (WHERE %(late)s) AS oldest_due
          FROM account_move_line line
         WHERE %(open_items)s AND %(family)s
         GROUP BY line.partner_id
        """,
        owed=SQL("line.amount_residual > 0"),
        due=DUE_DATE,
        past=SQL("%s < %s", DUE_DATE, pot.today),
        late=SQL(
            "line.amount_residual > %s AND %s < %s", leftover, DUE_DATE, pot.today
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


def _undone(pot, partner_ids, leftover):
    """What is booked and matched with what settles nothing: drafts, and payments that
    the bank rejected.

    Odoo takes it from the residual already. The ledger does not, so it is owed still,
    or unapplied. Where drafts count, draft invoices and credit notes count with what
    Odoo leaves of them; a draft credit note that is matched lowers the drafts as any
    other, and not what is booked.
    """
    counts_drafts = "draft" in pot.components
    source = SQL(
        """
        SELECT item.partner_id,
               SUM(item.amount) FILTER (WHERE item.is_owed AND %(past)s) AS overdue,
               SUM(item.amount) FILTER (WHERE item.is_owed AND (%(past)s)
                   IS NOT TRUE) AS not_due,
               SUM(item.amount) FILTER (WHERE NOT item.is_owed) AS unapplied,
               SUM(item.late - item.counted) FILTER (WHERE item.is_owed AND %(past)s)
                   AS past_due,
               MIN(item.due_date) FILTER (WHERE item.late > 0 AND item.is_owed
                   AND %(past)s) AS oldest_due,
               SUM(item.drafted) AS draft
          FROM (
            SELECT line.partner_id, %(due)s AS due_date, line.balance > 0 AS is_owed,
                   booked.amount, booked.drafted,
                   CASE WHEN line.amount_residual > %(leftover)s
                        THEN line.amount_residual ELSE 0 END AS counted,
                   CASE WHEN line.amount_residual + booked.amount > %(leftover)s
                        THEN line.amount_residual + booked.amount ELSE 0 END AS late
              FROM (%(items)s) matched
              JOIN account_move_line line ON line.id = matched.item_id
              CROSS JOIN LATERAL (
                SELECT CASE WHEN line.parent_state = 'posted'
                            THEN matched.amount ELSE 0 END AS amount,
                       CASE WHEN line.parent_state = 'posted' THEN -matched.noted
                            ELSE %(drafted)s END AS drafted) booked
             WHERE %(is_receivable)s AND %(family)s
               AND (line.parent_state = 'posted' OR %(is_drafted)s)) item
         GROUP BY item.partner_id
        """,
        items=_undone_items(counts_drafts),
        due=DUE_DATE,
        past=SQL("item.due_date < %s", pot.today),
        leftover=leftover,
        drafted=in_company_currency(
            pot, SQL("matched.amount_currency"), SQL("line.currency_id")
        )
        if counts_drafts
        else SQL("0"),
        is_drafted=SQL("%s AND matched.amount_currency <> 0", is_draft(pot))
        if counts_drafts
        else SQL("FALSE"),
        is_receivable=is_receivable(pot),
        family=_family(partner_ids),
    )
    names = ("overdue", "not_due", "unapplied", *LATE)
    return _part(source, *names, *(["draft"] if counts_drafts else []))


def _undone_items(counts_drafts):
    """Select ``item_id, amount, amount_currency, noted``: what of each item is undone;
    ``noted`` is what draft credit notes take from it, where drafts count."""
    if not counts_drafts:
        return SQL(
            """SELECT item_id, SUM(amount) AS amount,
                      SUM(amount_currency) AS amount_currency, 0 AS noted
                 FROM (%s) part GROUP BY item_id""",
            undone(),
        )
    return SQL(
        """
        SELECT item_id,
               COALESCE(SUM(amount) FILTER (WHERE is_entry OR amount > 0), 0)
                   AS amount,
               COALESCE(SUM(amount_currency) FILTER (WHERE is_entry), 0)
                   AS amount_currency,
               COALESCE(SUM(amount) FILTER (WHERE NOT is_entry AND amount > 0), 0)
                   AS noted
          FROM (%s) part GROUP BY item_id
        """,
        undone(),
    )


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
