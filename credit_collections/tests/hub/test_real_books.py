from odoo import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .matching_common import MatchingCommon


@tagged("post_install", "-at_install")
class TestRealBooks(MatchingCommon):
    """What Odoo 19 does with books, and one would not guess."""

    def _written(self, customer):
        profile = self._profile(customer)
        self.env.flush_all()
        self.profiles.sudo()._write_history(self.company)
        return profile

    # === DISCOUNTS === #

    def _discounted(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "30 days, 2 % within 10",
                "early_discount": True,
                "discount_percentage": 2.0,
                "discount_days": 10,
                "line_ids": [Command.create({"value": "percent", "nb_days": 30})],
            }
        )
        return self._receivable(
            self._customer("Discount"),
            1000.0,
            invoice_payment_term_id=terms.id,
            invoice_date_due=False,
        )

    def test_a_discount_does_not_outlive_a_part_payment(self):
        invoice = self._discounted()
        asked = invoice._get_invoice_next_payment_values()
        self.assertEqual(asked["amount_due"], 980.0)
        self._payment(invoice.partner_id, 500.0, invoice)
        asked = invoice._get_invoice_next_payment_values()
        self.assertEqual((asked["amount_due"], asked["next_amount_to_pay"]), (500, 500))
        profile = self._profile(invoice.partner_id)
        ((_currency, _lines, total),) = profile._get_statement_lines()
        self.assertEqual(total, 500.0)

    # === DEBTS BY JOURNAL ENTRY === #

    def _opening(self, customer, amount=300.0, days=20):
        entry = self.env["account.move"].create(
            {
                "journal_id": self.misc.id,
                "date": self._day(-days),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": customer.id,
                            "debit": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        return self._open_items(entry)

    def test_a_debt_by_journal_entry_is_late_from_its_date_on(self):
        customer = self._customer("Opening")
        item = self._opening(customer)
        # what Odoo makes of it: no due date, and marked as not to be followed up
        self.assertEqual((item.date_maturity, item.no_followup), (False, True))
        self.assertEqual(self._exposure(customer), {"overdue": 300.0})
        profile = self._profile(customer)
        profile.action_refresh()
        self.assertEqual((profile.overdue_days, profile.overdue_amount), (20, 300.0))
        self.assertEqual(profile.aging_picture["buckets"][1]["amount"], 300.0)
        for component, found in (("overdue", item), ("not_due", item.browse())):
            model, domain = profile._component_records(component)
            self.assertEqual(self.env[model].search(domain), found)
        domain = profile.action_open_bucket(1, 30)["domain"]
        self.assertEqual(item.search(domain), item)

    def test_a_debt_by_journal_entry_of_today_is_not_late(self):
        customer = self._customer("Opening")
        self._opening(customer, days=0)
        self.assertEqual(self._exposure(customer), {"not_due": 300.0})

    # === DATES === #

    def _dated_back(self, **values):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self._customer("Dated back").id,
                "invoice_date": self._day(-40),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 10, "tax_ids": []})
                ],
                **values,
            }
        )

    def test_an_invoice_dated_back_without_terms_is_due_when_it_is_entered(self):
        invoice = self._dated_back()
        invoice.action_post()
        self.assertEqual(invoice.invoice_date_due, self.today)
        self.assertEqual(self._exposure(invoice.partner_id), {"not_due": 10.0})

    def test_behind_a_lock_date_the_statement_prints_the_date_of_the_invoice(self):
        self.company.sale_lock_date = self._day(-20)
        invoice = self._dated_back(invoice_date_due=self._day(-30))
        invoice.action_post()
        self.assertEqual(invoice.invoice_date, self._day(-40))
        self.assertGreater(invoice.date, self._day(-20))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "credit_collections.report_open_items",
            self._profile(invoice.partner_id).ids,
        )
        printed = html.decode()
        self.assertIn(format_date(self.env, invoice.invoice_date), printed)
        self.assertNotIn(format_date(self.env, invoice.date), printed.split("Due")[1])

    # === STATEMENTS === #

    def test_the_statement_has_what_a_draft_only_seems_to_pay(self):
        customer = self._customer("Draft")
        invoice = self._receivable(customer, 100.0, due_in=-5)
        payment = self._payment(customer, 60.0, invoice)
        profile = self._profile(customer)

        def total():
            return [group[2] for group in profile._get_statement_lines()]

        self.assertEqual(total(), [40.0])
        payment.action_draft()
        self.assertEqual(total(), [100.0])
        self.assertEqual(profile.aging_picture["buckets"][1]["amount"], 100.0)
        model, domain = profile._component_records("overdue")
        self.assertEqual(self.env[model].search(domain).move_id, invoice)
        self._payment(customer, 40.0, invoice)
        self.assertEqual(total(), [60.0])
        model, domain = profile._component_records("overdue")
        self.assertEqual(self.env[model].search(domain).move_id, invoice)

    # === SALES === #

    def test_customer_receipts_are_sales(self):
        customer = self._customer("Counter")
        self._receivable(customer, 1000.0)
        self._receivable(customer, 200.0, move_type="out_receipt")
        profile = self._written(customer)
        self.assertEqual(profile.revenue_amount, 1200.0)

    def test_the_first_receipt_makes_a_customer(self):
        customer = self._customer("Counter")
        self._receivable(customer, 200.0, due_in=-3, move_type="out_receipt")
        self.assertEqual(self._written(customer).customer_since, self._day(-3))
