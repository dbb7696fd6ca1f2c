"""Confirmed orders that are not invoiced yet, one row per order."""

from odoo.tools import SQL

from ..hub.blank import Blank
from ..hub.pot import in_company_currency, in_family
from .order_lines import (
    ITEMS,
    advance_states,
    amount_of_order,
    delivered_of_order,
    in_horizon,
    is_open,
    signed,
    sum_of_items,
)

#: Down payments that were asked for, in the words of the partial index. Nothing was
#: ordered by them: lines of goods are no advance, whatever somebody ticks.
_IS_ADVANCE = SQL(
    "line.state = 'sale' AND line.display_type IS NULL AND line.is_downpayment IS TRUE"
    " AND line.product_uom_qty = 0"
)
#: What was invoiced by them, and not by lines that became one later.
_ADVANCED = SQL("item.price_total * CASE WHEN item.is_downpayment THEN 1 ELSE 0 END")


def order_backlog(pot, partner_ids=None, order_ids=None, without_orders=()):
    """Return a select of ``order_id, partner_id, amount, delivered, deposit``.

    In company currency. ``partner_id`` gets the invoice, maybe a contact. ``amount`` is
    what is still to be invoiced with taxes, more than 0: an over-invoiced line counts
    nothing. ``delivered`` is the part of it that the customer has already, 0 where the
    pot does not split it off. ``deposit``
    (0 or negative) is what was invoiced in advance and will be deducted; the advance
    itself is a receivable or was paid, so the order may not count it again.

    For the orders of few customers: PostgreSQL takes deposits for more work than they
    are, and would get ready for it. For all there are :func:`open_orders` and
    :func:`deposits`, which come to the same.

    :param partner_ids: commercial partners, all when ``None``
    :param order_ids: orders, all when ``None``
    :param without_orders: orders to leave out
    """
    chosen = _all_but(without_orders)
    if order_ids is not None:
        chosen = SQL("%s AND o.id IN %s", chosen, tuple(order_ids) or (0,))
    advance = SQL("0::numeric")
    if "deposit" in pot.components:
        advance = SQL(
            "GREATEST(SUM(CASE WHEN line.is_downpayment AND line.product_uom_qty = 0"
            " THEN (%s) END), 0)",
            sum_of_items(advance_states(pot), _ADVANCED),
        )
    return SQL(
        """
        SELECT orders.order_id, orders.partner_id, orders.amount,
               %(of_amount)s AS delivered,
               -LEAST(orders.advance, %(counted)s) AS deposit
          FROM (
            SELECT o.id AS order_id, o.partner_invoice_id AS partner_id,
                   %(amount)s AS amount, %(delivered)s AS delivered,
                   %(advance)s AS advance
              FROM sale_order_line line
              JOIN sale_order o ON o.id = line.order_id
             WHERE line.state = 'sale'
               AND line.display_type IS NULL
               AND (line.is_downpayment OR %(is_open)s)
               AND %(in_pot)s
               AND %(chosen)s
             GROUP BY o.id
          ) orders
         WHERE orders.amount > 0
        """,
        amount=amount_of_order(pot),
        delivered=delivered_of_order(pot),
        of_amount=_OF_AMOUNT,
        counted=_counted(pot),
        advance=in_company_currency(pot, advance, SQL("o.currency_id")),
        is_open=is_open(pot),
        in_pot=_in_pot(pot, partner_ids),
        chosen=chosen,
    )


def open_orders(pot, partner_ids=None, without_orders=()):
    """Return a select of ``partner_id, amount, delivered``: those of
    :func:`order_backlog`, for each order."""
    return SQL(
        """SELECT orders.partner_id, orders.amount, %s AS delivered FROM (%s) orders
            WHERE orders.amount > 0""",
        _OF_AMOUNT,
        _open_orders(pot, partner_ids, _all_but(without_orders)),
    )


def deposits(pot, partner_ids=None, without_orders=()):
    """Return a select of ``partner_id, amount``: the ``deposit`` of
    :func:`order_backlog`, for each order that has one.

    Nothing in here is looked up order by order: that would keep PostgreSQL from working
    on all parts of the exposure in parallel.
    """
    chosen = SQL(
        "%s AND o.id IN (SELECT line.order_id FROM sale_order_line line WHERE %s)",
        _all_but(without_orders),
        _IS_ADVANCE,
    )
    return SQL(
        """
        SELECT orders.partner_id,
               -LEAST(GREATEST(%(advance)s, 0), %(counted)s) AS amount
          FROM (%(orders)s) orders
          JOIN (SELECT line.order_id, SUM(%(invoiced)s) AS amount
                  FROM sale_order_line line
                  JOIN (%(items)s) ON rel.order_line_id = line.id
                 WHERE %(is_advance)s AND item.parent_state IN %(states)s
                 GROUP BY line.order_id) advance ON advance.order_id = orders.order_id
         WHERE orders.amount > 0
        """,
        advance=in_company_currency(
            pot, SQL("advance.amount"), SQL("orders.currency_id")
        ),
        counted=_counted(pot),
        orders=_open_orders(pot, partner_ids, chosen),
        invoiced=signed(_ADVANCED),
        items=ITEMS,
        is_advance=_IS_ADVANCE,
        states=advance_states(pot),
    )


def _open_orders(pot, partner_ids, chosen):
    """Select ``order_id, partner_id, currency_id, amount, delivered`` of orders."""
    return SQL(
        """
        SELECT o.id AS order_id, o.partner_invoice_id AS partner_id, o.currency_id,
               %(amount)s AS amount, %(delivered)s AS delivered
          FROM sale_order_line line
          JOIN sale_order o ON o.id = line.order_id
         WHERE line.state = 'sale'
           AND line.display_type IS NULL
           AND (%(is_open)s)
           AND %(in_pot)s
           AND %(chosen)s
         GROUP BY o.id
        """,
        amount=amount_of_order(pot),
        delivered=delivered_of_order(pot),
        is_open=is_open(pot),
        in_pot=_in_pot(pot, partner_ids),
        chosen=chosen,
    )


def _in_pot(pot, partner_ids):
    return SQL(
        "o.company_id IN %s AND %s AND %s",
        pot.company_ids,
        in_family(SQL("o.partner_invoice_id"), partner_ids),
        in_horizon(pot),
    )


def _all_but(order_ids):
    if not order_ids:
        return SQL("TRUE")
    ids = order_ids if isinstance(order_ids, Blank) else list(order_ids)
    return SQL("o.id <> ALL(%s)", ids)


#: What was delivered is never more than what is left to invoice of an order.
_OF_AMOUNT = SQL("LEAST(GREATEST(orders.delivered, 0), orders.amount)")


def _counted(pot):
    """What of an order counts, for deposits to be deducted from."""
    if not pot.splits_delivered or {"order", "delivered"} <= pot.components:
        return SQL("orders.amount")
    if "delivered" in pot.components:
        return _OF_AMOUNT
    return SQL("orders.amount - %s", _OF_AMOUNT)
