from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureDeposits(CreditCommon):
    """Down payments: whatever their state, no part of an order is counted twice.

    The order comes to 10 * 100 + 15 % = 1150; 30 % of it are 345, 805 are left.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "15 %", "amount": 15.0})
        line = {
            "product_id": cls.product.id,
            "product_uom_qty": 10,
            "price_unit": 100.0,
            "tax_ids": [Command.set(cls.tax.ids)],
        }
        cls.order = cls._confirmed(order_line=[Command.create(line)])

    def _invoice_part(self, quantity, final):
        """Post the invoice of a part of the order, with or without its deposit."""
        invoice = self.order._create_invoices(final=final)
        goods = invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == self.product
        )
        goods.quantity = quantity
        invoice.action_post()
        return invoice

    # === THE ADVANCE ITSELF === #

    def test_a_share_of_the_order(self):
        self._down_payment(self.order, share=0.3)
        self.assertEqual(
            self._exposure(), {"not_due": 345.0, "order": 1150.0, "deposit": -345.0}
        )

    def test_a_fixed_amount(self):
        self._down_payment(self.order, amount=200.0)
        self.assertEqual(
            self._exposure(), {"not_due": 200.0, "order": 1150.0, "deposit": -200.0}
        )

    def test_an_order_without_taxes(self):
        order = self._confirmed(self._customer("Untaxed"), 1000.0)
        self._down_payment(order, share=0.5)
        self.assertEqual(
            self._exposure(order.partner_id),
            {"not_due": 500.0, "order": 1000.0, "deposit": -500.0},
        )

    def test_several_advances_add_up(self):
        self._down_payment(self.order, share=0.3)
        self._down_payment(self.order, amount=200.0)
        self.assertEqual(
            self._exposure(), {"not_due": 545.0, "order": 1150.0, "deposit": -545.0}
        )

    def test_an_advance_that_is_a_draft(self):
        self._down_payment(self.order, share=0.3, post=False)
        self.assertEqual(
            self._exposure(), {"draft": 345.0, "order": 1150.0, "deposit": -345.0}
        )

    def test_an_advance_that_is_paid_lowers_the_exposure(self):
        advance = self._down_payment(self.order, share=0.3)
        self._payment(amount=345.0, invoices=advance)
        exposure = self._exposure()
        self.assertEqual(exposure, {"order": 1150.0, "deposit": -345.0})
        self.assertEqual(sum(exposure.values()), 805.0)

    def test_an_order_paid_in_advance_leaves_nothing(self):
        advance = self._down_payment(self.order, share=1.0)
        self._payment(amount=1150.0, invoices=advance)
        self.assertEqual(sum(self._exposure().values()), 0.0)

    def test_an_advance_that_is_cancelled_is_gone(self):
        advance = self._down_payment(self.order, share=0.3)
        advance.button_draft()
        advance.button_cancel()
        self.assertEqual(self._exposure(), {"order": 1150.0})

    def test_a_draft_advance_that_is_deleted_is_gone(self):
        self._down_payment(self.order, share=0.3, post=False).unlink()
        self.assertEqual(self._exposure(), {"order": 1150.0})

    def test_an_advance_that_is_credited_is_gone(self):
        advance = self._down_payment(self.order, share=0.3)
        advance._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.assertEqual(self._exposure(), {"order": 1150.0})

    # === THE FINAL INVOICE === #

    def test_a_draft_of_the_final_invoice_deducts_the_advance(self):
        self._down_payment(self.order, share=0.3)
        self._invoice(self.order, post=False)
        self.assertEqual(self._exposure(), {"not_due": 345.0, "draft": 805.0})

    def test_the_final_invoice_deducts_the_advance(self):
        self._down_payment(self.order, share=0.3)
        self._invoice(self.order)
        self.assertEqual(self._exposure(), {"not_due": 1150.0})

    def test_the_final_invoice_after_a_paid_advance(self):
        advance = self._down_payment(self.order, share=0.3)
        self._payment(amount=345.0, invoices=advance)
        self._invoice(self.order)
        self.assertEqual(self._exposure(), {"not_due": 805.0})

    def test_the_final_invoice_that_does_not_deduct_the_advance(self):
        # 345 + 1150 are owed, as the ledger says
        self._down_payment(self.order, share=0.3)
        self._invoice_part(10, final=False)
        self.assertEqual(self._exposure(), {"not_due": 1495.0})

    def test_an_invoice_of_a_part_that_deducts_all_of_the_advance(self):
        # 4 * 115 - 345 = 115 are invoiced, 6 * 115 = 690 are left: 345 + 115 + 690
        self._down_payment(self.order, share=0.3)
        self._invoice_part(4, final=True)
        self.assertEqual(self._exposure(), {"not_due": 460.0, "order": 690.0})

    def test_an_invoice_of_a_part_that_deducts_nothing(self):
        # 345 + 4 * 115 = 805 are invoiced, 690 are left, less the advance: 1150
        self._down_payment(self.order, share=0.3)
        self._invoice_part(4, final=False)
        self.assertEqual(
            self._exposure(), {"not_due": 805.0, "order": 690.0, "deposit": -345.0}
        )

    def test_an_advance_never_lowers_more_than_its_own_order(self):
        # 345 + 8 * 115 = 1265 are invoiced, 2 * 115 = 230 are left, less at most 230
        self._down_payment(self.order, share=0.3)
        self._invoice_part(8, final=False)
        self.assertEqual(
            self._exposure(), {"not_due": 1265.0, "order": 230.0, "deposit": -230.0}
        )

    def test_a_final_credit_note_of_an_order_that_shrank(self):
        # 2 * 115 - 345 = -115: the customer owes 345 - 115 = 230
        self._down_payment(self.order, share=0.3)
        goods = self.order.order_line.filtered(
            lambda line: line.product_id == self.product
        )
        goods.product_uom_qty = 2
        note = self._invoice(self.order)
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(self._exposure(), {"not_due": 345.0, "unapplied": -115.0})

    def test_a_final_invoice_that_is_credited_opens_order_and_advance(self):
        # Odoo would invoice the order again, and deduct the advance again
        self._down_payment(self.order, share=0.3)
        final = self._invoice(self.order)
        final._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.assertEqual(
            self._exposure(), {"not_due": 345.0, "order": 1150.0, "deposit": -345.0}
        )

    # === SWITCHES === #

    def test_without_drafts_a_draft_advance_is_not_deducted(self):
        self.company.credit_count_draft = False
        self._down_payment(self.order, share=0.3, post=False)
        self.assertEqual(self._exposure(), {"order": 1150.0})

    def test_without_drafts_a_posted_advance_is_deducted(self):
        self.company.credit_count_draft = False
        self._down_payment(self.order, share=0.3)
        self.assertEqual(
            self._exposure(), {"not_due": 345.0, "order": 1150.0, "deposit": -345.0}
        )

    def test_without_drafts_a_draft_of_the_final_invoice_changes_nothing(self):
        self.company.credit_count_draft = False
        self._down_payment(self.order, share=0.3)
        self._invoice(self.order, post=False)
        self.assertEqual(
            self._exposure(), {"not_due": 345.0, "order": 1150.0, "deposit": -345.0}
        )

    def test_without_deposits_an_advance_counts_on_top(self):
        self.company.credit_count_deposit = False
        self._down_payment(self.order, share=0.3)
        self.assertEqual(self._exposure(), {"not_due": 345.0, "order": 1150.0})

    def test_without_orders_there_is_nothing_to_deduct_from(self):
        self.company.credit_count_order = False
        self._down_payment(self.order, share=0.3)
        self.assertEqual(self._exposure(), {"not_due": 345.0})

    # === ON THE ORDER ITSELF === #

    def test_an_order_shows_its_deposit(self):
        self._down_payment(self.order, share=0.3)
        self.assertEqual(self.order.credit_open_amount, 1150.0)
        self.assertEqual(self.order.credit_deposit_amount, -345.0)

    def test_a_confirmed_order_takes_what_its_advance_does_not_cover(self):
        self._down_payment(self.order, share=0.3)
        self.assertEqual(self.order._credit_on_credit(), {self.order: 805.0})

    # === WHAT IS NO ADVANCE === #

    def _two_lines(self):
        """Return an order of 500 and 500 with the first of them invoiced."""
        lines = [
            {"product_id": self.product.id, "price_unit": 500.0, "tax_ids": []}
        ] * 2
        order = self._confirmed(
            self._customer("Two"), order_line=list(map(Command.create, lines))
        )
        invoice = order._create_invoices()
        invoice.invoice_line_ids[1].unlink()
        invoice.invoice_payment_term_id = False
        invoice.action_post()
        return order

    def test_goods_that_somebody_ticks_as_a_down_payment_are_none(self):
        order = self._two_lines()
        expected = {"not_due": 500.0, "order": 500.0}
        self.assertEqual(self._exposure(order.partner_id), expected)
        order.order_line[0].is_downpayment = True
        self.assertEqual(self._exposure(order.partner_id), expected)
        everybody = self.profiles._exposure_map(self.company)
        self.assertEqual(everybody[order.partner_id.id]["deposit"], 0.0)

    def test_nor_are_they_when_nothing_of_them_is_ordered_any_more(self):
        order = self._two_lines()
        order.order_line[0].write({"is_downpayment": True, "product_uom_qty": 0.0})
        self.assertEqual(
            self._exposure(order.partner_id), {"not_due": 500.0, "order": 500.0}
        )
        everybody = self.profiles._exposure_map(self.company)
        self.assertEqual(everybody[order.partner_id.id]["deposit"], 0.0)
