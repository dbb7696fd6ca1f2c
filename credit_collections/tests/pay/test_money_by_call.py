from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SALESPERSON
from .common import PayCommon

INVOICING = "account.group_account_invoice"


@tagged("post_install", "-at_install")
class TestMoneyByCall(PayCommon):
    """Money that came in is said by providers and invoices, never by a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", f"{SALESPERSON},{INVOICING}")
        cls.invoicing = cls._user("invoicing", INVOICING)

    def _paid_for(self, orders, amount, state="done"):
        return self._create_transaction(
            "redirect",
            amount=amount,
            partner_id=self.limited.id,
            reference="paid-once",
            state=state,
            sale_order_ids=[Command.set(orders.ids)],
        )

    # === ONLINE PAYMENTS === #

    def test_one_online_payment_does_not_pay_two_orders(self):
        transaction = self._paid_for(self._order(self.limited, 1500.0), 1500.0)
        second = self._order(self.limited, 1500.0, user_id=self.seller.id)
        link = [Command.link(transaction.id)]
        with self.assertRaisesRegex(AccessError, "not by hand"):
            second.with_user(self.seller).transaction_ids = link
        with self.assertRaisesRegex(AccessError, "not by hand"):
            transaction.with_user(self.seller).sale_order_ids += second
        with self.assertRaisesRegex(AccessError, "not by hand"):
            second.with_user(self.seller).create(
                {"partner_id": self.limited.id, "transaction_ids": link}
            )
        second.with_user(self.seller).action_confirm()
        self.assertEqual(second.state, "draft")

    def test_a_payment_of_two_orders_is_shared_by_what_they_come_to(self):
        first = self._order(self.limited, 1500.0)
        second = self._order(self.limited, 500.0)
        self._paid_for(first + second, 1000.0)
        # 1,000 of 2,000: 750 of 1,500 and 250 of 500
        self.assertEqual(first._credit_to_pay(), 750.0)
        self.assertEqual(second._credit_to_pay(), 250.0)

    def test_invoicing_users_make_no_online_payment_by_call(self):
        order = self._order(self.limited, 1500.0, user_id=self.seller.id)
        values = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method.id,
            "amount": 1500.0,
            "currency_id": order.currency_id.id,
            "partner_id": self.limited.id,
            "reference": "forged",
            "operation": "online_direct",
            "sale_order_ids": [Command.link(order.id)],
        }
        transactions = self.env["payment.transaction"].with_user(self.seller)
        forged = transactions.with_context(default_state="done")
        for make, vals in (
            (transactions, {**values, "state": "done"}),
            (forged, values),
            (transactions, values),
        ):
            with self.assertRaises(AccessError):
                make.create(vals)
        self.assertEqual(forged.default_get(["state"]), {"state": "draft"})
        order.with_user(self.seller).action_confirm()
        self.assertEqual(order.state, "draft")

    def test_invoicing_users_do_not_pay_a_link_by_call(self):
        order = self._held(1500.0)
        self._ask(order)
        transaction = self._pay(order, state="pending").with_user(self.invoicing)
        for vals in (
            {"state": "done"},
            {"amount": 1.0},
            {"payment_id": False},
            {"source_transaction_id": transaction.id},
            {"is_post_processed": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                transaction.write(vals)
        transaction.sudo()._post_process()  # core's job does
        self.assertEqual(order.credit_hold_state, "held")

    # === INVOICE LINES === #

    def test_a_foreign_invoice_line_does_not_settle_an_order(self):
        first = self._confirmed(self.limited, 1000.0)
        other = self._customer("Somebody else")
        invoice = self._receivable(other, 5.0, invoice_user_id=self.salesperson.id)
        line, item = first.order_line, invoice.invoice_line_ids
        with self.assertRaisesRegex(AccessError, "not by hand"):
            line.with_user(self.salesperson).invoice_lines = item
        with self.assertRaisesRegex(AccessError, "not by hand"):
            first.with_user(self.salesperson).write(
                {
                    "order_line": [
                        Command.update(line.id, {"invoice_lines": [(4, item.id)]})
                    ]
                }
            )
        self.assertEqual(self._exposure(self.limited), {"order": 1000.0})

    def test_nobody_bills_an_order_to_another_customer_by_call(self):
        order = self._confirmed(self.limited, 1000.0)
        order.user_id = self.seller
        line = order.order_line
        other = self._customer("Somebody else")
        item = self._receivable(other, 5.0, post=False).invoice_line_ids
        link = [Command.link(line.id)]
        with self.assertRaises(AccessError):
            item.with_user(self.seller).sale_line_ids = link
        made = {"name": "Goods", "price_unit": 5.0, "sale_line_ids": link}
        with self.assertRaises(AccessError):
            item.move_id.with_user(self.invoicing).create(
                {
                    "move_type": "out_invoice",
                    "partner_id": other.id,
                    "invoice_line_ids": [Command.create(made)],
                }
            )
        self.assertFalse(line.invoice_lines)
        own = self._receivable(self.limited, 5.0, post=False).invoice_line_ids
        own.with_user(self.seller).sale_line_ids = link
        self.assertEqual(line.invoice_lines, own)

    def test_orders_are_invoiced_and_credited_as_ever(self):
        order = self._confirmed(self.limited, 1000.0)
        order.user_id = self.salesperson
        invoice = order.with_user(self.salesperson)._create_invoices()
        invoice.with_user(self.invoicing).action_post()
        self.assertEqual(
            order.order_line.qty_invoiced, order.order_line.product_uom_qty
        )
        credit_note = invoice.with_user(self.invoicing)._reverse_moves()
        self.assertEqual(credit_note.invoice_line_ids.sale_line_ids, order.order_line)
