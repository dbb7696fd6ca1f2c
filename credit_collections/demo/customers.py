"""The customers of ``customers.csv``, with contact persons and payment terms."""

import csv
import re

from odoo.tools import file_open

from .stage import Customer

TERMS = {
    "immediate": "account.account_payment_term_immediate",
    "15": "account.account_payment_term_15days",
    "30": "account.account_payment_term_30days",
    "45": "account.account_payment_term_45days",
    "month": "account.account_payment_term_end_following_month",
    "advance": "account.account_payment_term_advance_60days",
}
GROUP = "Brightwater Group"


def set_up(stage):
    rows = _read()
    partners = _create_partners(stage, rows)
    _add_contacts(stage, rows, partners)
    for row in rows:
        stage.customers.append(_introduce(stage, row, partners[row["name"]]))
    _set_defaults(stage)


def _read():
    with file_open("credit_collections/demo/customers.csv") as file:
        return list(csv.DictReader(file))


def slug(name):
    return re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")


def _phone(number, country):
    """Return a number that rings nowhere; one customer in nine has given none."""
    prefix = {"US": "+1 202 555 01"}.get(country)
    return f"{prefix}{number % 100:02}" if prefix and number % 9 else False


def _create_partners(stage, rows):
    """Create each customer once, also those of both companies: ``{name: partner}``."""
    unique = {row["name"]: row for row in reversed(rows)}
    countries = stage.env["res.country"].search([])
    country_ids = {country.code: country.id for country in countries}
    partners = stage.env["res.partner"].create(
        [
            {
                "name": name,
                "is_company": True,
                "city": row["city"],
                "country_id": country_ids[row["country"]],
                "email": f"office@{slug(name).replace('_', '-')}.example.com",
                "street": f"{number} Market Street",
                "phone": _phone(number, row["country"]),
                "user_id": stage.users[row["seller"]].id,
            }
            for number, (name, row) in enumerate(unique.items(), start=10)
        ]
    )
    partners = dict(zip(unique, partners, strict=True))
    group = partners[GROUP]
    for name, partner in partners.items():
        if name.startswith("Brightwater") and partner != group:
            partner.parent_id = group
    stage.remember(
        {f"customer_{slug(name)}": partner for name, partner in partners.items()}
    )
    return partners


def _add_contacts(stage, rows, partners):
    names = dict.fromkeys(row["name"] for row in rows if row["contacts"])
    stage.env["res.partner"].create(
        [
            {
                "name": title,
                "parent_id": partners[name].id,
                "type": kind,
                "email": f"{mailbox}@{slug(name).replace('_', '-')}.example.com",
                "user_id": partners[name].user_id.id,
            }
            for name in names
            for title, kind, mailbox in (
                ("Purchasing", "contact", "purchasing"),
                ("Accounts payable", "invoice", "ap"),
            )
        ]
    )


def _introduce(stage, row, partner):
    company = stage.europa if row["company"] else stage.company
    currency = stage.env.ref("base.EUR") if row["currency"] else company.currency_id
    return Customer(
        row=row,
        partner=partner,
        company=company,
        seller=stage.users[row["seller"]],
        term=stage.env.ref(TERMS[row["terms"]]),
        currency=currency,
    )


def _set_defaults(stage):
    """New quotations of a customer start with the terms and the prices agreed on."""
    for customer in stage.customers:
        partner = customer.partner.with_company(customer.company)
        partner.property_payment_term_id = customer.term
        if customer.currency != customer.company.currency_id:
            partner.specific_property_product_pricelist = stage.pricelist
