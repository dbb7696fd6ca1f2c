from unittest.mock import patch

from odoo.tests import tagged

from .common import PayCommon


@tagged("post_install", "-at_install")
class TestHoldPayChanged(PayCommon):
    """A payment releases what it was asked for, and only as long as it is there."""

    def _large(self):
        """Return a held order of 34,947.35 for which 857.90 were asked."""
        order = self._held(1857.90)
        self.assertEqual(self._ask(order).amount, 857.90)
        order.order_line.price_unit = 34947.35
        return order

    def test_a_payment_asked_for_before_the_order_was_raised_releases_nothing(self):
        order = self._large()
        self._pay(order, 857.90)
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))
        self.assertIn("has changed", order.credit_hold_id.message_ids[0].body)
        order.credit_hold_id.with_user(self.controller).action_evaluate()
        self.assertEqual(order.credit_hold_state, "held")
        # 34,947.35 less 1,000 of the limit, of which 857.90 came
        self.assertEqual(self._ask(order).amount, 33089.45)
        self._pay(order)
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))

    def test_within_the_tolerance_it_releases(self):
        self.company.credit_release_tolerance = 0.1
        for price, state in ((1650.0, "released"), (1650.01, "held")):
            order = self._held(1500.0, self._customer(f"Of {price}", limit=1000.0))
            self._ask(order)
            order.order_line.price_unit = price
            self._pay(order, 500.0)
            self.assertEqual(order.credit_hold_state, state, price)

    def test_what_changed_is_decided_again(self):
        order = self._held(1500.0)
        self._ask(order)
        self._profile(self.limited).credit_limit = 5000.0
        order.order_line.price_unit = 2000.0
        self._pay(order, 500.0)
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))

    def test_the_link_and_the_mail_say_that_the_order_has_changed(self):
        order = self._large()
        hold = order.credit_hold_id
        self.assertTrue(hold._awaits_payment())
        self.assertFalse(hold._can_be_paid())
        self._ask(order).with_user(self.salesperson).action_send()
        self.assertTrue(hold._can_be_paid())
        mail = self.env["mail.mail"].search([], limit=1)
        self.assertIn("has changed", mail.body_html)

    def test_a_second_payment_is_refused_while_the_first_is_on_its_way(self):
        order = self._held(1500.0)
        self._ask(order)
        hold = order.credit_hold_id
        self.assertTrue(hold._can_be_paid())
        transaction = self._pay(order, state="pending")
        self.assertFalse(hold._can_be_paid())
        transaction._set_canceled()
        self.assertTrue(hold._can_be_paid())

    def test_an_order_paid_online_in_two_parts_goes_on(self):
        self.env["credit.rule"].search([]).active = False
        self._rule("order_amount", amount=100.0)
        order = self._held(500.0, self.customer)
        for number, (amount, state) in enumerate(((150.0, "sent"), (350.0, "sale"))):
            transaction = self._create_transaction(
                "redirect",
                amount=amount,
                currency_id=order.currency_id.id,
                partner_id=order.partner_id.id,
                reference=f"{order.name}-part-{number}",
                state="done",
                sale_order_ids=[(6, 0, order.ids)],
            )
            transaction._post_process()
            self.assertEqual(order.state, state)
        self.assertEqual(order._credit_to_pay(), 0.0)

    # === TAKEN BACK === #

    def _released(self, name="Paid"):
        order = self._held(1500.0, self._customer(name, limit=1000.0))
        self._ask(order)
        transaction = self._pay(order)
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))
        return order, transaction

    def _assert_held_again(self, order, before):
        hold = order.credit_hold_id
        self.assertNotEqual(hold, before)
        self.assertEqual((hold.state, hold.checkpoint), ("held", "change"))
        self.assertIn("paid_back", hold.line_ids.mapped("kind"))
        self.assertIn("500.00", hold.line_ids[-1].message)
        self.assertFalse(order.order_line._credit_free())

    def test_a_payment_that_bounces_takes_the_release_back(self):
        for bounce in ("action_reject", "action_cancel", "action_draft"):
            order, transaction = self._released(bounce)
            before = order.credit_hold_id
            getattr(transaction.payment_id, bounce)()
            self._assert_held_again(order, before)

    def test_a_payment_that_is_paid_back_takes_the_release_back(self):
        order, transaction = self._released()
        before = order.credit_hold_id
        refund = transaction._create_child_transaction(500.0, is_refund=True)
        refund._set_done()
        refund._post_process()
        self._assert_held_again(order, before)

    def test_a_release_by_a_person_is_not_taken_back(self):
        order = self._held(1500.0)
        self._ask(order)
        transaction = self._pay(order, 200.0)
        order.credit_hold_id.with_user(self.manager)._release(self.release_reason)
        transaction.payment_id.action_reject()
        self.assertEqual(order.credit_hold_state, "released")

    # === MEANWHILE === #

    def test_a_customer_put_on_hold_after_the_link_is_not_released_by_paying(self):
        self._rule("manual")
        order = self._held(1500.0)
        self._ask(order)
        profile = self._profile(self.limited)
        profile.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_review"
        )
        profile.with_user(self.manager).action_hold_everything()
        self._pay(order)
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))

    def test_a_payment_does_not_outlive_a_hold_of_everything_put_after_the_link(self):
        order = self._held(1500.0)
        self._ask(order)
        self.env["credit.rule"].search([]).active = False
        profile = self._profile(self.limited)
        reason = self.env.ref("credit_collections.credit_reason_status_review")
        profile.status_reason_id = reason
        profile.with_user(self.manager).action_hold_everything()
        self._pay(order)
        self.assertEqual(order.credit_hold_id.released_status, "none")

    def test_a_refund_while_a_growth_waits_is_not_forgotten(self):
        order = self._held(1500.0, quantity=15)
        self._ask(order)
        transaction = self._pay(order)
        self.assertEqual(order.state, "sale")
        order.order_line.with_user(self.salesperson).product_uom_qty = 20
        self.assertEqual(order.credit_hold_state, "held")
        refund = transaction._create_child_transaction(500.0, is_refund=True)
        refund._set_done()
        refund._post_process()
        order.order_line.with_user(self.salesperson).product_uom_qty = 15
        self.assertEqual(order.credit_hold_state, "held")
        self.assertFalse(order.order_line._credit_free())

    def test_a_payment_taken_back_stops_also_what_was_approved(self):
        order = self._held(1500.0, quantity=15)
        self._ask(order)
        transaction = self._pay(order)
        order.order_line.with_user(self.salesperson).product_uom_qty = 20
        hold = order.credit_hold_id
        self.assertTrue(hold._may_leave(order.order_line, 1500.0))
        self._take_back(transaction)
        self.assertEqual(order.credit_hold_id, hold)
        self.assertFalse(hold._may_leave(order.order_line, 1500.0))
        self.assertIn("paid_back", hold.line_ids.mapped("kind"))

    def test_a_payment_taken_back_after_the_growth_was_rejected_holds_the_order(self):
        order = self._held(1500.0, quantity=15)
        self._ask(order)
        transaction = self._pay(order)
        order.order_line.with_user(self.salesperson).product_uom_qty = 20
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        self._take_back(transaction)
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        self.assertFalse(hold._may_leave(order.order_line, 1500.0))

    def test_a_take_back_that_failed_is_made_up_for_by_the_job(self):
        order = self._held(1500.0)
        self._ask(order)
        transaction = self._pay(order)
        released = order.credit_hold_id
        with (
            patch.object(type(released), "_hold_again", side_effect=ValueError),
            self.assertLogs("odoo.addons.credit_collections", "ERROR"),
        ):
            self._take_back(transaction)
        self.assertEqual(order.credit_hold_id, released)
        with self._as_job():
            self.env["credit.hold"]._cron_evaluate()
        self.assertEqual(order.credit_hold_state, "held")
        self.assertFalse(released.is_evaluation_due)

    def _take_back(self, transaction):
        refund = transaction._create_child_transaction(500.0, is_refund=True)
        refund._set_done()
        refund._post_process()

    # === TWO AT ONCE === #

    def test_who_begins_to_pay_writes_the_hold(self):
        # so that a second one who read it before is sent back to begin anew
        order = self._held(1500.0)
        self._ask(order)
        hold = order.credit_hold_id
        hold.sudo()._begin_payment()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT pay_begun_date FROM credit_hold WHERE id = %s", [hold.id]
        )
        self.assertTrue(self.env.cr.fetchone()[0])
