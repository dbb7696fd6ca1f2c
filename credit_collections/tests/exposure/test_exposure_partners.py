from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposurePartners(CreditCommon):
    """Credit is given to companies: what their contacts owe is theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.customer.id}
        )
        cls.address = cls.env["res.partner"].create(
            {"name": "Accounts", "type": "invoice", "parent_id": cls.customer.id}
        )
        cls.payer = cls._customer("Payer")
        cls.payables = cls.company_data["default_account_payable"]

    def _book(self, partner, account, amount):
        """Book a manual journal entry of one item with a partner."""
        income = self.company_data["default_account_revenue"]
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "balance": amount,
                        }
                    ),
                    Command.create({"account_id": income.id, "balance": -amount}),
                ],
            }
        )
        move.action_post()
        return move

    # === CONTACTS === #

    def test_an_order_of_a_contact_counts_for_the_company(self):
        self._confirmed(self.contact, 100.0)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_an_invoice_to_a_contact_counts_for_the_company(self):
        self._receivable(self.contact, 100.0, due_in=5)
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_a_draft_invoice_to_a_contact_counts_for_the_company(self):
        self._receivable(self.contact, 100.0, post=False)
        self.assertEqual(self._exposure(), {"draft": 100.0})

    def test_a_payment_of_a_contact_counts_for_the_company(self):
        self._receivable(self.customer, 100.0, due_in=5)
        self._payment(self.contact, 30.0)
        self.assertEqual(self._exposure(), {"not_due": 100.0, "unapplied": -30.0})

    def test_a_journal_item_on_a_contact_counts_for_the_company(self):
        account = self.company_data["default_account_receivable"]
        move = self._book(self.contact, account, 100.0)
        items = self._open_items(move)
        self.assertEqual(items.partner_id, self.contact)
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_the_records_behind_a_figure_include_those_of_contacts(self):
        account = self.company_data["default_account_receivable"]
        move = self._book(self.contact, account, 100.0)
        model, domain = self._profile(self.customer)._component_records("not_due")
        self.assertEqual(self.env[model].search(domain).move_id, move)

    def test_an_order_with_an_invoice_address_counts_for_its_company(self):
        self._confirmed(self.customer, 100.0, partner_invoice_id=self.address.id)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_a_contact_has_no_row_of_its_own(self):
        self._confirmed(self.contact, 100.0)
        self.assertEqual(self._exposure(self.contact), {})
        self.assertNotIn(self.contact.id, self.profiles._exposure_map(self.company))

    def test_a_person_without_company_owes_in_person(self):
        person = self.env["res.partner"].create({"name": "Person"})
        self._confirmed(person, 100.0)
        self.assertEqual(self._exposure(person), {"order": 100.0})

    def test_a_subsidiary_owes_for_itself(self):
        subsidiary = self._customer("Subsidiary", parent_id=self.customer.id)
        self._confirmed(subsidiary, 100.0)
        self.assertEqual(self._exposure(subsidiary), {"order": 100.0})
        self.assertEqual(self._exposure(), {})

    def test_a_person_who_becomes_a_contact_brings_the_debts_along(self):
        person = self.env["res.partner"].create({"name": "Person"})
        self._receivable(person, 100.0, due_in=5)
        person.parent_id = self.customer
        self.assertEqual(self._exposure(), {"not_due": 100.0})
        self.assertEqual(self._exposure(person), {})

    # === WHO PAYS === #

    def test_an_order_counts_for_the_company_that_gets_the_invoice(self):
        self._confirmed(self.customer, 100.0, partner_invoice_id=self.payer.id)
        self.assertEqual(self._exposure(self.payer), {"order": 100.0})
        self.assertEqual(self._exposure(), {})

    def test_its_invoice_counts_for_the_same_company(self):
        order = self._confirmed(self.customer, 100.0, partner_invoice_id=self.payer.id)
        self._invoice(order)
        self.assertEqual(self._exposure(self.payer), {"not_due": 100.0})
        self.assertEqual(self._exposure(), {})

    def test_an_order_invoiced_to_somebody_else_is_not_counted_twice(self):
        order = self._confirmed(self.customer, 100.0)
        self._invoice(order, partner_id=self.payer.id)
        self.assertEqual(self._exposure(self.payer), {"not_due": 100.0})
        self.assertEqual(self._exposure(), {})

    # === VENDORS === #

    def test_payables_never_net_receivables(self):
        self._receivable(amount=100.0, due_in=5)
        self._book(self.customer, self.payables, -80.0)
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_a_vendor_bill_counts_nothing(self):
        self._receivable(amount=80.0, move_type="in_invoice")
        self.assertEqual(self._exposure(), {})

    def test_a_payment_to_the_customer_as_vendor_counts_nothing(self):
        self._payment(amount=-80.0, partner_type="supplier")
        self.assertEqual(self._exposure(), {})

    # === ONE AND ALL === #

    def test_one_customer_and_all_customers_agree(self):
        self._receivable(self.contact, 100.0, due_in=-5)
        self._confirmed(self.contact, 70.0)
        self._confirmed(self.payer, 30.0)
        everybody = self.profiles._exposure_map(self.company)
        some = self.profiles._exposure_map(
            self.company, (self.customer + self.payer).ids
        )
        self.assertEqual(everybody[self.customer.id], some[self.customer.id])
        self.assertEqual(everybody[self.payer.id], some[self.payer.id])
        self.assertEqual(set(some), {self.customer.id, self.payer.id})

    def test_no_customers_no_rows(self):
        self._confirmed(amount=100.0)
        self.assertEqual(self.profiles._exposure_map(self.company, ()), {})
