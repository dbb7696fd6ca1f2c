"""Customers who sign or pay are never stopped by an error; their order is held."""

from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.credit_collections.tests.common import LimitedCommon
from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.tests.common import MockRequest

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZF"
    "QAAAAABJRU5ErkJggg=="
)


class DoorsCommon(LimitedCommon):
    freeze_time = None  # customers come to a server, which has the real clock

    def assert_held_and_courteous(self, order):
        """The order is held, and its page says so without the reason."""
        self.assertEqual(order.credit_hold_state, "held")
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("We are reviewing it", page)
        for reason in order.credit_hold_id.line_ids.mapped("message"):
            self.assertNotIn(reason[:20], page)
        self.assertNotIn("exposure", page)


@tagged("post_install", "-at_install")
class TestSignature(DoorsCommon, HttpCase):
    def _sign(self, order):
        order.require_signature = True
        order.require_payment = False
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Purchasing",
                "signature": SIGNATURE,
            },
        )

    def test_a_signed_order_over_the_limit_keeps_its_signature_and_is_held(self):
        order = self._order(self.limited, 1500.0, state="sent")
        answer = self._sign(order)
        self.assertTrue(answer["force_refresh"])
        self.assertEqual((order.state, order.signed_by), ("sent", "Purchasing"))
        self.assertTrue(order.credit_hold_id.send_confirmation)
        self.assert_held_and_courteous(order)

    def test_a_signed_order_within_the_limit_is_confirmed(self):
        order = self._order(self.limited, 1000.0, state="sent")
        self._sign(order)
        self.assertEqual(order.state, "sale")


@tagged("post_install", "-at_install")
class TestPayment(DoorsCommon, AccountPaymentCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("sale.automatic_invoice", "False")
        cls.partner = cls.limited

    def _pay(self, order, amount, state="done"):
        transaction = self._create_transaction(
            "redirect",
            amount=amount,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            reference=f"{order.name}-{amount}",
            sale_order_ids=[(6, 0, order.ids)],
            state=state,
        )
        transaction._post_process()
        return transaction

    def _web_order(self, amount=1500.0, share=1.0, **values):
        return self._order(
            self.limited,
            amount,
            state="sent",
            require_payment=True,
            prepayment_percent=share,
            **values,
        )

    def test_an_order_paid_in_full_needs_no_credit(self):
        order = self._web_order()
        self._pay(order, 1500.0)
        self.assertEqual(order.state, "sale")

    def test_of_an_order_paid_in_part_only_the_rest_needs_credit(self):
        for amount, state in ((1999.99, "sale"), (2000.0, "sale"), (2000.01, "sent")):
            customer = self._customer(f"Pays half of {amount}", limit=1000.0)
            order = self._order(
                customer,
                amount,
                state="sent",
                require_payment=True,
                prepayment_percent=0.2,
            )
            # 1,000 paid: the rest is up to 1,000
            self._pay(order, 1000.0)
            self.assertEqual(order.state, state, f"order of {amount}")

    def test_a_payment_is_booked_even_when_its_order_is_held(self):
        order = self._web_order(3000.0, share=0.1)
        transaction = self._pay(order, 300.0)
        self.assertEqual(order.credit_hold_state, "held")
        self.assertTrue(transaction.is_post_processed)
        self.assertIn(transaction.payment_id.state, ("in_process", "paid"))
        self.assert_held_and_courteous(order)

    def test_who_paid_for_a_held_order_is_told_that_the_money_arrived(self):
        order = self._web_order(3000.0, share=0.1)
        name = "_send_payment_succeeded_for_order_mail"
        with patch.object(type(order), name, autospec=True) as send:
            self._pay(order, 300.0)
        self.assertEqual(send.call_args.args[0], order)

    def test_an_authorized_payment_counts_like_a_paid_one(self):
        self.provider.support_manual_capture = "full_only"
        order = self._web_order()
        self._pay(order, 1500.0, state="authorized")
        self.assertEqual(order.state, "sale")

    def test_an_order_released_later_is_invoiced_as_its_payment_would_have(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        order = self._web_order(3000.0, share=0.1)
        self._pay(order, 300.0)
        self.assertFalse(order.invoice_ids)
        hold = order.credit_hold_id.with_user(self.manager)
        self.assertFalse(hold._release(self.release_reason))
        self.assertEqual(order.state, "sale")
        # the invoice of the advance is posted and paid by what was booked meanwhile
        self.assertEqual(order.invoice_ids.mapped("state"), ["posted"])
        self.assertEqual(order.invoice_ids.amount_total, 300.0)
        self.assertEqual(order.invoice_ids.amount_residual, 0.0)

    def test_a_held_cart_is_no_cart_any_more(self):
        website = self.env["website"].search([], limit=1)
        website.company_id = self.company
        order = self._web_order(3000.0, share=0.1, website_id=website.id)
        order.state = "draft"
        self._pay(order, 300.0)
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))


@tagged("post_install", "-at_install")
class TestWebsite(DoorsCommon, HttpCase):
    def test_a_checkout_that_costs_nothing_is_held_for_a_customer_on_hold(self):
        self._rule("manual")
        profile = self._profile(self.limited)
        profile.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_review"
        )
        profile.action_set_on_hold()
        website = self.env["website"].search([], limit=1)
        website.company_id = self.company
        order = self._order(self.limited, 0.0, website_id=website.id)
        order.order_line.product_id.type = "service"
        order.order_line.product_id.is_published = True
        with MockRequest(
            website.env, website=website, sale_order_id=order.id
        ) as request:
            request.session["sale_last_order_id"] = order.id
            WebsiteSale().shop_payment_validate(sale_order_id=order.id)
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))
        self.assert_held_and_courteous(order)
