"""Orders that do not happen every day: advances, parts, mistakes."""

from .orders import confirm, deliver, invoice, place
from .payments import pay_now
from .products import invoice_lines, pick

#: Customer, day and net amount of the order, share in advance, whether it was paid, and
#: whether the rest is invoiced, too.
DOWN_PAYMENTS = (
    ("Lakeside Holiday Parks", -24, 26000.0, 30, True, False),
    ("Foxglove Modular Homes", -12, 14000.0, 25, False, False),
    ("Alder & Finch Builders", -52, 6400.0, 40, True, True),
)
PARTLY_INVOICED = (
    ("Granite Pass Contractors", -33, 12400.0),
    ("Hollow Oak Furniture", -21, 3900.0),
    ("Brightwater Rail Services", -17, 5200.0),
)
OVER_INVOICED = ("Pinecrest Decking", -26, 1900.0)
CANCELLED = (
    ("Larkfield Maintenance", -44, 1250.0),
    ("Vesper Hill Restorations", -30, 4100.0),
    ("Kingfisher Boatyard", -13, 2700.0),
)


def tell(stage):
    _take_down_payments(stage)
    _invoice_partly(stage)
    _invoice_too_much(stage)
    _cancel(stage)
    _buy_from_a_customer(stage)


def _sell_one(stage, name, day, amount):
    return confirm(stage, place(stage, [(stage.customer(name), day, amount)]))


# === ORDERS === #


def _take_down_payments(stage):
    for name, day, amount, share, is_paid, is_finished in DOWN_PAYMENTS:
        order = _sell_one(stage, name, day, amount)
        wizard = stage.in_company(stage.company, "sale.advance.payment.inv").create(
            {
                "advance_payment_method": "percentage",
                "amount": share,
                "sale_order_ids": order.ids,
            }
        )
        advance = wizard._create_invoices(order)
        advance.invoice_date = stage.date(day + 1)
        advance.action_post()
        if is_paid:
            pay_now(stage, advance, day=day + 8)
        if is_finished:
            deliver(order)
            rest = order._create_invoices(final=True)
            rest.invoice_date = stage.date(day + 15)
            rest.action_post()


def _invoice_partly(stage):
    def halve(invoices):
        for line in invoices.invoice_line_ids:
            line.quantity = max(line.quantity // 2, 1)

    planned = [(stage.customer(name), *rest) for name, *rest in PARTLY_INVOICED]
    invoice(stage, confirm(stage, place(stage, planned)), change=halve)


def _invoice_too_much(stage):
    def add_half(invoices):
        for line in invoices.invoice_line_ids[:1]:
            line.quantity += max(line.quantity // 2, 1)

    order = _sell_one(stage, *OVER_INVOICED)
    deliver(order)
    invoice(stage, order, change=add_half)


def _cancel(stage):
    planned = [(stage.customer(name), *rest) for name, *rest in CANCELLED]
    orders = place(stage, planned)
    confirm(stage, orders[1:])
    orders._action_cancel()


def _buy_from_a_customer(stage):
    """A customer who is a vendor as well."""
    customer = stage.customer("Stonefield Fasteners")
    bill = stage.in_company(stage.company, "account.move").create(
        {
            "move_type": "in_invoice",
            "partner_id": customer.partner.id,
            "invoice_date": stage.date(-22),
            "ref": "SF-20417",
            "invoice_line_ids": invoice_lines(pick(stage, customer, 5600.0, "bill")),
        }
    )
    bill.action_post()
