from datetime import timedelta

from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureCurrencies(CreditCommon):
    """The company keeps its books in EUR. What is booked counts at its booked amount,
    what is not booked yet at today's rate.

    One EUR was 2 USD and 100 JPY; since ten days it is 4 USD and 200 JPY.
    """

    shares_books = False  # its company has another currency

    @classmethod
    def setup_independent_company(cls, **kwargs):
        euro = cls.env.ref("base.EUR")
        return super().setup_independent_company(currency_id=euro.id, **kwargs)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.change = cls.today - timedelta(days=10)
        cls.dollar = cls._foreign("USD", 2.0, 4.0)
        cls.yen = cls._foreign("JPY", 100.0, 200.0)

    @classmethod
    def _foreign(cls, code, before, since):
        return cls.setup_other_currency(
            code, rates=[("2000-01-01", before), (cls.change, since)]
        )

    @classmethod
    def _pricelist(cls, currency):
        return cls.env["product.pricelist"].create(
            {"name": currency.name, "currency_id": currency.id}
        )

    def _foreign_order(self, currency, amount, quantity=1):
        pricelist = self._pricelist(currency)
        return self._confirmed(
            amount=amount, quantity=quantity, pricelist_id=pricelist.id
        )

    def _set_rate_of_today(self, currency, rate):
        self.env["res.currency.rate"].create(
            {
                "name": self.today,
                "rate": rate,
                "currency_id": currency.id,
                "company_id": self.company.id,
            }
        )

    # === BOOKED === #

    def test_a_posted_invoice_counts_what_was_booked_then(self):
        # 1000 USD, 20 days ago: 500 EUR, although they are worth 250 EUR today
        self._receivable(amount=1000.0, due_in=-20, currency_id=self.dollar.id)
        self.assertEqual(self._exposure(), {"overdue": 500.0})

    def test_the_rate_of_today_changes_nothing_that_is_booked(self):
        self._receivable(amount=1000.0, due_in=-20, currency_id=self.dollar.id)
        self._set_rate_of_today(self.dollar, 8.0)
        self.assertEqual(self._exposure(), {"overdue": 500.0})

    def test_a_partial_payment_leaves_the_booked_share(self):
        # 1000 USD = 500 EUR; 600 USD paid at the same rate: 200 EUR are left
        invoice = self._receivable(
            amount=1000.0, due_in=-20, currency_id=self.dollar.id
        )
        self._payment(
            amount=600.0,
            invoices=invoice,
            currency_id=self.dollar.id,
            date=self.today - timedelta(days=20),
        )
        self.assertEqual(self._exposure(), {"overdue": 200.0})

    def test_a_full_payment_at_another_rate_leaves_nothing(self):
        # 1000 USD = 500 EUR; the 1000 USD paid today are 250 EUR; Odoo books the loss
        invoice = self._receivable(
            amount=1000.0, due_in=-20, currency_id=self.dollar.id
        )
        self._payment(amount=1000.0, invoices=invoice, currency_id=self.dollar.id)
        self.assertEqual(self._exposure(), {})

    def test_an_unapplied_payment_counts_what_was_booked(self):
        # 100 USD today = 25 EUR
        self._payment(amount=100.0, currency_id=self.dollar.id)
        self.assertEqual(self._exposure(), {"unapplied": -25.0})

    def test_a_posted_invoice_in_yen_counts_what_was_booked(self):
        # 12345 JPY, 20 days ago: 123.45 EUR
        self._receivable(amount=12345.0, due_in=-20, currency_id=self.yen.id)
        self.assertEqual(self._exposure(), {"overdue": 123.45})

    def test_currencies_add_up_in_that_of_the_company(self):
        # 30 EUR + 1000 USD (500) + 10000 JPY (100) = 630 EUR
        self._receivable(amount=30.0, due_in=-20)
        self._receivable(amount=1000.0, due_in=-20, currency_id=self.dollar.id)
        self._receivable(amount=10000.0, due_in=-20, currency_id=self.yen.id)
        self.assertEqual(self._exposure(), {"overdue": 630.0})

    # === NOT BOOKED YET === #

    def test_a_draft_invoice_counts_at_the_rate_of_today(self):
        # 1000 USD = 250 EUR today, whatever date is on the draft
        self._receivable(
            amount=1000.0, due_in=-20, post=False, currency_id=self.dollar.id
        )
        self.assertEqual(self._exposure(), {"draft": 250.0})

    def test_a_draft_invoice_follows_the_rate(self):
        self._receivable(amount=1000.0, post=False, currency_id=self.dollar.id)
        self._set_rate_of_today(self.dollar, 8.0)
        self.assertEqual(self._exposure(), {"draft": 125.0})

    def test_a_draft_in_the_own_currency_counts_as_it_is(self):
        self._receivable(amount=33.33, post=False)
        self.assertEqual(self._exposure(), {"draft": 33.33})

    def test_an_order_counts_at_the_rate_of_today(self):
        # 1000 USD = 250 EUR
        self._foreign_order(self.dollar, 1000.0)
        self.assertEqual(self._exposure(), {"order": 250.0})

    def test_an_order_follows_the_rate(self):
        order = self._foreign_order(self.dollar, 1000.0)
        self._set_rate_of_today(self.dollar, 8.0)
        self.assertEqual(self._exposure(), {"order": 125.0})
        self.assertEqual(order.credit_open_amount, 125.0)

    def test_the_rest_of_an_order_counts_at_the_rate_of_today(self):
        # 4 pieces at 250 USD, 1 invoiced: 62.50 EUR booked, 750 USD = 187.50 EUR left
        order = self._foreign_order(self.dollar, 1000.0, quantity=4)
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.quantity = 1
        invoice.action_post()
        self.assertEqual(self._exposure(), {"not_due": 62.5, "order": 187.5})

    def test_a_down_payment_counts_at_the_rate_of_today(self):
        # 30 % of 1000 USD: 300 USD = 75 EUR of 250 EUR
        order = self._foreign_order(self.dollar, 1000.0)
        self._down_payment(order, share=0.3)
        self.assertEqual(
            self._exposure(), {"not_due": 75.0, "order": 250.0, "deposit": -75.0}
        )

    # === RATES AND ROUNDING === #

    def test_a_draft_in_yen_is_rounded_to_cents(self):
        # 3333 JPY / 200 = 16.665 EUR, half a cent goes up
        self._receivable(amount=3333.0, post=False, currency_id=self.yen.id)
        self.assertEqual(self._exposure(), {"draft": 16.67})

    def test_an_order_in_yen_is_rounded_to_cents(self):
        self._foreign_order(self.yen, 3333.0)
        self.assertEqual(self._exposure(), {"order": 16.67})

    def test_each_document_is_rounded_for_itself(self):
        # 2 * 3333 JPY: 2 * 16.67, as the records behind the figure add up
        self._foreign_order(self.yen, 3333.0)
        self._foreign_order(self.yen, 3333.0)
        self.assertEqual(self._exposure(), {"order": 33.34})

    def test_the_day_of_the_figures_decides_the_rate(self):
        # the day before the rates changed, 1000 USD were 500 EUR
        self._receivable(amount=1000.0, post=False, currency_id=self.dollar.id)
        before = self.change - timedelta(days=1)
        rows = self.profiles._exposure_map(self.company, self.customer.ids, before)
        self.assertEqual(rows[self.customer.id]["draft"], 500.0)

    def test_the_first_rate_counts_where_there_is_none_before_the_day(self):
        self._receivable(amount=1000.0, post=False, currency_id=self.dollar.id)
        long_ago = self.change.replace(year=1999)
        rows = self.profiles._exposure_map(self.company, self.customer.ids, long_ago)
        self.assertEqual(rows[self.customer.id]["draft"], 500.0)

    def test_a_currency_without_rates_counts_one_to_one(self):
        franc = self.setup_other_currency("CHF", rates=[])
        self._receivable(amount=40.0, post=False, currency_id=franc.id)
        self.assertEqual(self._exposure(), {"draft": 40.0})

    def test_a_currency_that_was_archived_keeps_its_rate(self):
        self._foreign_order(self.dollar, 1000.0)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_currency SET active = FALSE WHERE id = %s", [self.dollar.id]
        )
        self.assertEqual(self._exposure(), {"order": 250.0})

    def test_a_rate_of_the_company_goes_before_a_shared_one(self):
        self.env["res.currency.rate"].create(
            {
                "name": self.today,
                "rate": 16.0,
                "currency_id": self.dollar.id,
                "company_id": False,
            }
        )
        self._foreign_order(self.dollar, 1000.0)
        self.assertEqual(self._exposure(), {"order": 250.0})

    def test_a_shared_rate_counts_where_the_company_has_none(self):
        self.dollar.rate_ids.company_id = False
        self._foreign_order(self.dollar, 1000.0)
        self.assertEqual(self._exposure(), {"order": 250.0})

    def test_a_rate_of_the_own_currency_counts_too(self):
        # rates against a third currency: 1 unit = 2 EUR = 4 USD, so 1 EUR = 2 USD
        self._set_rate_of_today(self.company.currency_id, 2.0)
        self._foreign_order(self.dollar, 1000.0)
        self.assertEqual(self._exposure(), {"order": 500.0})
