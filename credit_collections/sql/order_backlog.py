"""Confirmed orders that are not invoiced yet, one row per order."""

from odoo.tools import SQL

from .pot import in_company_currency, in_family, rates

#: Lines that may have something left to invoice; the words of the partial index.
_IS_OPEN = SQL("line.qty_invoiced <> line.product_uom_qty OR line.qty_to_invoice <> 0")


def order_backlog(pot, partner_ids=None, order_ids=None, without_orders=()):
    """Return a select of ``order_id, partner_id, amount, deposit`` in company currency.

    ``partner_id`` is the commercial partner who gets the invoice. ``amount`` is what is
    still to be invoiced with taxes, at least 0: an over-invoiced line counts nothing.
    ``deposit`` (0 or negative) is what was invoiced in advance and will be deducted;
    the advance itself is a receivable or was paid, so the order may not count it again.

    :param partner_ids: commercial partners, all when ``None``
    :param order_ids: orders, all when ``None``
    :param without_orders: orders to leave out
    """
    return SQL(
        """
        SELECT backlog.order_id,
               backlog.partner_id,
               backlog.amount,
               -LEAST(backlog.deposit, backlog.amount) AS deposit
          FROM (
            SELECT orders.id AS order_id,
                   partner.commercial_partner_id AS partner_id,
                   %(amount)s AS amount,
                   %(deposit)s AS deposit
              FROM (%(open_orders)s) orders
              JOIN res_partner partner ON partner.id = orders.partner_invoice_id
              LEFT JOIN (%(rates)s) rate ON rate.currency_id = orders.currency_id
          ) backlog
         WHERE backlog.amount > 0
        """,
        amount=in_company_currency(pot, SQL("GREATEST(orders.amount, 0)")),
        deposit=in_company_currency(pot, SQL("GREATEST(orders.deposit, 0)"))
        if "deposit" in pot.components
        else SQL("0::numeric"),
        open_orders=_open_orders(
            pot, partner_ids, _chosen_orders(order_ids, without_orders)
        ),
        rates=rates(pot),
    )


def _chosen_orders(order_ids, without_orders):
    chosen = SQL("TRUE")
    if order_ids is not None:
        chosen = SQL("o.id IN %s", tuple(order_ids) or (0,))
    if without_orders:
        chosen = SQL("%s AND o.id NOT IN %s", chosen, tuple(without_orders))
    return chosen


def _open_orders(pot, partner_ids, chosen):
    horizon = (
        SQL("COALESCE(o.commitment_date, o.date_order) < %s::date + 1", pot.horizon)
        if pot.horizon
        else SQL("TRUE")
    )
    return SQL(
        """
        SELECT o.id, o.partner_invoice_id, o.currency_id,
               SUM(%(open_amount)s) AS amount,
               SUM(CASE WHEN line.is_downpayment THEN (%(advance)s) ELSE 0 END)
                   AS deposit
          FROM sale_order_line line
          JOIN sale_order o ON o.id = line.order_id
         WHERE line.state = 'sale'
           AND line.display_type IS NULL
           AND (line.is_downpayment OR %(is_open)s)
           AND o.company_id IN %(companies)s
           AND %(of_partner)s
           AND %(chosen)s
           AND %(horizon)s
         GROUP BY o.id
        """,
        open_amount=_open_amount(pot),
        is_open=_is_open(pot),
        advance=_invoiced(_advance_states(pot), SQL("item.price_total")),
        companies=pot.company_ids,
        of_partner=in_family(SQL("o.partner_invoice_id"), partner_ids),
        chosen=chosen,
        horizon=horizon,
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
        drafted = _invoiced(("draft",), in_unit_of_order)
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


def _invoiced(states, figure):
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
