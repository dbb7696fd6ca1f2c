"""Invoices of the first fifteen months, as taken over from another system."""

from odoo.tools import split_every

from .personalities import PERSONALITIES, plan_orders
from .products import invoice_lines, pick

#: From this day on invoices come from orders.
ORDERS_FROM = -90

#: Invoices made at once.
CHUNK = 100


def plan(stage, customer):
    """Return ``(day, net amount)`` of what the customer bought."""
    personality = PERSONALITIES[customer.row["personality"]]
    name, size = customer.name, customer.row["size"]
    return plan_orders((name, customer.company.name), personality, size, stage.today)


def write_old_invoices(stage):
    for company in (stage.company, stage.europa):
        invoices = [
            _prepare(stage, customer, day, amount)
            for customer in stage.customers
            if customer.company == company
            for day, amount in plan(stage, customer)
            if day < ORDERS_FROM
        ]
        for chunk in split_every(CHUNK, invoices):
            stage.in_company(company, "account.move").create(chunk).action_post()
            stage.take_stock()


def _prepare(stage, customer, day, amount):
    return {
        "move_type": "out_invoice",
        "company_id": customer.company.id,
        "partner_id": customer.partner.id,
        "invoice_user_id": customer.seller.id,
        "invoice_date": stage.date(day),
        "invoice_payment_term_id": customer.term.id,
        "currency_id": customer.currency.id,
        "invoice_line_ids": invoice_lines(pick(stage, customer, amount, day)),
    }
