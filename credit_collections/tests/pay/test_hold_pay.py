from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import SALESPERSON
from .common import PayCommon


@tagged("post_install", "-at_install")
class TestHoldPay(PayCommon):
    """The customer pays what is missing, and the order goes on by itself."""

    def test_the_first_online_payment_of_all_is_seen(self):
        transactions = self.env["payment.transaction"]
        transactions.search([]).unlink()
        self.env.registry.clear_cache()
        order = self._held(1500.0)
        self.assertFalse(transactions._credit_is_used())
        self._create_transaction(
            "redirect",
            amount=400.0,
            partner_id=order.partner_id.id,
            reference=order.name,
            state="done",
            sale_order_ids=[(6, 0, order.ids)],
        )
        self.assertEqual(order._credit_to_pay(), 1100.0)

    # === ASK === #

    def test_the_dialog_has_the_exact_amount_the_link_and_a_qr_code(self):
        order = self._held(1500.0)
        dialog = self._ask(order)
        # 1,500 ordered, 1,000 allowed
        self.assertEqual(dialog.amount, 500.0)
        self.assertIn(f"/my/orders/{order.id}/credit?access_token=", dialog.link)
        self.assertTrue(dialog.with_context(bin_size=False).qr_code)
        self.assertEqual(dialog.email, self.limited.email)
        self.assertEqual(order.credit_hold_id.pay_asked_by_id, self.salesperson)

    def test_the_amount_is_that_of_today(self):
        order = self._held(1500.0)
        self._profile(self.limited).credit_limit = 1200.0
        self.assertEqual(self._ask(order).amount, 300.0)

    def test_an_order_in_another_currency_is_paid_in_it(self):
        # 2 gold coins are 1 of the company's: 3,000 are 1,500, of which 500 too much
        coin = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Coins", "currency_id": coin.id}
        )
        order = self._held(3000.0, pricelist_id=pricelist.id)
        dialog = self._ask(order)
        self.assertEqual((dialog.amount, dialog.currency_id), (1000.0, coin))

    def test_the_link_is_sent_to_the_customer_without_the_reason(self):
        order = self._held(1500.0)
        self._ask(order).with_user(self.salesperson).action_send()
        mail = self.env["mail.mail"].search([], limit=1)
        self.assertEqual(mail.recipient_ids, self.limited)
        self.assertIn("500.00", mail.body_html)
        self.assertIn(f"/my/orders/{order.id}/credit", mail.body_html)
        self.assertIn(f"/my/orders/{order.id}/credit/qr", mail.body_html)
        for word in ("exposure", "credit limit", "on hold", "1,500.00"):
            self.assertNotIn(word, mail.body_html.lower())

    def test_without_an_address_nothing_is_sent_and_the_message_says_so(self):
        self.limited.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self._ask(self._held()).action_send()

    # === PAID === #

    def test_the_payment_releases_and_confirms_by_itself(self):
        order = self._held(1500.0)
        self._ask(order)
        self._pay(order)
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            order.credit_hold_id,
            [
                {
                    "state": "released",
                    "release_reason_id": self.env.ref(
                        "credit_collections.credit_reason_release_payment"
                    ).id,
                    "pay_received_amount": 500.0,
                }
            ],
        )

    def test_a_partial_payment_does_not(self):
        order = self._held(1500.0)
        self._ask(order)
        self._pay(order, 499.99)
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))
        self.assertIn("499.99", order.credit_hold_id.message_ids[0].body)
        # the cent that is missing
        self.assertEqual(order.credit_hold_id._get_amount_to_pay(), 0.01)
        self._pay(order, 0.01)
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))

    def test_a_payment_that_is_not_done_yet_does_not(self):
        for state in ("pending", "cancel"):
            order = self._held(1500.0)
            self._ask(order)
            self._pay(order, state=state)
            self.assertEqual(order.credit_hold_state, "held", state)

    def test_after_a_partial_payment_only_the_rest_is_asked_for(self):
        order = self._held(1500.0)
        self._ask(order)
        self._pay(order, 200.0)
        self.assertEqual(self._ask(order).amount, 300.0)

    def test_overdue_invoices_are_settled_by_the_payment(self):
        self._rule("days_overdue", days=30)
        old = self._receivable(self.customer, 300.0, due_in=-60)
        new = self._receivable(self.customer, 100.0, due_in=10)
        order = self._held(50.0, self.customer)
        self.assertEqual(self._ask(order).amount, 300.0)
        self._pay(order)
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))
        self.assertEqual((old.amount_residual, new.amount_residual), (0.0, 100.0))

    def test_a_large_order_is_paid_in_full(self):
        self.env["credit.rule"].search([]).active = False
        self._rule("order_amount", amount=1000.0)
        order = self._held(1500.0, self.customer)
        self.assertEqual(self._ask(order).amount, 1500.0)
        self._pay(order)
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))

    def test_who_paid_what_was_asked_for_waits_for_nothing_new(self):
        order = self._held(1500.0)
        self._ask(order)
        self._receivable(self.limited, 5000.0, due_in=10)
        self._pay(order)
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))

    def test_an_order_held_by_hand_meanwhile_waits_for_a_person(self):
        order = self._held(1500.0)
        self._ask(order)
        reason = self.env.ref("credit_collections.credit_reason_hold_talk")
        order.credit_hold_id.with_user(self.controller)._force(order, reason)
        self._pay(order, 500.0)
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))
        self.assertIn("held by hand", order.credit_hold_id.message_ids[0].body)

    def test_a_payment_for_an_order_decided_meanwhile_is_booked_and_no_trouble(self):
        for decide in ("_reject", "cancel"):
            order = self._held(1500.0)
            self._ask(order)
            hold = order.credit_hold_id
            if decide == "cancel":
                order.action_cancel()
            else:
                hold.with_user(self.manager)._reject(self.reject_reason)
            state = hold.state
            transaction = self._pay(order, 500.0)
            self.assertTrue(transaction.payment_id)
            self.assertEqual(hold.state, state)
            self.assertFalse(hold._awaits_payment())

    def test_trouble_with_the_release_is_none_of_the_payment(self):
        order = self._held(1500.0)
        self._ask(order)
        name = "odoo.addons.credit_collections.models.pay.payment_transaction"

        def fail(_hold):
            raise ValueError("Broken data")

        holds = type(order.credit_hold_id)
        with patch.object(holds, "_on_payment", fail), self.assertLogs(name, "ERROR"):
            transaction = self._pay(order)
        self.assertTrue(transaction.payment_id)

    def test_what_was_paid_is_released_by_the_next_evaluation_at_the_latest(self):
        order = self._held(1500.0)
        self._receivable(self.limited, 5000.0, due_in=10)
        self._ask(order)
        self._create_transaction(
            "redirect",
            amount=order.credit_hold_id.pay_amount,
            partner_id=order.partner_id.id,
            currency_id=order.currency_id.id,
            reference="Later",
            credit_hold_id=order.credit_hold_id.id,
            state="done",
        )
        order.credit_hold_id.with_user(self.controller).action_evaluate()
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))

    # === BAD INPUT, AND WHO === #

    def test_where_no_payment_helps_the_message_says_so(self):
        order = self._held(1500.0)
        reason = self.env.ref("credit_collections.credit_reason_hold_talk")
        order.credit_hold_id.with_user(self.controller)._force(order, reason)
        with self.assertRaisesRegex(UserError, "no payment takes away"):
            self._ask(order)

    def test_where_no_reason_is_left_the_message_says_so(self):
        order = self._held(1500.0)
        self._profile(self.limited).credit_limit = 5000.0
        with self.assertRaisesRegex(UserError, "No reason is left"):
            self._ask(order)

    def test_a_link_for_a_hold_decided_meanwhile_is_refused(self):
        order = self._held(1500.0)
        dialog = self._ask(order)
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        with self.assertRaisesRegex(UserError, "needs no payment"):
            dialog.action_send()
        with self.assertRaisesRegex(UserError, "not on credit hold"):
            self._ask(order)
        with self.assertRaisesRegex(UserError, "no longer held"):
            order.credit_hold_id.with_user(self.manager).action_pay_link()

    def test_a_colleague_without_a_right_to_the_order_gets_no_link(self):
        order = self._held(1500.0)
        colleague = self._user("credit_colleague", SALESPERSON)
        with self.assertRaises(AccessError):
            order.credit_hold_id.with_user(colleague).action_pay_link()

    def test_a_controller_gets_the_link_from_the_list_of_held_orders(self):
        order = self._held(1500.0)
        action = order.credit_hold_id.with_user(self.controller).action_pay_link()
        dialog = self.env[action["res_model"]].with_user(self.controller)
        self.assertEqual(dialog.browse(action["res_id"]).amount, 500.0)
