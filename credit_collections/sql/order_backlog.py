"""Confirmed orders that are not invoiced yet, one row per order."""

from odoo.tools import SQL

from .pot import in_company_currency, in_family

#: Lines that may have something left to invoice.
_IS_OPEN = SQL("line.qty_invoiced <> line.product_uom_qty OR line.qty_to_invoice <> 0")

#: Down payments that were asked for; the words of the partial index.
_IS_ADVANCE = SQL(
    "line.state = 'sale' AND line.display_type IS NULL AND line.is_downpayment"
)


def order_backlog(pot, partner_ids=None, order_ids=None, without_orders=()):
    """Return a select of ``order_id, partner_id, amount, deposit`` in company currency.

    ``partner_id`` gets the invoice, maybe a contact. ``amount`` is what is still to be
    invoiced with taxes, more than 0: an over-invoiced line counts nothing. ``deposit``
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
            "GREATEST(SUM(CASE WHEN line.is_downpayment THEN (%s) END), 0)",
            _sum_of_items(_advance_states(pot), SQL("item.price_total")),
        )
    return SQL(
        """
        SELECT orders.order_id, orders.partner_id, orders.amount,
               -LEAST(orders.advance, orders.amount) AS deposit
          FROM (
            SELECT o.id AS order_id, o.partner_invoice_id AS partner_id,
                   %(amount)s AS amount, %(advance)s AS advance
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
        amount=_amount(pot),
        advance=in_company_currency(pot, advance, SQL("o.currency_id")),
        is_open=_is_open(pot),
        in_pot=_in_pot(pot, partner_ids),
        chosen=chosen,
    )


def open_orders(pot, partner_ids=None, without_orders=()):
    """Return a select of ``partner_id, amount``: the ``amount`` of
    :func:`order_backlog`, for each order."""
    return SQL(
        """SELECT orders.partner_id, orders.amount FROM (%s) orders
            WHERE orders.amount > 0""",
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
               -LEAST(GREATEST(%(advance)s, 0), orders.amount) AS amount
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
        orders=_open_orders(pot, partner_ids, chosen),
        invoiced=_signed(SQL("item.price_total")),
        items=_ITEMS,
        is_advance=_IS_ADVANCE,
        states=_advance_states(pot),
    )


def _open_orders(pot, partner_ids, chosen):
    """Select ``order_id, partner_id, currency_id, amount`` of orders."""
    return SQL(
        """
        SELECT o.id AS order_id, o.partner_invoice_id AS partner_id, o.currency_id,
               %(amount)s AS amount
          FROM sale_order_line line
          JOIN sale_order o ON o.id = line.order_id
         WHERE line.state = 'sale'
           AND line.display_type IS NULL
           AND (%(is_open)s)
           AND %(in_pot)s
           AND %(chosen)s
         GROUP BY o.id
        """,
        amount=_amount(pot),
        is_open=_is_open(pot),
        in_pot=_in_pot(pot, partner_ids),
        chosen=chosen,
    )


def _in_pot(pot, partner_ids):
    horizon = (
        SQL("COALESCE(o.commitment_date, o.date_order) < %s::date + 1", pot.horizon)
        if pot.horizon
        else SQL("TRUE")
    )
    return SQL(
        "o.company_id IN %s AND %s AND %s",
        pot.company_ids,
        in_family(SQL("o.partner_invoice_id"), partner_ids),
        horizon,
    )


def _all_but(order_ids):
    return SQL("o.id NOT IN %s", tuple(order_ids)) if order_ids else SQL("TRUE")


def _amount(pot):
    """What is left of one order, in company currency."""
    return in_company_currency(
        pot, SQL("SUM(%s)", _open_amount(pot)), SQL("o.currency_id")
    )


def _is_open(pot):
    """Lines that may have something left, also what a draft invoice leaves."""
    if "draft" in pot.components:
        return _IS_OPEN
    return SQL(
        """(%s
            OR EXISTS (SELECT FROM sale_order_line_invoice_rel rel
                         JOIN account_move_line item ON item.id = rel.invoice_line_id
                        WHERE rel.order_line_id = line.id
                          AND item.parent_state = 'draft'))""",
        _IS_OPEN,
    )


def _open_amount(pot):
    """What is left of one line, with taxes, in the currency of the order.

    What was ordered and is not invoiced, or what was delivered beyond it where that is
    what Odoo will invoice.

    Odoo counts a draft invoice as invoiced. Where the company leaves draft invoices out
    of the exposure, what they took from the order is still open here.
    """
    more = SQL("COALESCE(line.qty_to_invoice, 0)")
    quantity = SQL("line.product_uom_qty - line.qty_invoiced")
    if "draft" not in pot.components:
        # the invoice may say dozens where the order says pieces
        in_unit_of_order = SQL(
            """item.quantity * COALESCE(
                (SELECT factor FROM uom_uom WHERE id = item.product_uom_id)
                / (SELECT factor FROM uom_uom WHERE id = line.product_uom_id), 1)"""
        )
        drafted = _sum_of_items(("draft",), in_unit_of_order)
        quantity = SQL("%s + (%s)", quantity, drafted)
        more = SQL("%s + (%s)", more, drafted)
    return SQL(
        """CASE WHEN line.product_uom_qty > 0
                THEN line.price_total / line.product_uom_qty
                     * GREATEST(%(quantity)s, %(more)s, 0)
                WHEN line.product_uom_qty < 0
                THEN line.price_total / line.product_uom_qty
                     * LEAST(%(quantity)s, %(more)s, 0)
                ELSE 0 END""",
        quantity=quantity,
        more=more,
    )


def _advance_states(pot):
    """An advance that is still a draft is deducted only where drafts are counted."""
    return ("posted", "draft") if "draft" in pot.components else ("posted",)


#: Invoice lines of order lines.
_ITEMS = SQL(
    """sale_order_line_invoice_rel rel
       JOIN account_move_line item ON item.id = rel.invoice_line_id
       JOIN account_move move ON move.id = item.move_id"""
)


def _sum_of_items(states, figure):
    """Sum a figure of the invoice lines of ``line``."""
    return SQL(
        """SELECT COALESCE(SUM(%(figure)s), 0) FROM %(items)s
            WHERE rel.order_line_id = line.id AND item.parent_state IN %(states)s""",
        figure=_signed(figure),
        items=_ITEMS,
        states=states,
    )


def _signed(figure):
    """A figure of the ``item`` of a ``move``; credit notes count against it."""
    return SQL(
        "%s * CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END", figure
    )
