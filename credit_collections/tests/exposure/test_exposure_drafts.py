from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureDrafts(CreditCommon):
    """Invoices that are not posted yet, with and without drafts in the exposure."""

    def _without_drafts(self):
        self.company.credit_count_draft = False

    def test_a_draft_invoice_counts_as_draft_whatever_its_due_date(self):
        self._receivable(amount=100.0, due_in=-5, post=False)
        self.assertEqual(self._exposure(), {"draft": 100.0})

    def test_a_draft_counts_with_its_taxes(self):
        # 100 + 15 % = 115
        tax = self.percent_tax(15.0)
        self._receivable(
            post=False,
            invoice_line_ids=[
                Command.create(
                    {"name": "Goods", "price_unit": 100.0, "tax_ids": tax.ids}
                )
            ],
        )
        self.assertEqual(self._exposure(), {"draft": 115.0})

    def test_a_draft_credit_note_lowers_what_is_in_drafts(self):
        self._receivable(amount=100.0, post=False)
        self._receivable(amount=-30.0, post=False)
        self.assertEqual(self._exposure(), {"draft": 70.0})

    def test_a_draft_that_is_posted_moves_to_the_receivables(self):
        invoice = self._receivable(amount=100.0, due_in=5, post=False)
        invoice.action_post()
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_a_posted_invoice_set_back_to_draft_counts_as_draft(self):
        invoice = self._receivable(amount=100.0, due_in=-5)
        invoice.button_draft()
        self.assertEqual(self._exposure(), {"draft": 100.0})

    def test_a_draft_that_is_cancelled_counts_nothing(self):
        self._receivable(amount=100.0, post=False).button_cancel()
        self.assertEqual(self._exposure(), {})

    def test_a_draft_vendor_bill_counts_nothing(self):
        self._receivable(amount=100.0, post=False, move_type="in_invoice")
        self.assertEqual(self._exposure(), {})

    def test_a_draft_manual_entry_is_no_draft_invoice(self):
        account = self.company_data["default_account_receivable"]
        income = self.company_data["default_account_revenue"]
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "balance": 50.0,
                        }
                    ),
                    Command.create({"account_id": income.id, "balance": -50.0}),
                ],
            }
        )
        self.assertEqual(self._exposure(), {})

    # === ORDERS BEHIND DRAFTS === #

    def test_what_a_draft_took_from_an_order_is_not_counted_twice(self):
        order = self._confirmed(amount=100.0)
        self._invoice(order, post=False)
        self.assertEqual(self._exposure(), {"draft": 100.0})

    def test_a_deleted_draft_gives_the_order_back(self):
        order = self._confirmed(amount=100.0)
        self._invoice(order, post=False).unlink()
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_a_cancelled_draft_gives_the_order_back(self):
        order = self._confirmed(amount=100.0)
        self._invoice(order, post=False).button_cancel()
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_a_draft_credit_note_of_an_order_changes_no_total(self):
        # 100 are owed until the credit note is posted: 100 + 100 to invoice again - 100
        order = self._confirmed(amount=100.0)
        self._invoice(order)._reverse_moves([{"invoice_date": self.today}])
        self.assertEqual(
            self._exposure(), {"not_due": 100.0, "order": 100.0, "draft": -100.0}
        )

    # === DRAFTS LEFT OUT === #

    def test_drafts_left_out_count_nothing(self):
        self._without_drafts()
        self._receivable(amount=100.0, post=False)
        self.assertEqual(self._exposure(), {})

    def test_without_drafts_an_order_counts_until_its_invoice_is_posted(self):
        self._without_drafts()
        invoice = self._invoice(self._confirmed(amount=100.0), post=False)
        self.assertEqual(self._exposure(), {"order": 100.0})
        invoice.action_post()
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_without_drafts_a_partly_drafted_order_counts_whole(self):
        # 4 pieces at 25; the draft takes 3 of them
        self._without_drafts()
        order = self._confirmed(amount=100.0, quantity=4)
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.quantity = 3
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_without_drafts_the_posted_part_has_left_the_order(self):
        # 4 pieces at 25: 1 posted, 3 drafted
        self._without_drafts()
        order = self._confirmed(amount=100.0, quantity=4)
        first = self._invoice(order, post=False)
        first.invoice_line_ids.quantity = 1
        first.action_post()
        self._invoice(order, post=False)
        self.assertEqual(self._exposure(), {"not_due": 25.0, "order": 75.0})

    def test_without_drafts_a_draft_in_dozens_gives_pieces_back(self):
        # 24 pieces at 5 = 120; the draft says 2 dozen at 60
        self._without_drafts()
        order = self._confirmed(amount=120.0, quantity=24)
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.write(
            {"product_uom_id": self.uom_dozen.id, "quantity": 2, "price_unit": 60.0}
        )
        self.assertEqual(self._exposure(), {"order": 120.0})

    def test_without_drafts_a_draft_credit_note_opens_no_order(self):
        self._without_drafts()
        order = self._confirmed(amount=100.0)
        self._invoice(order)._reverse_moves([{"invoice_date": self.today}])
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    # === PAID BEFORE POSTED === #

    def test_a_draft_counts_what_is_left_after_a_payment_matched_to_it(self):
        invoice = self._receivable(amount=100.0, post=False)
        self._payment(amount=40.0, invoices=invoice)
        self.assertEqual(self._exposure(), {"draft": 60.0})

    def test_a_draft_that_is_paid_counts_nothing(self):
        invoice = self._receivable(amount=100.0, post=False)
        self._payment(amount=100.0, invoices=invoice)
        self.assertEqual(self._exposure(), {})

    def test_a_draft_that_is_paid_too_much_leaves_the_surplus_unapplied(self):
        invoice = self._receivable(amount=100.0, post=False)
        self._payment(amount=130.0, invoices=invoice)
        self.assertEqual(self._exposure(), {"unapplied": -30.0})

    def test_without_drafts_money_for_a_draft_counts_as_unapplied(self):
        # the order is 100 until its invoice is posted; 40 are in the bank: 60 are owed
        self._without_drafts()
        invoice = self._invoice(self._confirmed(amount=100.0), post=False)
        self._payment(amount=40.0, invoices=invoice)
        self.assertEqual(self._exposure(), {"order": 100.0, "unapplied": -40.0})

    def test_without_drafts_money_for_a_fully_paid_draft_counts_as_unapplied(self):
        self._without_drafts()
        invoice = self._invoice(self._confirmed(amount=100.0), post=False)
        self._payment(amount=100.0, invoices=invoice)
        self.assertEqual(self._exposure(), {"order": 100.0, "unapplied": -100.0})

    def test_without_drafts_a_credit_note_for_a_draft_leaves_the_draft_out(self):
        # the posted credit note of 40 is matched to a draft of 100 that counts nothing
        self._without_drafts()
        invoice = self._receivable(amount=100.0, post=False)
        note = self._receivable(amount=-40.0)
        self._open_items(invoice + note).reconcile()
        self.assertEqual(self._exposure(), {"unapplied": -40.0})

    def test_without_drafts_a_draft_credit_note_settles_nothing(self):
        # the posted invoice of 100 is matched to a draft credit note of 40
        self._without_drafts()
        invoice = self._receivable(amount=100.0, due_in=5)
        note = self._receivable(amount=-40.0, post=False)
        self._open_items(invoice + note).reconcile()
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_without_drafts_money_for_a_draft_is_found_among_the_unapplied(self):
        self._without_drafts()
        invoice = self._receivable(amount=100.0, post=False)
        payment = self._payment(amount=100.0, invoices=invoice)
        model, domain = self._profile(self.customer)._component_records("unapplied")
        self.assertEqual(self.env[model].search(domain).move_id, payment.move_id)
