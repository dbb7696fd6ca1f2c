"""An invoice that is stopped: billed in advance, to somebody who pays far too late."""

from datetime import timedelta

from odoo.fields import Command

from .customers import slug

#: Who ordered so many days ago what is done next month, and billed in advance.
CUSTOMER = "Rustwater Plumbing"
ORDERED, DAYS = -170, 4
#: Customers whose oldest invoice is overdue for longer are not billed in advance.
LATE = 90


def stop(stage):
    rule = _write_rule(stage)
    order = _order_training(stage)
    move = order._create_invoices()
    move.invoice_date = stage.today
    move.action_post()
    hold = order.credit_hold_id
    moment = stage.moment(0, order.id) + timedelta(minutes=5)
    stage.hold_moments[hold.id] = (moment, moment, moment)
    stage.date_messages({order: moment, hold: moment, move: moment})
    stage.remember(
        {
            "rule_invoice": rule,
            "invoice_held": move,
            f"hold_invoice_{slug(CUSTOMER)}": hold,
        }
    )


def _write_rule(stage):
    manager = stage.users["credit_manager"]
    rules = stage.as_user(manager, stage.company, stage.env["credit.rule"])
    return rules.create(
        {
            "name": "Nothing billed in advance to customers who do not pay",
            "kind": "days_overdue",
            "days": LATE,
            "at_confirm": False,
            "at_invoice": True,
            "company_id": stage.company.id,
            "sequence": 61,
        }
    )


def _order_training(stage):
    """Return an order of the time when the customer still paid well."""
    customer = stage.customer(CUSTOMER)
    training = stage.env["product.product"].create(
        {
            "name": "Safety training on site, day",
            "type": "service",
            "list_price": 420.0,
            "invoice_policy": "order",
            "taxes_id": [Command.set(stage.company.account_sale_tax_id.ids)],
        }
    )
    order = stage.in_company(customer.company, "sale.order").create(
        {
            "company_id": customer.company.id,
            "partner_id": customer.buyer.id,
            "user_id": customer.seller.id,
            "payment_term_id": customer.term.id,
            "order_line": [
                Command.create({"product_id": training.id, "product_uom_qty": DAYS})
            ],
        }
    )
    stage.order_days[order.id] = ORDERED
    with order._credit_passing():
        order.action_confirm()
    return order
