from odoo.http import root
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.credit_collections.tests.common import LimitedCommon
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

REVIEW = "We are reviewing it and will get back to you shortly."


@tagged("post_install", "-at_install")
class TestShopPages(LimitedCommon, AccountPaymentCommon, HttpCase):
    """Who buys in the shop reads that an order on hold is reviewed, and never why.

    The limit is 1,000 and a tenth is paid in advance: an order of 3,000 is held.
    """

    freeze_time = None  # customers come to a server, which has the real clock

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.limited
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.portal = new_test_user(
            cls.env, "shop_customer", "base.group_portal", password="shop_customer"
        )
        cls.portal.partner_id.parent_id = cls.limited

    def _bought(self, amount, paid=None, state="done"):
        """Return an order of the shop and the payment of a share of it."""
        order = self._order(
            self.limited,
            amount,
            state="sent",
            require_payment=True,
            prepayment_percent=0.1,
            website_id=self.website.id,
        )
        payment = self._create_transaction(
            "redirect",
            amount=paid or amount * 0.1,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            reference=order.name,
            sale_order_ids=[(6, 0, order.ids)],
            state=state,
        )
        payment._post_process()
        return order, payment

    def _page(self, path, login=None, **session):
        """Return what a visitor reads: a stranger, or a customer who has logged in."""
        visit = self.authenticate(login, login)
        visit.update(session)
        root.session_store.save(visit)
        return self.url_open(path).text

    def _confirmation(self, order, login=None):
        return self._page("/shop/confirmation", login, sale_last_order_id=order.id)

    def _status(self, payment, login=None):
        key = PaymentPostProcessing.MONITORED_TX_ID_KEY
        return self._page("/payment/status", login, **{key: payment.id})

    def _assert_reviewed(self, page, order):
        """The page has the words, once, and nothing that is internal."""
        self.assertEqual(order.credit_hold_state, "held")
        self.assertEqual(page.count(REVIEW), 1)
        self.assertEqual(page.count("Thank you for your order."), 1)
        hold = order.credit_hold_id
        internal = ["exposure", "on hold", "credit limit", hold.reason_summary]
        for words in [*internal, *hold.line_ids.mapped("message")]:
            self.assertNotIn(words.lower(), page.lower())

    def test_a_stranger_reads_on_the_confirmation_that_the_order_is_reviewed(self):
        order, _payment = self._bought(3000.0)
        self._assert_reviewed(self._confirmation(order), order)

    def test_a_customer_with_an_account_reads_the_same(self):
        order, _payment = self._bought(3000.0)
        self._assert_reviewed(self._confirmation(order, self.portal.login), order)

    def test_the_page_of_the_payment_says_so_to_both(self):
        order, payment = self._bought(3000.0)
        self._assert_reviewed(self._status(payment), order)
        self._assert_reviewed(self._status(payment, self.portal.login), order)

    def test_an_order_on_hold_is_not_said_to_be_shipped(self):
        order, _payment = self._bought(3000.0)
        page = self._confirmation(order)
        for promise in ("shipped", "will be delivered", "on its way"):
            self.assertNotIn(promise, page.lower())

    def test_an_advance_is_not_said_to_be_why_the_order_waits(self):
        order, _payment = self._bought(3000.0)
        self.assertNotIn("can not be confirmed", self._confirmation(order))

    def test_a_page_after_the_release_shows_nothing_new(self):
        order, payment = self._bought(3000.0)
        hold = order.credit_hold_id.with_user(self.manager)
        self.assertFalse(hold._release(self.release_reason))
        for page in (self._confirmation(order), self._status(payment)):
            self.assertNotIn(REVIEW, page)

    def test_an_order_that_is_not_held_shows_nothing_new(self):
        # 1,000 less 100 paid = 900, within the limit
        order, payment = self._bought(1000.0)
        self.assertEqual(order.state, "sale")
        self.assertIn("Thank you for your order.", self._confirmation(order))
        for page in (self._confirmation(order), self._status(payment)):
            self.assertNotIn(REVIEW, page)

    def test_a_payment_that_waits_for_the_bank_shows_nothing_new(self):
        order, payment = self._bought(3000.0, state="pending")
        self.assertFalse(order.credit_hold_id)
        for page in (self._confirmation(order), self._status(payment)):
            self.assertNotIn(REVIEW, page)

    def test_a_payment_that_was_asked_for_can_be_made_from_the_page(self):
        order, _payment = self._bought(3000.0)
        self.assertNotIn('name="credit_pay"', self._confirmation(order))
        order.credit_hold_id.with_user(self.manager).action_pay_link()
        page = self._confirmation(order)
        self.assertEqual(page.count('name="credit_pay"'), 1)
        self._assert_reviewed(page, order)

    def test_a_payment_of_nothing_that_is_sold_shows_its_page(self):
        payment = self._create_transaction("redirect", state="done")
        page = self._status(payment)
        self.assertIn(payment.reference, page)
        self.assertNotIn(REVIEW, page)

    def test_a_visitor_whose_payment_is_gone_sees_the_page_of_the_shop(self):
        page = self._page("/payment/status")
        self.assertIn("Your payment is on its way", page)
