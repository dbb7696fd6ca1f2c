"""Confirmed orders that are not invoiced yet, one row per order."""

from odoo.tools import SQL

from .pot import in_company_currency, in_family

#: Lines that may have something left to invoice.
_IS_OPEN = SQL("line.qty_invoiced <> line.product_uom_qty OR line.qty_to_invoice <> 0")


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
        advance=_advance(
            pot, SQL("CASE WHEN line.is_downpayment THEN (%s) END", _invoiced(pot))
        )
        if "deposit" in pot.components
        else SQL("0::numeric"),
        is_open=_is_open(pot),
        in_pot=_in_pot(pot, partner_ids),
        chosen=chosen,
    )


def open_orders(pot, partner_ids=None, without_orders=()):
    """Return a select of ``partner_id, amount``: the ``amount`` of
    :func:`order_backlog`, for each order."""
    return SQL(
        """
        SELECT orders.partner_id, orders.amount
          FROM (
            SELECT o.partner_invoice_id AS partner_id, %(amount)s AS amount
              FROM sale_order_line line
              JOIN sale_order o ON o.id = line.order_id
             WHERE line.state = 'sale'
               AND line.display_type IS NULL
               AND (%(is_open)s)
               AND %(in_pot)s
               AND %(chosen)s
             GROUP BY o.id
          ) orders
         WHERE orders.amount > 0
        """,
        amount=_amount(pot),
        is_open=_is_open(pot),
        in_pot=_in_pot(pot, partner_ids),
        chosen=_all_but(without_orders),
    )


def deposits(pot, partner_ids=None, without_orders=()):
    """Return a select of ``partner_id, amount``: the ``deposit`` of
    :func:`order_backlog`, for each order that has one."""
    return SQL(
        """
        SELECT orders.partner_id, -LEAST(orders.advance, orders.amount) AS amount
          FROM (
            SELECT o.partner_invoice_id AS partner_id, %(advance)s AS advance,
                   (SELECT %(amount)s
                      FROM sale_order_line line
                     WHERE line.order_id = o.id
                       AND line.state = 'sale'
                       AND line.display_type IS NULL) AS amount
              FROM sale_order_line line
              JOIN sale_order o ON o.id = line.order_id
             WHERE line.state = 'sale'
               AND line.display_type IS NULL
               AND line.is_downpayment
               AND %(in_pot)s
               AND %(chosen)s
             GROUP BY o.id
          ) orders
         WHERE orders.amount > 0
        """,
        amount=_amount(pot),
        advance=_advance(pot, SQL("(%s)", _invoiced(pot))),
        in_pot=_in_pot(pot, partner_ids),
        chosen=_all_but(without_orders),
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


def _advance(pot, invoiced):
    """What was invoiced in advance on one order, in company currency."""
    return in_company_currency(
        pot, SQL("GREATEST(SUM(%s), 0)", invoiced), SQL("o.currency_id")
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


def _invoiced(pot):
    """Select what was invoiced in advance by ``line``, less what was deducted since.

    An advance that is still a draft is deducted only where drafts are counted.
    """
    states = ("posted", "draft") if "draft" in pot.components else ("posted",)
    return _sum_of_items(states, SQL("item.price_total"))


def _sum_of_items(states, figure):
    """Sum a figure of the invoice lines of ``line``; credit notes count against it."""
    return SQL(
        """SELECT COALESCE(SUM(%(figure)s
                      * CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END), 0)
             FROM sale_order_line_invoice_rel rel
             JOIN account_move_line item ON item.id = rel.invoice_line_id
             JOIN account_move move ON move.id = item.move_id
            WHERE rel.order_line_id = line.id
              AND item.parent_state IN %(states)s""",
        figure=figure,
        states=states,
    )
