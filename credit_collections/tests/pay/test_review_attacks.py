"""Attacks of a reviewer (2026-12-01): each says what should be so."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SALESPERSON
from .common import PayCommon


@tagged("post_install", "-at_install")
class TestReviewAttacks(PayCommon):
    def _force(self, order, user=None):
        reason = self.env.ref("credit_collections.credit_reason_hold_talk")
        self.env["credit.hold"].with_user(user or self.manager)._force(order, reason)
        return order.credit_hold_id

    # === HOLDS OF CONFIRMED ORDERS THAT ARE REJECTED === #

    def test_a_rejected_growth_is_not_free(self):
        order = self._order(self.limited, 1000.0, quantity=10)
        order.with_user(self.salesperson).action_confirm()
        order.order_line.with_user(self.salesperson).product_uom_qty = 15
        hold = order.credit_hold_id
        self.assertEqual((hold.state, hold.checkpoint), ("held", "change"))
        hold.with_user(self.manager)._reject(self.reject_reason, note="no")
        self.assertFalse(order.order_line._credit_free())

    def test_a_rejected_growth_is_not_what_was_approved(self):
        order = self._order(self.limited, 1000.0, quantity=10)
        order.with_user(self.salesperson).action_confirm()
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 15
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        line.product_uom_qty = 16
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        may_leave = hold._may_leave(order.order_line, 1500.0)
        line.product_uom_qty = 15
        self.assertEqual((may_leave, hold.state), (False, "held"))

    def test_a_rejected_hold_by_hand_of_a_confirmed_order_stays(self):
        order = self._confirmed(self.limited, 100.0)
        hold = self._force(order)
        self.assertFalse(order.order_line._credit_free())
        hold.with_user(self.manager)._reject(self.reject_reason, note="no")
        self.assertFalse(order.order_line._credit_free())

    # === FACTS THAT A USER LINKS === #

    def test_the_date_of_a_confirmed_order_takes_it_not_out_of_the_exposure(self):
        self.company.credit_order_horizon_days = 30
        first = self._confirmed(self.limited, 1000.0)
        first.with_user(self.salesperson).write(
            {"date_order": self.today + timedelta(days=900)}
        )
        self.env.flush_all()
        second = self._order(self.limited, 1000.0)
        second.with_user(self.salesperson).action_confirm()
        first.with_user(self.salesperson).write({"date_order": self.today})
        self.env.flush_all()
        held = "held" in (first.credit_hold_state, second.credit_hold_state)
        self.assertTrue(held, self._exposure(self.limited))

    def test_a_contact_that_joins_another_company_moves_the_debt(self):
        self.bad = self._customer("Bad", limit=10.0)
        person = self._customer("Person", limit=1000.0, is_company=False)
        order = self._confirmed(person, 900.0)
        user = self._user("review_partner", f"{SALESPERSON},base.group_partner_manager")
        try:
            with self.env.cr.savepoint():
                person.with_user(user).write({"parent_id": self.bad.id})
        except (AccessError, UserError):
            return
        self.env.flush_all()
        self.assertEqual(order._credit_partner(), self.bad)
        self.assertEqual(order.credit_hold_state, "held", self._exposure(self.bad))

    # === EXCLUSIONS === #

    def test_an_exclusion_is_not_for_another_payer(self):
        bad = self._customer("Bad", limit=10.0)
        order = self._order(self.limited, 100.0)
        order.with_user(self.manager)._credit_exclude("Letter of credit")
        as_seller = order.with_user(self.salesperson)
        as_seller.partner_invoice_id = bad
        as_seller.order_line.product_uom_qty = 1000
        as_seller.action_confirm()
        self.assertEqual(order.state, "draft", order.amount_total)

    # === PAYMENTS === #

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

    # === RIGHT OR WRONG RESULTS === #

    def test_an_order_that_is_cancelled_in_the_same_write_is_not_held(self):
        order = self._confirmed(self.limited, 1000.0)
        line = order.order_line
        order.write(
            {
                "state": "cancel",
                "order_line": [Command.update(line.id, {"price_unit": 5000.0})],
            }
        )
        self.assertNotEqual(order.credit_hold_state, "held")

    def test_growth_on_top_of_a_held_invoice_ends_when_taken_back(self):
        self._archive_rules()
        self._rule("days_overdue", days=5, at_confirm=False, at_invoice=True)
        self._rule("limit_used", limit_share=1.0)
        self._receivable(self.limited, 10.0, due_in=-10)
        order = self._order(self.limited, 900.0, quantity=9)
        order.with_user(self.salesperson).action_confirm()
        invoice = self._invoice(order, post=False)
        invoice.action_post()
        hold = order.credit_hold_id
        self.assertEqual((hold.state, hold.checkpoint), ("held", "invoice"))
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 20
        self.assertEqual(hold.checkpoint, "change")
        # what was confirmed before goes on
        self.assertTrue(hold._may_leave(order.order_line, 900.0))
        line.product_uom_qty = 9
        self.assertNotEqual(hold.checkpoint, "change")
        self.assertTrue(order.order_line._credit_free())

    def test_the_reason_of_a_release_is_one_of_releases(self):
        self.company.credit_controller_authority = 10000.0
        order = self._held(1500.0)
        reason = self.env.ref("credit_collections.credit_reason_release_automatic")
        wizard = (
            self.env["credit.hold.release"]
            .with_user(self.controller)
            .create(
                {
                    "hold_ids": [Command.set(order.credit_hold_id.ids)],
                    "reason_id": reason.id,
                }
            )
        )
        with self.assertRaises(UserError):
            wizard.action_release()

    def _service(self):
        return self.env["product.product"].create(
            {
                "name": "Advice",
                "type": "service",
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
        )

    def _order_of_service(self, amount, **values):
        order = self._order(self.limited, amount, **values)
        order.order_line.product_id = self._service()
        order.order_line.write({"price_unit": amount, "tax_ids": [Command.clear()]})
        return order

    def test_more_delivered_than_ordered_is_judged(self):
        order = self._order_of_service(1000.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        order.order_line.with_user(self.salesperson).qty_delivered = 50
        self.env.flush_all()
        self.assertEqual(order.credit_hold_state, "held", self._exposure(self.limited))

    def test_what_is_delivered_counts_however_late_it_was_to_be(self):
        self.company.credit_order_horizon_days = 30
        order = self._order_of_service(
            5000.0, commitment_date=self.today + timedelta(days=900)
        )
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        order.order_line.with_user(self.salesperson).qty_delivered = 1
        self.env.flush_all()
        self.assertTrue(self._exposure(self.limited))

    # === LEGITIMATE WORK === #

    def test_who_passed_has_passed_also_behind_a_savepoint(self):
        order = self._order(self.limited, 100.0)
        with order._credit_passing():
            self.env.cr.precommit.add(lambda: None)  # as tracking does
            with self.env.cr.savepoint():
                pass
            self.assertIn(order.id, order._credit_passed_ids())
