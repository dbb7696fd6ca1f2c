"""What does not happen every day: advances, mistakes, credit notes, spare money."""

from odoo.fields import Command

from .orders import confirm, deliver, invoice, place
from .payments import pay_now, prepare_payment
from .personalities import PERSONALITIES
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
#: Customer, share of the last invoice, and whether it was applied to it.
CREDIT_NOTES = (
    ("Argent Facades", 0.25, True),
    ("Crosswind Installations", 0.5, True),
    ("Beacon Row Construction", 0.3, False),
    ("Hafenkante Schiffsbau", 0.2, True),
)
#: Money that belongs to no invoice: paid twice, paid ahead, left over.
ON_ACCOUNT = (
    ("Coldbrook Glassworks", -140, 1840.0),
    ("Kingfisher Boatyard", -18, 3120.5),
    ("Corner Shed Hardware", -6, 1400.0),
    ("Pop-Up Pavilion Hire", -4, 960.0),
    ("Atelier Valbonne", -10, 2500.0),
)
#: Complaints are given in to at last.
CONCEDED_BEFORE = -130


def tell(stage):
    _concede_complaints(stage)
    _take_down_payments(stage)
    _invoice_partly(stage)
    _invoice_too_much(stage)
    _cancel(stage)
    _credit(stage)
    _receive_on_account(stage)
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


# === CREDIT NOTES AND MONEY === #


def _credit(stage):
    for name, share, is_applied in CREDIT_NOTES:
        last = _last_invoice(stage, stage.customer(name))
        note = _credit_part(stage, last, share)
        if is_applied and last.amount_residual:
            _apply(last + note)


def _last_invoice(stage, customer):
    invoices = stage.env["account.move"].search(
        [
            ("commercial_partner_id", "=", customer.partner.id),
            ("company_id", "=", customer.company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
        ],
        order="invoice_date desc, id desc",
    )
    return invoices.filtered("amount_residual")[:1] or invoices[:1]


def _credit_part(stage, move, share):
    wizard = stage.in_company(move.company_id, "account.move.reversal")
    wizard = wizard.with_context(active_model="account.move", active_ids=move.ids)
    wizard = wizard.create(
        {
            "reason": "Goods returned",
            "journal_id": move.journal_id.id,
            "date": stage.date(-5),
        }
    )
    wizard.refund_moves()
    for line in wizard.new_move_ids.invoice_line_ids:
        line.quantity = max(round(line.quantity * share), 1)
    wizard.new_move_ids.action_post()
    return wizard.new_move_ids


def _apply(moves):
    moves.line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    ).reconcile()


def _concede_complaints(stage):
    """Credit what disputing customers never paid of old invoices, all at once."""
    disputers = [
        customer
        for customer in stage.customers
        if PERSONALITIES[customer.row["personality"]].share < 1
    ]
    partners = stage.env["res.partner"].union(*(one.partner for one in disputers))
    for company in (stage.company, stage.europa):
        items = stage.in_company(company, "account.move.line").search(
            [
                ("company_id", "=", company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("partner_id", "in", partners.ids),
                ("parent_state", "=", "posted"),
                ("date_maturity", "<", stage.date(CONCEDED_BEFORE)),
                ("amount_residual", ">", 0),
            ]
        )
        moves = stage.in_company(company, "account.move")
        notes = moves.create([_prepare_allowance(stage, item) for item in items])
        notes.action_post()
        items._reconcile_plan(
            [
                item + note.line_ids.filtered("date_maturity")
                for item, note in zip(items, notes, strict=True)
            ]
        )


def _prepare_allowance(stage, item):
    return {
        "move_type": "out_refund",
        "company_id": item.company_id.id,
        "partner_id": item.partner_id.id,
        "invoice_date": min(item.date_maturity.replace(day=28), stage.date(-60)),
        "currency_id": item.currency_id.id,
        "ref": f"Complaint about {item.move_name}",
        "invoice_line_ids": [
            Command.create(
                {
                    "name": f"Allowance on {item.move_name}",
                    "price_unit": item.amount_residual_currency,
                    "tax_ids": [Command.clear()],
                }
            )
        ],
    }


def _receive_on_account(stage):
    values = []
    for name, day, amount in ON_ACCOUNT:
        customer = stage.customer(name)
        money = (customer.company, customer.partner, customer.currency)
        values.append({**prepare_payment(stage, *money, day), "amount": amount})
    stage.in_company(stage.company, "account.payment").create(values).action_post()


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
