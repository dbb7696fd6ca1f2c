"""Exemplar documents, made through the ORM: what the cloner multiplies.

Prices are multiples of 9 and the rate is 0.9, so that every amount times a whole
factor is exact in both currencies and Odoo would have written the same digits.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from odoo.fields import Command

AGE = 100  # days before today on which every exemplar is dated
PRICE = 9.0
RATE = 0.9
TABLES = (
    "res_partner",
    "account_move",
    "account_move_line",
    "account_payment",
    "account_full_reconcile",
    "account_partial_reconcile",
    "sale_order",
    "sale_order_line",
)
RELATIONS = (
    ("account_move__account_payment", "invoice_id", "payment_id"),
    ("sale_order_line_invoice_rel", "invoice_line_id", "order_line_id"),
)


@dataclass
class Exemplar:
    """The rows of one document, table by table, and the words in them to replace."""

    kind: str
    rows: dict = field(default_factory=dict)
    open_lines: int = 0  # receivable lines with a residual
    weight: float = 1.0  # share of its combination of company and currency

    def add(self, records):
        """Take over ``records``; several calls may name the same ones."""
        ids = self.rows.setdefault(records._table, [])
        ids += [id_ for id_ in records.ids if id_ not in ids]


def setup_companies(env):
    """Company 1 in USD and company 2 in EUR, each with accounts and one fixed rate."""
    usd, eur = env.ref("base.USD"), env.ref("base.EUR")
    (usd | eur).active = True
    rates = env["res.currency.rate"]
    rates.search([("currency_id", "in", (usd | eur).ids)]).unlink()
    long_ago = "2000-01-01"
    for currency, rate in ((usd, 1.0), (eur, RATE)):
        values = {"name": long_ago, "currency_id": currency.id, "rate": rate}
        rates.create({**values, "company_id": False})
    first = env.ref("base.main_company")
    values = {"name": "Bench Two", "currency_id": eur.id, "country_id": False}
    second = env["res.company"].create(values)
    env["account.chart.template"].try_loading("generic_coa", second)
    for company in first | second:
        _setup_payment_accounts(env, company)
    first.account_use_credit_limit = True
    second.account_use_credit_limit = True
    return first, second


def _setup_payment_accounts(env, company):
    """Without an outstanding account a payment has no journal entry to reconcile."""
    account = env["account.account"].with_company(company)
    own = ("company_ids", "in", company.ids)
    domain = [own, ("account_type", "=", "asset_current")]
    outstanding = account.search(domain, limit=1)
    journals = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")]
    )
    journals.inbound_payment_method_line_ids.payment_account_id = outstanding
    outstanding.reconcile = True


def setup_product(env):
    values = {"name": "Bench service", "type": "service", "invoice_policy": "order"}
    prices = {"list_price": PRICE, "taxes_id": [Command.clear()]}
    return env["product.product"].create({**values, **prices})


def make_customers(env):
    """A customer with a contact, and one without; both are named EXEMPLAR."""
    values = {
        "name": "EXEMPLAR",
        "is_company": True,
        "customer_rank": 1,
        "email": "exemplar@example.com",
    }
    partners = env["res.partner"]
    single, parent = Exemplar("single"), Exemplar("with contact")
    single.add(partners.create(values))
    customer = partners.create(values)
    contact = {"name": "EXEMPLAR contact", "parent_id": customer.id, "type": "invoice"}
    parent.add(customer + partners.create(contact))
    return single, parent


class DocumentMaker:
    """Makes the exemplars of one company in one currency."""

    def __init__(self, env, company, currency, customer, product, today):
        self.env = env(context={"allowed_company_ids": company.ids})
        self.company, self.currency = company.with_env(self.env), currency
        self.customer = customer.with_env(self.env)
        self.product, self.date = product, today - timedelta(days=AGE)
        values = {"name": currency.name, "currency_id": currency.id}
        self.pricelist = self.env["product.pricelist"].create(values)
        terms = self.env["account.payment.term"]
        self.term = terms.create({"name": "30 days", "line_ids": self._lines(100)})
        halves = self._lines(50) + self._lines(50, days=60)
        self.instalments = terms.create({"name": "2 instalments", "line_ids": halves})

    @staticmethod
    def _lines(percent, days=30):
        values = {"value": "percent", "value_amount": percent, "nb_days": days}
        return [Command.create(values)]

    def open_documents(self):
        """What makes up the open receivables, and the drafts beside them."""
        return [
            self._exemplar("open", 0.72, self._invoice()),
            self._exemplar("instalments", 0.08, self._invoice(self.instalments)),
            self._paid("part-paid", 0.10, share=0.5),
            self._exemplar("credit note", 0.03, self._invoice(kind="out_refund")),
            self._exemplar("unapplied payment", 0.03, payment=self._payment()),
            self._exemplar("draft", 0.04, self._invoice(post=False)),
        ]

    def paid(self):
        return self._paid("paid", 1.0, share=1)

    def orders(self):
        contact = self.customer.child_ids
        return [
            self._order("order", 0.6, self.customer),
            self._order("order of a contact", 0.3, contact),
            self._order("order half invoiced", 0.1, self.customer, invoiced=1),
        ]

    def _exemplar(self, kind, weight, invoice=None, payment=None):
        """Everything that hangs together with ``invoice`` and ``payment``."""
        exemplar = Exemplar(kind, weight=weight)
        invoices = self.env["account.move"] if invoice is None else invoice
        payments = self.env["account.payment"] if payment is None else payment
        lines = (invoices | payments.move_id).line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        for records in (invoices, payments, payments.move_id, lines, partials):
            exemplar.add(records)
        exemplar.add(lines.full_reconcile_id)
        receivables = lines.filtered(lambda line: line.parent_state == "posted")
        exemplar.open_lines = len(receivables.filtered(self._is_open))
        return exemplar

    @staticmethod
    def _is_open(line):
        return line.account_type == "asset_receivable" and not line.reconciled

    def _invoice(self, term=None, kind="out_invoice", post=True):
        line = {"product_id": self.product.id, "quantity": 2, "price_unit": PRICE}
        values = {
            "move_type": kind,
            "partner_id": self.customer.id,
            "currency_id": self.currency.id,
            "invoice_date": self.date,
            "invoice_payment_term_id": (term or self.term).id,
            "invoice_line_ids": [Command.create({**line, "tax_ids": []})],
        }
        invoice = self.env["account.move"].create(values)
        if post:
            invoice.action_post()
        return invoice

    def _payment(self):
        values = {
            "payment_type": "inbound",
            "partner_id": self.customer.id,
            "currency_id": self.currency.id,
            "amount": PRICE,
            "date": self.date + timedelta(days=20),
        }
        payment = self.env["account.payment"].create(values)
        payment.action_post()
        return payment

    def _paid(self, kind, weight, share):
        invoice = self._invoice()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        values = {
            "amount": invoice.amount_total * share,
            "currency_id": self.currency.id,
            "payment_date": self.date + timedelta(days=20),
        }
        payment = wizard.create(values)._create_payments()
        return self._exemplar(kind, weight, invoice, payment)

    def _order(self, kind, weight, partner, invoiced=0):
        line = {"product_id": self.product.id, "price_unit": PRICE}
        lines = [{**line, "product_uom_qty": quantity} for quantity in (2, 4)]
        values = {
            "partner_id": partner.id,
            "partner_invoice_id": partner.id,
            "pricelist_id": self.pricelist.id,
            "payment_term_id": self.term.id,
            "order_line": [Command.create(values) for values in lines],
        }
        order = self.env["sale.order"].create(values)
        order.action_confirm()
        order.date_order = f"{self.date} 12:00:00"
        invoices = order._create_invoices() if invoiced else self.env["account.move"]
        if invoiced:
            self._post_half(order, invoices)
        exemplar = self._exemplar(kind, weight, invoices)
        exemplar.add(order)
        exemplar.add(order.order_line)
        return exemplar

    def _post_half(self, order, invoice):
        for line in invoice.invoice_line_ids:
            line.quantity /= 2
        invoice.invoice_date = self.date
        invoice.action_post()
        order.flush_recordset()
