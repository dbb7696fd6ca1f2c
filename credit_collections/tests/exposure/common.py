import random
from datetime import timedelta

from odoo.fields import Command

from ..common import CreditCommon

CUSTOMERS = 40
SEED = 20240229


class RandomBusiness(CreditCommon):
    """Random but always the same business of forty customers: orders, deposits,
    invoices of parts, drafts, instalments and payments, in two currencies."""

    #: How much of it there is, where a part will do.
    size = 1.0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(SEED)
        cls.euro = cls.setup_other_currency("EUR", rates=[("2000-01-01", 0.8)])
        cls.env["res.currency.rate"].create(
            {
                "name": cls.today - timedelta(days=30),
                "rate": 0.93,
                "currency_id": cls.euro.id,
                "company_id": cls.company.id,
            }
        )
        cls.euros = cls.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": cls.euro.id}
        )
        cls.tax = cls.env["account.tax"].create({"name": "19 %", "amount": 19.0})
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"No. {n}", "is_company": True} for n in range(CUSTOMERS)]
        )
        cls.contacts = cls.env["res.partner"].create(
            [{"name": "Contact", "parent_id": one.id} for one in cls.customers]
        )
        cls._sell()
        cls._bill()
        cls._collect_money()
        cls.all_profiles = cls._profile(cls.customers)
        cls._limit()

    @classmethod
    def _somebody(cls):
        return cls.random.choice(cls.random.choice([cls.customers, cls.contacts]))

    @classmethod
    def _sample(cls, records, count):
        return records.browse(cls.random.sample(records.ids, cls._so_many(count)))

    @classmethod
    def _so_many(cls, count):
        return round(count * cls.size)

    @classmethod
    def _price(cls):
        return round(cls.random.uniform(0.5, 900.0), 2)

    @classmethod
    def _taxes(cls):
        return [Command.set(cls.tax.ids if cls.random.random() < 0.6 else [])]

    @classmethod
    def _sell(cls):
        """Confirm orders, with down payments and invoices of parts for some of them."""
        cls.orders = cls.env["sale.order"].create(
            [cls._order_values() for _n in range(cls._so_many(60))]
        )
        cls.orders.action_confirm()
        for order in cls._sample(cls.orders, 25):
            line = order.order_line[0].sudo()  # as deliveries write it
            line.qty_delivered = cls.random.randint(1, 7)
        for order in cls._sample(cls.orders, 10):
            cls._down_payment(order, share=0.25, post=cls.random.random() < 0.7)
        for order in cls._sample(cls.orders, 20):
            invoice = order._create_invoices(final=True)
            goods = invoice.invoice_line_ids.filtered(lambda line: line.quantity > 1)
            for line in goods:
                line.quantity = cls.random.randint(1, int(line.quantity))
            if cls.random.random() < 0.6 and invoice.amount_total > 0:
                invoice.action_post()
        for order in cls._sample(cls.orders, 5):
            order._action_cancel()

    @classmethod
    def _order_values(cls):
        partner = cls._somebody()
        lines = [
            {
                "product_id": cls.product.id,
                "product_uom_qty": cls.random.randint(1, 7),
                "price_unit": cls._price(),
                "discount": cls.random.choice([0, 0, 5, 33.3]),
                "tax_ids": cls._taxes(),
            }
            for _n in range(cls.random.randint(1, 3))
        ]
        values = {
            "partner_id": partner.id,
            "order_line": [Command.create(line) for line in lines],
        }
        if cls.random.random() < 0.4:
            values["pricelist_id"] = cls.euros.id
        return values

    @classmethod
    def _bill(cls):
        """Book invoices and credit notes; some stay drafts."""
        cls.invoices = cls.env["account.move"].create(
            [cls._invoice_values() for _n in range(cls._so_many(100))]
        )
        (cls.invoices - cls._sample(cls.invoices, 20)).action_post()

    @classmethod
    def _invoice_values(cls):
        day = cls.today - timedelta(days=cls.random.randint(0, 90))
        values = {
            "move_type": cls.random.choice(["out_invoice"] * 5 + ["out_refund"]),
            "partner_id": cls._somebody().id,
            "invoice_date": day,
            "invoice_payment_term_id": cls.random.choice(
                [cls.pay_terms_a, cls.pay_terms_b]
            ).id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": "Goods",
                        "price_unit": cls._price(),
                        "tax_ids": cls._taxes(),
                    }
                )
            ],
        }
        if cls.random.random() < 0.4:
            values["currency_id"] = cls.euro.id
        return values

    @classmethod
    def _collect_money(cls):
        """Receive payments: of an invoice in full or part, too much, or on account."""
        posted = cls.invoices.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        for invoice in cls._sample(posted, 20):
            share = cls.random.choice([0.3, 0.7, 1.0, 1.2])
            cls._payment(
                invoice.partner_id,
                invoice.currency_id.round(invoice.amount_total * share),
                invoices=cls.random.choice([invoice, invoice, None]),
                currency_id=invoice.currency_id.id,
            )

    @classmethod
    def _limit(cls):
        for profile in cls.all_profiles:
            policy = cls.random.choice(["default", "limited", "unlimited", "none"])
            profile.write({"limit_policy": policy, "credit_limit": cls._price()})
