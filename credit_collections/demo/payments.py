"""What customers paid: whole months of invoices at once, some of them only in part."""

from collections import defaultdict

from odoo.fields import Command
from odoo.tools import split_every

from .personalities import PERSONALITIES, chance, plan_payment

#: Payments made at once: with more of them, Odoo's statements on what is paid by what
#: take longer than the payments.
CHUNK = 25


def receive(stage):
    for company in (stage.company, stage.europa):
        _receive(stage, company)


def _receive(stage, company):
    """Create, post and reconcile the payments of a company, some at a time."""
    customers = {
        customer.partner: customer
        for customer in stage.customers
        if customer.company == company
    }
    bundles = _bundle(stage, customers, _open_items(stage, company, customers))
    for chunk in split_every(CHUNK, bundles.items()):
        payments = stage.in_company(company, "account.payment").create(
            [_prepare(stage, company, key, items) for key, items in chunk]
        )
        payments.action_post()
        settle(payments, [_items_of(items) for _key, items in chunk])
        stage.take_stock()


def _open_items(stage, company, customers):
    partners = stage.env["res.partner"].union(*customers)
    return stage.in_company(company, "account.move.line").search(
        [
            ("company_id", "=", company.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("move_id.move_type", "=", "out_invoice"),
            ("parent_state", "=", "posted"),
            ("partner_id", "in", partners.ids),
            ("reconciled", "=", False),
        ],
        order="date_maturity, id",
    )


def _bundle(stage, customers, items):
    """Return what is paid together: ``{(customer, day, number): [(item, amount)]}``."""
    bundles = defaultdict(list)
    for number, item in enumerate(items):
        customer = customers[item.partner_id]
        personality = PERSONALITIES[customer.row["personality"]]
        luck = chance(customer.name, item.date_maturity - stage.today, "pays")
        stops = customer.row["stops"]
        stopped = -int(stops) if stops else None
        day = plan_payment(personality, luck, stage.day(item.date_maturity), stopped)
        if day is None:
            continue
        day = max(day, stage.day(item.date))
        amount = item.amount_residual_currency
        is_part = personality.share < 1 and luck.random() < 0.5
        if is_part:
            amount = item.currency_id.round(amount * personality.share)
        bundles[customer.name, day, number if is_part else 0].append((item, amount))
    return bundles


def _items_of(bundle):
    # browsed anew: they shall not be read together with all other items
    return bundle[0][0].browse([item.id for item, _amount in bundle])


def _prepare(stage, company, key, bundle):
    _name, day, _number = key
    items = _items_of(bundle)
    return {
        **prepare_payment(stage, company, items.partner_id, items.currency_id, day),
        "amount": sum(amount for _item, amount in bundle),
        "memo": ", ".join(dict.fromkeys(items.mapped("move_name"))),
        "invoice_ids": [Command.set(items.move_id.ids)],
    }


def prepare_payment(stage, company, partner, currency, day):
    journal = stage.in_company(company, "account.journal").search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    return {
        "company_id": company.id,
        "partner_id": partner.id,
        "partner_type": "customer",
        "payment_type": "inbound",
        "date": stage.date(day),
        "journal_id": journal.id,
        "currency_id": currency.id,
    }


def settle(payments, items_of_payments):
    """Reconcile payments with the items they pay, as the payment wizard does."""
    plan = []
    for payment, items in zip(payments, items_of_payments, strict=True):
        counterpart = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        plan.append(counterpart + items)
    payments.env["account.move.line"]._reconcile_plan(plan)


def pay_now(stage, invoices, day=0, amount=None):
    """Pay invoices through the wizard that people use.

    :param amount: less than what is open, the rest stays open
    """
    wizard = stage.env["account.payment.register"].with_company(invoices.company_id)
    values = {"payment_date": stage.date(day), "group_payment": True}
    if amount:
        values["amount"] = amount
    return (
        wizard.with_context(active_model="account.move", active_ids=invoices.ids)
        .create(values)
        ._create_payments()
    )


def open_invoices(stage, customer):
    """Return what a customer has not paid, the oldest first."""
    return stage.env["account.move"].search(
        [
            ("commercial_partner_id", "=", customer.partner.id),
            ("company_id", "=", customer.company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
        ],
        order="invoice_date, id",
    )


def _apply(moves):
    moves.line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    ).reconcile()
