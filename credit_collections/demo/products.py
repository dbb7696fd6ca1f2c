"""What the wholesaler sells, and how an order of some amount is made up of it."""

from odoo.fields import Command

from .personalities import chance

#: Net price per piece.
PRODUCTS = {
    "Wood screws 5 × 60, box of 500": 18.40,
    "Hex bolts M10 × 80, box of 100": 36.90,
    "Galvanised nails 90 mm, 5 kg": 24.50,
    "Construction adhesive, case of 12": 64.80,
    "Silicone sealant, case of 20": 98.00,
    "Safety gloves, pack of 12": 29.90,
    "Hard hat with visor": 41.50,
    "Circular saw blade 190 mm": 22.70,
    "Cordless drill 18 V": 189.00,
    "Angle grinder 1,400 W": 134.00,
    "Laser level, green beam": 279.00,
    "Extension ladder 8 m": 312.00,
    "Scaffold board 3 m": 46.20,
    "Workshop vacuum 30 l": 219.00,
    "Rotary hammer SDS-max": 468.00,
    "Site radio": 118.00,
}

#: What a thing for that many dollars is sold for in euros.
EURO_PRICE = 0.95


def set_up(stage):
    companies = stage.company + stage.europa
    stage.products = stage.env["product.product"].create(
        [
            {
                "name": name,
                "type": "consu",
                "list_price": price,
                "standard_price": round(price * 0.68, 2),
                "invoice_policy": "order",
                "taxes_id": [Command.set(companies.account_sale_tax_id.ids)],
                "supplier_taxes_id": [
                    Command.set(companies.account_purchase_tax_id.ids)
                ],
            }
            for name, price in PRODUCTS.items()
        ]
    )


def pick(stage, customer, amount, *key):
    """Return ``(product, quantity, price)`` of goods of about ``amount``, net.

    :param key: the same customer, key and amount give the same goods
    """
    luck = chance(customer.name, *key)
    factor = EURO_PRICE if customer.currency.name == "EUR" else 1.0
    products = luck.sample(list(stage.products), 2 if amount < 4000 else 3)
    # the cheapest comes last, so that its quantity can make up for what is left
    products.sort(key=lambda product: -product.list_price)
    goods, left = [], amount
    for number, product in enumerate(products):
        price = round(product.list_price * factor, 2)
        part = left / (len(products) - number)
        quantity = max(round(part / price), 1)
        goods.append((product, quantity, price))
        left -= quantity * price
    return goods


def order_lines(goods):
    return [
        Command.create(
            {"product_id": product.id, "product_uom_qty": quantity, "price_unit": price}
        )
        for product, quantity, price in goods
    ]


def invoice_lines(goods):
    return [
        Command.create(
            {"product_id": product.id, "quantity": quantity, "price_unit": price}
        )
        for product, quantity, price in goods
    ]
