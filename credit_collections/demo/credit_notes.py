"""Credit notes, and money that belongs to no invoice."""

from odoo.fields import Command

from .payments import open_invoices, prepare_payment
from .personalities import PERSONALITIES

#: Customer, what for, net amount, and whether it was applied to an open invoice.
CREDIT_NOTES = (
    ("Argent Facades", "Price agreed on was lower", 1150.0, True),
    ("Crosswind Installations", "Allowance for late delivery", 480.0, True),
    ("Hafenkante Schiffsbau", "Allowance for damaged packing", 900.0, True),
    ("Beacon Row Construction", "Volume bonus", 1850.0, False),
)
#: Part of the goods of the oldest open invoice came back.
RETURNED = ("Old Quarry Masonry", 0.2)
#: Money that belongs to no invoice: paid twice, paid ahead, left over.
ON_ACCOUNT = (
    ("Coldbrook Glassworks", -140, 1840.0),
    ("Kingfisher Boatyard", -18, 3120.5),
    ("Corner Shed Hardware", -6, 1400.0),
    ("Pop-Up Pavilion Hire", -4, 1250.0),
    ("Atelier Valbonne", -10, 2500.0),
)
#: Complaints are given in to at last.
CONCEDED_BEFORE = -130


def give(stage):
    _concede_complaints(stage)
    _credit(stage)
    _take_back(stage)
    _receive_on_account(stage)


def _credit(stage):
    for name, reason, amount, is_applied in CREDIT_NOTES:
        customer = stage.customer(name)
        note = _credit_amount(stage, customer, reason, amount)
        if is_applied:
            _apply(open_invoices(stage, customer)[-1:] + note)


def _credit_amount(stage, customer, reason, amount):
    line = {"name": reason, "quantity": 1.0, "price_unit": amount}
    note = stage.in_company(customer.company, "account.move").create(
        {
            "move_type": "out_refund",
            "partner_id": customer.partner.id,
            "invoice_user_id": customer.seller.id,
            "invoice_date": stage.date(-5),
            "currency_id": customer.currency.id,
            "invoice_line_ids": [Command.create(line)],
        }
    )
    note.action_post()
    return note


def _take_back(stage):
    name, share = RETURNED
    move = open_invoices(stage, stage.customer(name))[:1]
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
    note = wizard.new_move_ids
    for line in note.invoice_line_ids:
        line.quantity = max(round(line.quantity * share), 1)
    note.action_post()
    _apply(move + note)


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
