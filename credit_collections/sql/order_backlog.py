"""Confirmed orders that are not invoiced yet, one row per order."""

from odoo.tools import SQL

from .pot import in_company_currency, in_family

#: Lines that may have something left to invoice; the words of the partial index.
_IS_OPEN = SQL(
    "(line.qty_invoiced <> line.product_uom_qty OR line.qty_to_invoice <> 0)"
)

#: Down payments that were asked for, in the words of the partial index on them.
_IS_ADVANCE = SQL(
    "line.is_downpayment AND line.state = 'sale' AND line.display_type IS NULL"
)


def order_backlog(pot, partner_ids=None, order_ids=None):
    """Return a select of ``order_id, amount, deposit`` in company currency.

    ``amount`` is what is still to be invoiced with taxes, more than 0: an over-invoiced
    line counts nothing. ``deposit`` (0 or negative) is what was invoiced in advance and
    will be deducted; the advance itself is a receivable or was paid, so the order may
    not count it again.

    :param partner_ids: commercial partners, all when ``None``
    :param order_ids: orders, all when ``None``
    """
    chosen = SQL("TRUE")
    if order_ids is not None:
        chosen = SQL("o.id IN %s", tuple(order_ids) or (0,))
    backlog = _backlog(pot, partner_ids, chosen)
    if "deposit" not in pot.components:
        return SQL(
            """SELECT backlog.order_id, backlog.amount, 0::numeric AS deposit
                 FROM (%s) backlog WHERE backlog.amount > 0""",
            backlog,
        )
    return SQL(
        """
        SELECT backlog.order_id, backlog.amount,
               COALESCE(-LEAST(%(advance)s, backlog.amount), 0) AS deposit
          FROM (%(backlog)s) backlog
          LEFT JOIN (%(advances)s) advance ON advance.order_id = backlog.order_id
         WHERE backlog.amount > 0
        """,
        backlog=backlog,
        advances=_advances(pot),
        advance=_advance(pot),
    )


def open_orders(pot, partner_ids=None, without_orders=()):
    """Return a select of ``partner_id, amount``: the ``amount`` of
    :func:`order_backlog`, summed per partner who gets the invoices.

    :param without_orders: orders to leave out
    """
    return SQL(
        """
        SELECT backlog.partner_id, SUM(backlog.amount) AS amount
          FROM (%s) backlog
         WHERE backlog.amount > 0
         GROUP BY backlog.partner_id
        """,
        _backlog(pot, partner_ids, _all_but(without_orders)),
    )


def deposits(pot, partner_ids=None, without_orders=()):
    """Return a select of ``partner_id, amount``: the ``deposit`` of
    :func:`order_backlog`, where there is one.

    Few orders have one. Apart from the others they cost the statement next to nothing.
    """
    chosen = SQL(
        "%s AND o.id IN (SELECT line.order_id FROM sale_order_line line WHERE %s)",
        _all_but(without_orders),
        _IS_ADVANCE,
    )
    return SQL(
        """
        SELECT backlog.partner_id, -LEAST(%(advance)s, backlog.amount) AS amount
          FROM (%(backlog)s) backlog
          JOIN (%(advances)s) advance ON advance.order_id = backlog.order_id
         WHERE backlog.amount > 0
        """,
        backlog=_backlog(pot, partner_ids, chosen),
        advances=_advances(pot),
        advance=_advance(pot),
    )


def _all_but(order_ids):
    return SQL("o.id NOT IN %s", tuple(order_ids)) if order_ids else SQL("TRUE")


def _backlog(pot, partner_ids, chosen):
    """Select ``order_id, partner_id, currency_id, amount`` of open orders."""
    horizon = (
        SQL("COALESCE(o.commitment_date, o.date_order) < %s::date + 1", pot.horizon)
        if pot.horizon
        else SQL("TRUE")
    )
    return SQL(
        """
        SELECT o.id AS order_id, o.partner_invoice_id AS partner_id, o.currency_id,
               %(amount)s AS amount
          FROM sale_order_line line
          JOIN sale_order o ON o.id = line.order_id
         WHERE line.state = 'sale'
           AND line.display_type IS NULL
           AND %(is_open)s
           AND o.company_id IN %(companies)s
           AND %(of_partner)s
           AND %(chosen)s
           AND %(horizon)s
         GROUP BY o.id
        """,
        amount=in_company_currency(
            pot, SQL("SUM(%s)", _open_amount(pot)), SQL("o.currency_id")
        ),
        is_open=_is_open(pot),
        companies=pot.company_ids,
        of_partner=in_family(SQL("o.partner_invoice_id"), partner_ids),
        chosen=chosen,
        horizon=horizon,
    )


def _advances(pot):
    """Select ``order_id, amount``: what was invoiced in advance, less what was deducted
    since, in the currency of the order.

    An advance that is still a draft is deducted only where drafts are counted.
    """
    states = ("posted", "draft") if "draft" in pot.components else ("posted",)
    return SQL(
        """
        SELECT line.order_id, SUM(%(figure)s) AS amount
          FROM sale_order_line line
          JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
          JOIN account_move_line item ON item.id = rel.invoice_line_id
          JOIN account_move move ON move.id = item.move_id
         WHERE %(is_advance)s AND item.parent_state IN %(states)s
         GROUP BY line.order_id
        """,
        figure=_signed(SQL("item.price_total")),
        is_advance=_IS_ADVANCE,
        states=states,
    )


def _advance(pot):
    """Return an expression: the ``advance`` of a ``backlog``, in company currency."""
    return in_company_currency(
        pot, SQL("GREATEST(advance.amount, 0)"), SQL("backlog.currency_id")
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
        drafted = _drafted(in_unit_of_order)
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


def _drafted(figure):
    """Select the sum of a figure of the draft invoice lines of ``line``."""
    return SQL(
        """SELECT COALESCE(SUM(%s), 0)
             FROM sale_order_line_invoice_rel rel
             JOIN account_move_line item ON item.id = rel.invoice_line_id
             JOIN account_move move ON move.id = item.move_id
            WHERE rel.order_line_id = line.id AND item.parent_state = 'draft'""",
        _signed(figure),
    )


def _signed(figure):
    """A figure of the ``item`` of a ``move``; credit notes count against it."""
    return SQL(
        "%s * CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END", figure
    )
