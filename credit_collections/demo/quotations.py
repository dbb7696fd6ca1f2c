"""Quotations that wait for a click: those that pass, and those that would be held."""

from .orders import place

#: External id or nothing, customer, day, share of the limit or net amount, sent.
QUOTATIONS = (
    ("order_to_pass", "Alder & Finch Builders", -1, 0.15, True),
    ("order_to_hold", "Greenline Solar Mounts", 0, 0.2, True),
    ("order_too_large", "Lantern Hill Brewery", -2, 14500.0, False),
    (None, "Beacon Row Construction", -3, 0.1, True),
    (None, "Cedar Gate Carpentry", -5, 780.0, False),
    (None, "Sunfield Nurseries", -8, 0.2, True),
    (None, "Municipality of Port Ashby", -4, 18900.0, True),
    (None, "Atelier Valbonne", -6, 0.1, True),
    (None, "Dunmore Roofing", 0, 0.1, False),
)
WITH_TAX = 1.15


def write(stage):
    planned = [
        (stage.customer(name), day, net_amount(stage, stage.customer(name), amount))
        for _id, name, day, amount, _sent in QUOTATIONS
    ]
    orders = place(stage, planned)
    orders.browse(
        order.id
        for order, (*_row, is_sent) in zip(orders, QUOTATIONS, strict=True)
        if is_sent
    ).action_quotation_sent()
    stage.remember(
        {row[0]: order for row, order in zip(QUOTATIONS, orders, strict=True) if row[0]}
    )


def net_amount(stage, customer, amount):
    """Return a net amount; one of 2.0 or less is a share of the limit, with taxes."""
    if amount > 2.0:
        return amount
    profile = profile_of(stage, customer)
    total = profile.effective_limit * amount / WITH_TAX
    company = customer.company
    return company.currency_id._convert(total, customer.currency, company, stage.today)


def profile_of(stage, customer):
    return stage.env["credit.profile"]._ensure(customer.company, customer.partner.ids)
