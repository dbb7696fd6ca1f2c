"""What is left of the lines of confirmed orders: ``line`` of an order ``o``."""

from odoo.tools import SQL

from ..hub.pot import in_company_currency

#: Lines that may have something left to invoice.
_IS_OPEN = SQL("line.qty_invoiced <> line.product_uom_qty OR line.qty_to_invoice <> 0")


def is_near(pot):
    """Whether an order is to be delivered soon enough to count, whatever was: beyond
    the horizon only what the customer has does. ``None`` where there is no horizon."""
    if not pot.horizon:
        return None
    return SQL(
        "(o.commitment_date IS NULL OR o.commitment_date < %s::date + 1)", pot.horizon
    )


def in_horizon(pot):
    """Lines of orders that are near, or that something was delivered of; advances are
    deducted of it."""
    near = is_near(pot)
    if near is None:
        return SQL("TRUE")
    return SQL("(%s OR line.qty_delivered <> 0 OR line.is_downpayment)", near)


def amount_of_order(pot):
    """What is left of one order, in company currency."""
    return in_company_currency(
        pot, SQL("SUM(%s)", _open_amount(pot)), SQL("o.currency_id")
    )


def delivered_of_order(pot):
    """What was delivered of one order and is not invoiced, in company currency."""
    if not pot.splits_delivered:
        return SQL("0::numeric")
    quantity, more = _open_quantities(pot)
    value = SQL(
        """CASE WHEN line.product_uom_qty > 0
                THEN line.price_total / line.product_uom_qty
                     * LEAST(GREATEST(%s, 0), GREATEST(%s, %s, 0))
                ELSE 0 END""",
        _delivered(pot),
        quantity,
        more,
    )
    return in_company_currency(pot, SQL("SUM(%s)", value), SQL("o.currency_id"))


def is_open(pot):
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
    """What is left of one line, with taxes, in the currency of the order."""
    quantity, more = _open_quantities(pot)
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


def _open_quantities(pot):
    """What was ordered of one line and is not invoiced, and what Odoo will invoice of
    it, which is more where more was delivered. Of an order beyond the horizon, both are
    what was delivered.

    Odoo counts a draft invoice as invoiced. Where the company leaves draft invoices out
    of the exposure, what they took from the order is still open here.
    """
    quantity = SQL("line.product_uom_qty - line.qty_invoiced")
    more = SQL("COALESCE(line.qty_to_invoice, 0)")
    if "draft" not in pot.components:
        drafted = _drafted()
        quantity = SQL("%s + (%s)", quantity, drafted)
        more = SQL("%s + (%s)", more, drafted)
    near = is_near(pot)
    if near is None:
        return quantity, more
    delivered = _delivered(pot)
    return tuple(
        SQL("CASE WHEN %s THEN %s ELSE %s END", near, one, delivered)
        for one in (quantity, more)
    )


def _delivered(pot):
    """What was delivered of one line and is not invoiced."""
    invoiced = SQL("line.qty_invoiced")
    if "draft" not in pot.components:
        invoiced = SQL("%s - (%s)", invoiced, _drafted())
    return SQL("COALESCE(line.qty_delivered, 0) - (%s)", invoiced)


def _drafted():
    """The quantity of one line that draft invoices bill, in the unit of the order."""
    # the invoice may say dozens where the order says pieces
    in_unit_of_order = SQL(
        """item.quantity * COALESCE(
            (SELECT factor FROM uom_uom WHERE id = item.product_uom_id)
            / (SELECT factor FROM uom_uom WHERE id = line.product_uom_id), 1)"""
    )
    return sum_of_items(("draft",), in_unit_of_order)


def advance_states(pot):
    """An advance that is still a draft is deducted only where drafts are counted."""
    return ("posted", "draft") if "draft" in pot.components else ("posted",)


#: Invoice lines of order lines.
ITEMS = SQL(
    """sale_order_line_invoice_rel rel
       JOIN account_move_line item ON item.id = rel.invoice_line_id
       JOIN account_move move ON move.id = item.move_id"""
)


def sum_of_items(states, figure):
    """Sum a figure of the invoice lines of ``line``."""
    return SQL(
        """SELECT COALESCE(SUM(%(figure)s), 0) FROM %(items)s
            WHERE rel.order_line_id = line.id AND item.parent_state IN %(states)s""",
        figure=signed(figure),
        items=ITEMS,
        states=states,
    )


def signed(figure):
    """A figure of the ``item`` of a ``move``; credit notes count against it."""
    return SQL(
        "%s * CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END", figure
    )
