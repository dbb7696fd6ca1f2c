import random
from collections import Counter
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..engine.exposure import COMPONENTS, limit_used, overdue_days
from .common import CreditCommon

CUSTOMERS = 40
SEED = 20240229
POSTED = ("overdue", "not_due", "unapplied")


@tagged("post_install", "-at_install")
class TestExposureProperty(CreditCommon):
    """What holds for every customer, whatever was booked: on random business in two
    currencies, with taxes, contacts, instalments, partial payments and deposits."""

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
        cls.rows = cls.profiles._exposure_map(cls.company)

    # === RANDOM BUSINESS === #

    @classmethod
    def _somebody(cls):
        return cls.random.choice(cls.random.choice([cls.customers, cls.contacts]))

    @classmethod
    def _sample(cls, records, count):
        return records.browse(cls.random.sample(records.ids, count))

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
            [cls._order_values() for _n in range(60)]
        )
        cls.orders.action_confirm()
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
            [cls._invoice_values() for _n in range(100)]
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

    # === WHAT HOLDS === #

    def _component(self, customer, name):
        return self.rows.get(customer.id, {}).get(name, 0.0)

    def _sum_of_records(self, profile, name):
        model, domain = profile._component_records(name)
        records = self.env[model].search(domain)
        if model == "sale.order":
            return sum(records.mapped(f"credit_{self._field_of(name)}"))
        if name != "draft":
            return sum(records.mapped("amount_residual"))
        return sum(
            move.currency_id._convert(
                sum(items.mapped("amount_residual_currency")),
                self.company.currency_id,
                self.company,
                self.today,
            )
            for move, items in records.grouped("move_id").items()
        )

    def _field_of(self, name):
        return {"order": "open_amount", "deposit": "deposit_amount"}[name]

    def test_the_business_is_rich_enough(self):
        found = Counter(
            name for row in self.rows.values() for name in COMPONENTS if row[name]
        )
        self.assertGreaterEqual(min(found[name] for name in COMPONENTS), 5, found)

    def test_the_records_behind_each_component_add_up_to_it(self):
        for profile in self.all_profiles:
            for name in COMPONENTS:
                self.assertAlmostEqual(
                    self._sum_of_records(profile, name),
                    self._component(profile.partner_id, name),
                    2,
                    f"{name} of {profile.partner_id.name}",
                )

    def test_the_posted_parts_are_the_balance_of_the_ledger(self):
        self.env.cr.execute(
            """
            SELECT partner.commercial_partner_id, SUM(line.balance)
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND line.company_id = %s
             GROUP BY 1
            """,
            [self.company.id],
        )
        ledger = dict(self.env.cr.fetchall())
        for customer in self.customers:
            posted = sum(self._component(customer, name) for name in POSTED)
            self.assertAlmostEqual(posted, float(ledger.get(customer.id, 0.0)), 2)

    def test_the_posted_parts_are_what_core_calls_credit(self):
        for customer in self.customers:
            posted = sum(self._component(customer, name) for name in POSTED)
            # core sums up contacts for themselves
            family = customer + customer.child_ids
            self.assertAlmostEqual(posted, sum(family.mapped("credit")), 2)

    def test_an_order_and_its_invoices_come_to_the_total_of_the_order(self):
        confirmed = self.orders.filtered(lambda order: order.state == "sale")
        for order in confirmed:
            invoices = order.invoice_ids.filtered(lambda move: move.state != "cancel")
            invoiced = sum(invoices.mapped("amount_total_in_currency_signed"))
            total = (
                order.credit_open_amount
                + order.credit_deposit_amount
                + order._credit_convert(invoiced)
            )
            # each line of each document is rounded for itself
            self.assertAlmostEqual(total, order._credit_total(), delta=0.05)

    def test_one_customer_has_the_figures_of_all_customers(self):
        for customer in self.customers[:10]:
            alone = self.profiles._exposure_map(self.company, customer.ids)
            self.assertEqual(alone.get(customer.id), self.rows.get(customer.id))

    def test_the_stored_figures_of_all_are_those_of_the_statement(self):
        self.profiles._refresh_figures(self.company)
        self._assert_stored(self.all_profiles)

    def test_the_stored_figures_of_one_are_those_of_the_statement(self):
        profile = self.all_profiles[7]
        self.profiles._refresh_figures(self.company, profile.partner_id.ids)
        self._assert_stored(profile)

    def test_a_second_refresh_changes_nothing(self):
        self.profiles._refresh_figures(self.company)
        self.assertFalse(self.profiles._refresh_figures(self.company))

    def _assert_stored(self, profiles):
        """The figures of profiles are those of the statement, and of the engine."""
        for profile in profiles:
            row = self.rows.get(profile.partner_id.id, {})
            for name in COMPONENTS:
                self.assertEqual(profile[f"{name}_amount"], row.get(name, 0.0))
            exposure = sum(row.get(name, 0.0) for name in COMPONENTS)
            limit = profile.effective_limit if profile.is_limited else None
            self.assertAlmostEqual(profile.exposure, exposure, 2)
            self.assertAlmostEqual(
                profile.available_credit, limit - exposure if profile.is_limited else 0
            )
            self.assertAlmostEqual(profile.limit_used, limit_used(limit, exposure))
            oldest = row.get("oldest_due")
            self.assertEqual(profile.oldest_due_date or None, oldest)
            self.assertEqual(profile.overdue_days, overdue_days(oldest, self.today))
