from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureOrders(CreditCommon):
    """Confirmed orders that are not invoiced yet, with their taxes."""

    def _line(self, amount=100.0, quantity=1, product=None, **values):
        return Command.create(
            {
                "product_id": (product or self.product).id,
                "product_uom_qty": quantity,
                "price_unit": amount / quantity,
                "tax_ids": [Command.clear()],
                **values,
            }
        )

    def _order_of(self, *lines, **values):
        return self._confirmed(order_line=list(lines), **values)

    def _invoice_part(self, order, quantity, post=True):
        """Invoice ``quantity`` of each line of the order."""
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.write({"quantity": quantity})
        if post:
            invoice.action_post()
        return invoice

    # === STATES === #

    def test_a_quotation_counts_nothing(self):
        self._order(amount=100.0)
        self.assertEqual(self._exposure(), {})

    def test_a_quotation_that_was_sent_counts_nothing(self):
        self._order(amount=100.0).action_quotation_sent()
        self.assertEqual(self._exposure(), {})

    def test_a_confirmed_order_counts(self):
        self._confirmed(amount=100.0)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_a_locked_order_counts(self):
        self._confirmed(amount=100.0).action_lock()
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_a_cancelled_order_counts_nothing(self):
        order = self._confirmed(amount=100.0)
        order._action_cancel()
        self.assertEqual(self._exposure(), {})

    def test_all_orders_add_up(self):
        self._confirmed(amount=100.0)
        self._confirmed(amount=50.0)
        self.assertEqual(self._exposure(), {"order": 150.0})

    def test_orders_can_be_left_out(self):
        first = self._confirmed(amount=100.0)
        self._confirmed(amount=50.0)
        rows = self.profiles._exposure_map(
            self.company, self.customer.ids, without_orders=first.ids
        )
        self.assertEqual(rows[self.customer.id]["order"], 50.0)

    # === AMOUNTS === #

    def test_an_order_counts_with_its_taxes(self):
        # 200 + 15 % = 230
        tax = self.percent_tax(15.0)
        self._order_of(self._line(200.0, tax_ids=tax.ids))
        self.assertEqual(self._exposure(), {"order": 230.0})

    def test_taxes_included_in_the_price_count_once(self):
        tax = self.percent_tax(15.0, price_include_override="tax_included")
        self._order_of(self._line(230.0, tax_ids=tax.ids))
        self.assertEqual(self._exposure(), {"order": 230.0})

    def test_a_discount_of_a_line_lowers_it(self):
        # 200 - 10 % = 180
        self._order_of(self._line(200.0, discount=10.0))
        self.assertEqual(self._exposure(), {"order": 180.0})

    def test_a_line_with_a_negative_price_lowers_the_order(self):
        self._order_of(self._line(100.0), self._line(-15.0))
        self.assertEqual(self._exposure(), {"order": 85.0})

    def test_a_returned_line_lowers_the_order(self):
        # 3 pieces at 40, one piece at 40 comes back
        self._order_of(self._line(120.0, quantity=3), self._line(-40.0, quantity=-1))
        self.assertEqual(self._exposure(), {"order": 80.0})

    def test_an_order_of_returns_never_lowers_the_exposure(self):
        self._confirmed(amount=100.0)
        self._order_of(self._line(-60.0, quantity=-1))
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_sections_and_notes_count_nothing(self):
        self._order_of(
            Command.create({"display_type": "line_section", "name": "Section"}),
            self._line(100.0),
            Command.create({"display_type": "line_note", "name": "Note"}),
        )
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_an_order_for_nothing_counts_nothing(self):
        self._order_of(self._line(0.0))
        self.assertEqual(self._exposure(), {})

    # === INVOICING === #

    def test_an_invoiced_order_counts_as_receivable_alone(self):
        self._invoice(self._confirmed(amount=100.0))
        self.assertEqual(self._exposure(), {"not_due": 100.0})

    def test_a_partly_invoiced_order_counts_the_rest(self):
        # 4 pieces at 25, 1 invoiced
        self._invoice_part(self._confirmed(amount=100.0, quantity=4), 1)
        self.assertEqual(self._exposure(), {"not_due": 25.0, "order": 75.0})

    def test_the_rest_of_a_partly_invoiced_order_counts_with_taxes(self):
        # 4 pieces at 25 + 15 % = 115; 1 invoiced: 28.75; left: 86.25
        tax = self.percent_tax(15.0)
        order = self._order_of(self._line(100.0, quantity=4, tax_ids=tax.ids))
        self._invoice_part(order, 1)
        self.assertEqual(self._exposure(), {"not_due": 28.75, "order": 86.25})

    def test_thirds_are_rounded_to_cents(self):
        # 3 pieces at 10.01 less 50 % = 15.015, on the order 15.02; 1 invoiced at 5.005,
        # on the invoice 5.01; left 2/3 of 15.02 = 10.0133
        order = self._order_of(self._line(30.03, quantity=3, discount=50.0))
        self._invoice_part(order, 1)
        self.assertEqual(self._exposure(), {"not_due": 5.01, "order": 10.01})

    def test_an_over_invoiced_line_does_not_lower_other_lines(self):
        # two lines of 2 pieces at 30; 3 pieces of the first are invoiced, none of the
        # second: 90 owed, 60 to come
        order = self._order_of(
            self._line(60.0, quantity=2, sequence=1),
            self._line(60.0, quantity=2, sequence=2),
        )
        invoice = self._invoice(order, post=False)
        first, second = invoice.invoice_line_ids.sorted("sequence")
        first.quantity = 3
        second.unlink()
        invoice.action_post()
        self.assertEqual(self._exposure(), {"not_due": 90.0, "order": 60.0})

    def test_an_over_invoiced_order_does_not_lower_other_orders(self):
        self._confirmed(amount=100.0)
        self._invoice_part(self._confirmed(amount=60.0, quantity=2), 3)
        self.assertEqual(self._exposure(), {"not_due": 90.0, "order": 100.0})

    def test_a_discount_left_behind_lowers_no_other_order(self):
        # goods of 100 are invoiced, the discount of 15 is not: nothing more to come
        order = self._order_of(
            self._line(100.0, sequence=1), self._line(-15.0, sequence=2)
        )
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.filtered(lambda line: line.price_unit < 0).unlink()
        invoice.action_post()
        self._confirmed(amount=50.0)
        self.assertEqual(self._exposure(), {"not_due": 100.0, "order": 50.0})

    def test_a_credit_note_opens_the_order_again(self):
        # Odoo would invoice the order again: 100 - 100 + 100
        invoice = self._invoice(self._confirmed(amount=100.0))
        invoice._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_a_credit_note_of_no_order_leaves_orders_alone(self):
        self._invoice(self._confirmed(amount=100.0))
        self._receivable(amount=-30.0)
        self.assertEqual(self._exposure(), {"not_due": 100.0, "unapplied": -30.0})

    def test_a_paid_order_counts_nothing(self):
        invoice = self._invoice(self._confirmed(amount=100.0))
        self._payment(amount=100.0, invoices=invoice)
        self.assertEqual(self._exposure(), {})

    def test_lowering_the_quantity_closes_an_order_short(self):
        # 4 pieces at 25, 1 invoiced, the rest is given up
        order = self._confirmed(amount=100.0, quantity=4)
        self._invoice_part(order, 1)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self._exposure(), {"not_due": 25.0})

    def test_raising_the_quantity_raises_the_exposure(self):
        self.product.list_price = 25.0
        order = self._confirmed(amount=100.0, quantity=4)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._exposure(), {"order": 150.0})

    # === DELIVERED QUANTITIES === #

    def test_goods_invoiced_on_delivery_count_before_they_are_delivered(self):
        self.product.invoice_policy = "delivery"
        self._confirmed(amount=100.0, quantity=4)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_goods_delivered_beyond_the_order_count_where_they_will_be_invoiced(self):
        # 4 pieces at 25 ordered, 6 delivered: 150 will be invoiced, nothing is left
        self.product.invoice_policy = "delivery"
        order = self._confirmed(amount=100.0, quantity=4)
        order.order_line.sudo().qty_delivered = 6
        self.assertEqual(sum(self._exposure().values()), 150.0)
        self.assertLessEqual(set(self._exposure()), {"order", "delivered"})
        order._create_invoices().action_post()
        self.assertEqual(self._exposure(), {"not_due": 150.0})

    def test_goods_delivered_and_invoiced_leave_the_order(self):
        # 4 pieces at 25, 1 delivered and invoiced
        self.product.invoice_policy = "delivery"
        order = self._confirmed(amount=100.0, quantity=4)
        order.order_line.sudo().qty_delivered = 1
        self._invoice(order)
        self.assertEqual(self._exposure(), {"not_due": 25.0, "order": 75.0})

    # === ON THE ORDER ITSELF === #

    def test_an_order_shows_what_it_adds_to_the_exposure(self):
        # 4 pieces at 25, 1 invoiced
        order = self._confirmed(amount=100.0, quantity=4)
        self._invoice_part(order, 1)
        self.assertEqual(order.credit_open_amount, 75.0)

    def test_a_quotation_adds_nothing_yet(self):
        self.assertEqual(self._order(amount=100.0).credit_open_amount, 0.0)
