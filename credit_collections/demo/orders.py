"""Orders of the last three months, delivered and invoiced."""

from odoo.fields import Command

from .history import ORDERS_FROM, plan
from .products import order_lines, pick

#: Orders are invoiced after three days; younger ones than that wait.
INVOICED_AFTER = 3
NOT_INVOICED_FROM = -9
#: In this time every fourth invoice is still a draft.
DRAFTS_FROM = -16


def sell(stage):
    for company in (stage.company, stage.europa):
        planned = [
            (customer, day, amount)
            for customer in stage.customers
            if customer.company == company
            for day, amount in plan(stage, customer)
            if day >= ORDERS_FROM
        ]
        orders = confirm(stage, place(stage, planned))
        old = orders.filtered(
            lambda order: stage.order_days[order.id] < NOT_INVOICED_FROM
        )
        deliver(old)
        invoice(stage, old, drafts=True)


def place(stage, planned):
    """Create quotations of ``(customer, day, net amount)``, of one company."""
    if not planned:
        return stage.env["sale.order"]
    company = planned[0][0].company
    orders = stage.in_company(company, "sale.order").create(
        [_prepare(stage, *one) for one in planned]
    )
    for order, (_customer, day, _amount) in zip(orders, planned, strict=True):
        stage.order_days[order.id] = day
    return orders


def _prepare(stage, customer, day, amount):
    values = {
        "company_id": customer.company.id,
        "partner_id": customer.buyer.id,
        "user_id": customer.seller.id,
        "payment_term_id": customer.term.id,
        "order_line": order_lines(pick(stage, customer, amount, day)),
    }
    if customer.currency != customer.company.currency_id:
        values["pricelist_id"] = stage.pricelist.id
    return values


def confirm(stage, orders):
    orders.action_confirm()
    return orders


def deliver(orders):
    """Ship what was ordered, where stock is installed."""
    if "picking_ids" in orders._fields:
        orders.picking_ids.button_validate()


def invoice(stage, orders, *, drafts=False, change=None):
    """Invoice orders on their day, and post all or most of the invoices.

    :param drafts: leave some of the younger ones unposted
    :param change: function that changes the draft invoices
    """
    invoices = orders._create_invoices(grouped=True)
    if change:
        change(invoices)
    kept = invoices.browse()
    for day, dated in invoices.grouped(lambda move: _invoice_day(stage, move)).items():
        dated.invoice_date = stage.date(min(day + INVOICED_AFTER, 0))
        if drafts and day >= DRAFTS_FROM:
            kept += dated[::4]
    kept.invoice_date = False
    (invoices - kept).action_post()
    return invoices


def _invoice_day(stage, move):
    order = move.line_ids.sale_line_ids.order_id[:1]
    return stage.order_days[order.id]


def raise_quantity(order, factor):
    """Let the first line of an order grow."""
    line = order.order_line[:1]
    quantity = round(line.product_uom_qty * factor)
    order.write(
        {"order_line": [Command.update(line.id, {"product_uom_qty": quantity})]}
    )
