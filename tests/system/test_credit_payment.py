"""The page by which a customer pays what a held order waits for, from outside."""

from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.http import root
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.credit_collections.tests.common import LimitedCommon


@tagged("post_install", "-at_install")
class TestCreditPayment(LimitedCommon, AccountPaymentCommon, HttpCase):
    freeze_time = None  # customers come to a server, which has the real clock

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.limited

    def _asked(self, amount=1500.0):
        order = self._order(self.limited, amount, state="sent")
        order.with_user(self.salesperson).action_confirm()
        order.with_user(self.salesperson).action_credit_pay_link()
        return order

    def _transaction(self, order, **values):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/credit/transaction",
            {
                "access_token": order._portal_ensure_token(),
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "amount": 500.0,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": order.get_portal_url(),
                **values,
            },
        )

    def test_the_page_of_the_link_asks_for_the_exact_amount(self):
        order = self._asked()
        page = self.url_open(order.credit_hold_id._get_pay_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn("500.00", page.text)
        self.assertIn(f"/my/orders/{order.id}/credit/transaction", page.text)

    def test_the_page_of_the_order_leads_there(self):
        order = self._asked()
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("We are reviewing it", page)
        self.assertIn(f"/my/orders/{order.id}/credit?access_token=", page)

    def test_without_a_way_to_pay_online_the_page_of_the_order_offers_none(self):
        order = self._asked()
        self.env["payment.provider"].search([]).state = "disabled"
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("is paid, your order goes on by itself", page)
        self.assertIn("500.00", page)
        self.assertNotIn(f"/my/orders/{order.id}/credit?access_token=", page)

    def test_the_qr_code_is_a_picture(self):
        order = self._asked()
        picture = self.url_open(order.credit_hold_id._get_pay_qr_url())
        self.assertEqual(picture.headers["Content-Type"], "image/png")
        self.assertTrue(picture.content.startswith(b"\x89PNG"))

    def test_who_pays_at_the_same_moment_reads_of_the_other(self):
        order = self._asked()
        holds = type(order.credit_hold_id)
        with (
            patch.object(holds, "lock_for_update", side_effect=LockError("busy")),
            self.assertRaisesRegex(JsonRpcException, "ValidationError"),
            mute_logger("odoo.http"),
        ):
            self._transaction(order)
        self.assertFalse(order.credit_hold_id.pay_transaction_ids)
        self._transaction(order)
        self.assertTrue(order.credit_hold_id.pay_begun_date)

    def test_what_is_paid_is_what_was_asked_for_and_the_order_goes_on(self):
        order = self._asked()
        # a browser that would pay less is not asked
        answer = self._transaction(order, amount=1.0)
        # providers tell as superuser what became of it
        transaction = order.credit_hold_id.pay_transaction_ids.sudo()
        self.assertEqual(transaction.reference, answer["reference"])
        self.assertEqual(transaction.amount, 500.0)
        transaction._set_done()
        transaction._post_process()
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))

    def test_overdue_invoices_are_what_the_payment_is_for(self):
        self._rule("days_overdue", days=30)
        invoice = self._receivable(self.limited, 300.0, due_in=-60)
        order = self._asked(50.0)
        self._transaction(order)
        # providers tell as superuser what became of it
        transaction = order.credit_hold_id.pay_transaction_ids.sudo()
        self.assertEqual(transaction.amount, 300.0)
        self.assertEqual(transaction.invoice_ids, invoice)
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(order.state, "sale")
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_a_link_of_an_order_decided_meanwhile_says_so(self):
        order = self._asked()
        url = order.credit_hold_id._get_pay_url()
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        page = self.url_open(url).text
        self.assertIn("No payment is needed", page)
        self.assertNotIn(self.reject_reason.name, page)
        with self.assertRaises(JsonRpcException):
            self._transaction(order)
        self.assertFalse(order.credit_hold_id.pay_transaction_ids)

    def test_without_the_token_nobody_gets_in(self):
        order = self._asked()
        page = self.url_open(f"/my/orders/{order.id}/credit?access_token=guess")
        self.assertNotIn("500.00", page.text)
        picture = self.url_open(f"/my/orders/{order.id}/credit/qr?access_token=guess")
        self.assertEqual(picture.status_code, 404)
        with self.assertRaises(JsonRpcException):
            self._transaction(order, access_token="guess")
        self.assertFalse(order.credit_hold_id.pay_transaction_ids)

    def test_odd_tokens_are_wrong_ones(self):
        order = self._asked()
        page = self.url_open(f"/my/orders/{order.id}/credit?access_token=żółć")
        self.assertEqual(page.status_code, 200)  # the visitor's own documents
        self.assertNotIn("500.00", page.text)
        picture = self.url_open(f"/my/orders/{order.id}/credit/qr?access_token=żółć")
        self.assertEqual(picture.status_code, 404)
        for token in ("żółć", ["guess"], 7):
            with (
                self.subTest(token=token),
                self.assertRaisesRegex(JsonRpcException, "ValidationError"),
            ):
                self._transaction(order, access_token=token)

    # === WHAT CUSTOMERS READ === #

    def test_a_customer_of_the_portal_reads_no_reason_anywhere(self):
        order = self._asked()
        new_test_user(
            self.env,
            "portal_buyer",
            "base.group_portal",
            partner_id=self.limited.id,
            password="portal_buyer",
        )
        self.authenticate("portal_buyer", "portal_buyer")
        hold = order.credit_hold_id
        secrets = [*hold.line_ids.mapped("message"), hold.reason_summary, "exposure"]
        for url in (
            order.get_portal_url(),
            "/my/orders",
            "/my/quotes",
            f"/my/orders/{order.id}",
            f"/my/orders/{order.id}?report_type=html",
            hold._get_pay_url(),
        ):
            page = self.url_open(url).text
            for secret in secrets:
                self.assertNotIn(secret, page, url)
        messages = self.make_jsonrpc_request(
            "/mail/thread/messages",
            {
                "thread_model": "sale.order",
                "thread_id": order.id,
                "token": order._portal_ensure_token(),
            },
        )
        for secret in secrets:
            self.assertNotIn(secret, str(messages))

    def test_a_customer_of_the_portal_reads_no_reason_over_rpc(self):
        order = self._asked()
        portal = new_test_user(
            self.env, "portal_rpc", "base.group_portal", partner_id=self.limited.id
        )
        order = order.with_user(portal)
        shown = set(order.fields_get()) & {
            "credit_panel",
            "credit_open_amount",
            "credit_deposit_amount",
            "credit_hold_id",
            "credit_hold_state",
            "credit_hold_is_forced",
            "credit_asked_date",
            "credit_check",
        }
        self.assertEqual(shown, set())
        answer = str(order.read(["name", "state", "amount_total", "message_ids"]))
        for message in order.sudo().credit_hold_id.line_ids.mapped("message"):
            self.assertNotIn(message, answer)

    def test_the_confirmation_page_of_the_shop_tells_no_reason(self):
        website = self.env["website"].search([], limit=1)
        website.company_id = self.company
        order = self._asked()
        order.website_id = website
        session = self.authenticate(None, None)
        session["sale_last_order_id"] = order.id
        root.session_store.save(session)
        page = self.url_open("/shop/confirmation").text
        self.assertIn(order.name, page)
        for message in order.credit_hold_id.line_ids.mapped("message"):
            self.assertNotIn(message, page)
        self.assertNotIn("exposure", page)

    def test_the_mail_about_the_payment_tells_no_reason(self):
        order = self._asked()
        transaction = self._create_transaction(
            "redirect",
            amount=100.0,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            reference="Part",
            credit_hold_id=order.credit_hold_id.id,
            sale_order_ids=[(6, 0, order.ids)],
            state="done",
        )
        last = self.env["mail.mail"].search([], limit=1)
        transaction._post_process()
        self.assertEqual(order.credit_hold_state, "held")
        mails = self.env["mail.mail"].search([("id", ">", last.id)])
        to_customer = mails.filtered(lambda one: self.limited in one.recipient_ids)
        self.assertTrue(to_customer)
        for message in order.credit_hold_id.line_ids.mapped("message"):
            self.assertNotIn(message, "".join(to_customer.mapped("body_html")))
