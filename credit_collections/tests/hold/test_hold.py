from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import SALESPERSON, LimitedCommon


@tagged("post_install", "-at_install")
class TestHold(LimitedCommon):
    """What becomes of an order that was held."""

    def _held(self, amount=1500.0, customer=None, **values):
        order = self._order(customer or self.limited, amount, **values)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        return order

    def _release(self, orders, user=None, **values):
        holds = orders.credit_hold_id.with_user(user or self.manager)
        return holds._release(self.release_reason, **values)

    # === RELEASE === #

    def test_a_release_confirms_the_order_and_is_on_record(self):
        order = self._held()
        self._release(order, note="Agreed")
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            order.credit_hold_id,
            [
                {
                    "state": "released",
                    "release_reason_id": self.release_reason.id,
                    "release_note": "Agreed",
                    "released_by_id": self.manager.id,
                    "released_amount": 1500.0,
                    "valid_until": self.today + timedelta(days=30),
                }
            ],
        )

    def test_a_release_without_confirming_leaves_it_to_the_salesperson(self):
        order = self._held()
        self._release(order, confirm=False)
        self.assertEqual(order.state, "draft")
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_hold_state, "released")

    def test_a_released_order_may_grow_up_to_its_tolerance(self):
        # 10 % of 1,500: up to 1,650
        for amount, state in ((1649.99, "sale"), (1650.0, "sale"), (1650.01, "draft")):
            order = self._held(customer=self._customer(f"To {amount}", limit=1000.0))
            self._release(order, confirm=False, tolerance=0.1)
            order.order_line.price_unit = amount
            order.with_user(self.salesperson).action_confirm()
            self.assertEqual(order.state, state, f"grown to {amount}")

    def test_a_release_is_valid_up_to_its_last_day(self):
        for days, state in ((1, "sale"), (0, "sale"), (-1, "draft")):
            order = self._held(customer=self._customer(f"Valid {days}", limit=1000.0))
            self._release(order, confirm=False)
            order.credit_hold_id.sudo().valid_until = self.today + timedelta(days=days)
            order.with_user(self.salesperson).action_confirm()
            self.assertEqual(order.state, state, f"valid for {days} more days")

    def test_a_released_confirmed_order_is_held_again_only_beyond_the_tolerance(self):
        order = self._held(1500.0, quantity=15)
        self._release(order, tolerance=0.1)
        order.order_line.product_uom_qty = 16
        self.assertEqual(order.credit_hold_state, "released")
        order.order_line.product_uom_qty = 17
        self.assertEqual(order.credit_hold_state, "held")

    def test_one_that_can_not_be_confirmed_does_not_stop_the_rest(self):
        good, bad = self._held(), self._held()
        confirmable = type(bad)._confirmation_error_message

        def refuse(order):
            return "No product" if order.id == bad.id else confirmable(order)

        with patch.object(type(bad), "_confirmation_error_message", refuse):
            errors = self._release(good + bad)
        self.assertEqual((good.state, bad.state), ("sale", "draft"))
        self.assertEqual(errors, {bad.credit_hold_id: "No product"})
        self.assertEqual(bad.credit_hold_state, "released")

    def test_the_wizard_releases_what_was_chosen(self):
        orders = self._held() + self._held()
        action = orders.credit_hold_id.with_user(self.manager).action_release()
        wizard = (
            self.env["credit.hold.release"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason_id": self.release_reason.id, "note": "Both"})
        )
        self.assertEqual((wizard.hold_count, wizard.amount), (2, 3000.0))
        result = wizard.action_release()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        self.assertIn("2", result["params"]["message"])

    def test_the_salesperson_is_told_of_the_release(self):
        order = self._held()
        before = order.message_ids
        self._release(order, note="Agreed")
        told = (order.message_ids - before).filtered(
            lambda message: self.salesperson.partner_id in message.partner_ids
        )
        self.assertIn("Agreed", told.body)

    def test_a_release_is_for_the_customer_it_was_given_for(self):
        order = self._held()
        self._release(order, confirm=False)
        order.partner_invoice_id = self._customer("Somebody Else", limit=10.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))

    def test_releasing_twice_says_who_did_it(self):
        order = self._held()
        self._release(order)
        with self.assertRaisesRegex(UserError, "released by credit_manager"):
            self._release(order)

    def test_an_order_cancelled_meanwhile_can_not_be_released(self):
        order = self._held()
        hold = order.credit_hold_id
        order.with_user(self.salesperson).action_cancel()
        with self.assertRaisesRegex(UserError, "no longer held"):
            hold.with_user(self.manager)._release(self.release_reason)
        self.assertEqual(order.state, "cancel")

    # === REJECTION === #

    def test_a_rejected_order_stays_a_quotation_and_the_salesperson_reads_why(self):
        order = self._held()
        hold = order.credit_hold_id.with_user(self.manager)
        hold._reject(self.reject_reason, note="Half in advance")
        self.assertEqual((order.state, hold.state), ("draft", "rejected"))
        told = order.message_ids[0]
        self.assertIn(self.salesperson.partner_id, told.partner_ids)
        self.assertIn("Half in advance", told.body)

    def test_a_rejected_order_is_held_anew_when_confirmed_again(self):
        order = self._held()
        hold = order.credit_hold_id
        hold.with_user(self.manager)._reject(self.reject_reason)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        self.assertNotEqual(order.credit_hold_id, hold)

    # === AUTHORITY === #

    def test_a_controller_releases_up_to_the_authority(self):
        self.company.credit_controller_authority = 1500.0
        for amount in (1499.99, 1500.0):
            order = self._held(amount)
            self._release(order, self.controller)
            self.assertEqual(order.state, "sale")
            order.action_cancel()

    def test_a_controller_needs_a_manager_above_the_authority(self):
        self.company.credit_controller_authority = 1500.0
        order = self._held(1500.01)
        with self.assertRaisesRegex(AccessError, "credit manager"):
            self._release(order, self.controller)
        with self.assertRaisesRegex(AccessError, "credit manager"):
            order.credit_hold_id.with_user(self.controller)._reject(self.reject_reason)
        self._release(order, self.manager)
        self.assertEqual(order.state, "sale")

    def test_the_authority_counts_for_what_the_order_has_grown_to(self):
        self.company.credit_controller_authority = 1500.0
        order = self._held(1500.0)
        order.order_line.price_unit = 9000.0
        with self.assertRaisesRegex(AccessError, "credit manager"):
            self._release(order, self.controller)

    def test_nobody_else_decides(self):
        order = self._held()
        accountant = self._user("credit_accountant", "account.group_account_manager")
        collector = self._user("credit_collector", "credit_collections.group_collector")
        for user in (self.salesperson, accountant, collector):
            hold = order.credit_hold_id.with_user(user)
            with self.assertRaises(AccessError):
                hold._release(self.release_reason)
            with self.assertRaises(AccessError):
                hold._reject(self.reject_reason)
            with self.assertRaises(AccessError):
                hold.action_evaluate()
            with self.assertRaises(AccessError):
                hold.write({"state": "released"})

    def test_a_controller_can_not_write_a_release_past_the_button(self):
        self.company.credit_controller_authority = 1.0
        hold = self._held().credit_hold_id.with_user(self.controller)
        for values in (
            {"state": "released"},
            {"released_amount": 1e9},
            {"valid_until": self.today},
        ):
            with self.assertRaises(AccessError):
                hold.write(values)
        hold.review_date = self.today

    def test_holds_are_never_deleted(self):
        hold = self._held().credit_hold_id
        with self.assertRaises(UserError):
            hold.sudo().unlink()

    def test_an_order_that_was_held_is_not_deleted_and_the_message_says_why(self):
        order = self._held()
        order.action_cancel()
        with self.assertRaisesRegex(UserError, order.name):
            order.unlink()

    # === ASKING FOR IT === #

    def _ask(self, order, user=None, note="Paid this morning"):
        wizards = self.env["credit.hold.request"].with_user(user or self.salesperson)
        wizards.create({"order_id": order.id, "note": note}).action_request()

    def test_a_salesperson_asks_and_the_approver_is_told(self):
        self.company.credit_approver_id = self.manager
        order = self._held()
        self._ask(order)
        hold = order.credit_hold_id
        self.assertEqual(hold.asked_by_id, self.salesperson)
        self.assertEqual(hold.asked_note, "Paid this morning")
        self.assertIn(self.manager.partner_id, hold.message_ids.partner_ids)

    def test_asking_again_puts_the_new_request_in_front_and_keeps_the_first(self):
        self.company.credit_approver_id = self.manager
        order = self._held()
        self._ask(order, note="Paid this morning")
        self._ask(order, note="Proof of payment attached")
        hold = order.credit_hold_id
        self.assertEqual(hold.asked_note, "Proof of payment attached")
        told = hold.message_ids.filtered("partner_ids")
        self.assertEqual(told.partner_ids, self.manager.partner_id)
        self.assertIn("Proof of payment attached", told[0].body)
        self.assertIn("Paid this morning", told[1].body)

    def test_asking_for_the_order_of_a_colleague_is_refused(self):
        order = self._held()
        colleague = self._user("credit_colleague", SALESPERSON)
        with self.assertRaises(AccessError):
            self._ask(order, colleague)

    def test_asking_for_an_order_that_is_not_held_says_so(self):
        with self.assertRaisesRegex(UserError, "not on credit hold"):
            self._ask(self._order(self.customer))

    def test_the_approver_gets_an_activity_until_it_is_decided(self):
        self.company.credit_approver_id = self.manager
        order = self._held()
        activity = order.credit_hold_id.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self._release(order)
        self.assertFalse(order.credit_hold_id.activity_ids)

    def test_the_activity_says_what_is_to_be_decided(self):
        order = self._held()
        activity = order.credit_hold_id.activity_ids
        self.assertEqual(activity.summary, f"Release or reject {order.name} of Limited")
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("credit_collections.mail_activity_credit_release"),
        )

    def test_without_an_approver_a_credit_manager_gets_the_activity(self):
        self.company.credit_approver_id = False
        order = self._held()
        user = order.credit_hold_id.activity_ids.user_id
        self.assertTrue(user.has_group("credit_collections.group_credit_manager"))

    # === EVALUATION === #

    def test_evaluating_again_releases_when_the_reason_is_gone(self):
        order = self._held()
        self._profile(self.limited).credit_limit = 1500.0
        order.credit_hold_id.with_user(self.controller).action_evaluate()
        hold = order.credit_hold_id
        self.assertEqual((order.state, hold.state), ("sale", "released"))
        self.assertTrue(hold.line_ids.cleared_date)
        self.assertEqual(
            hold.release_reason_id,
            self.env.ref("credit_collections.credit_reason_release_automatic"),
        )
        # nothing was left, so what it was held for
        self.assertEqual(hold.reason_summary, "Credit limit used")

    def test_evaluating_again_only_marks_as_ready_where_the_company_wants_so(self):
        self.company.credit_auto_release = False
        order = self._held()
        self._profile(self.limited).credit_limit = 1500.0
        order.credit_hold_id.with_user(self.controller).action_evaluate()
        self.assertEqual(order.state, "draft")
        self.assertTrue(order.credit_hold_id.is_ready)
        self.assertEqual(order.credit_hold_id.reason_summary, "Ready to release")
        self.assertEqual(order.credit_hold_state, "held")

    def test_evaluating_again_keeps_what_still_holds_with_its_first_numbers(self):
        self._rule("order_amount", amount=100.0)
        order = self._held()
        message = order.credit_hold_id.line_ids[1].message
        self._profile(self.limited).credit_limit = 5000.0
        order.credit_hold_id.with_user(self.controller).action_evaluate()
        lines = order.credit_hold_id.line_ids
        self.assertEqual([bool(line.cleared_date) for line in lines], [True, False])
        self.assertEqual(lines[1].message, message)
        self.assertEqual(order.credit_hold_id.reason_summary, "Order amount")

    def test_evaluating_again_adds_a_new_reason(self):
        order = self._held()
        self._rule("order_amount", amount=100.0)
        order.credit_hold_id.with_user(self.controller).action_evaluate()
        kinds = order.credit_hold_id.line_ids.mapped("kind")
        self.assertEqual(kinds, ["limit_used", "order_amount"])

    def test_an_order_held_by_hand_is_never_released_automatically(self):
        self._rule("manual")
        profile = self._profile(self.customer)
        profile.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_review"
        )
        profile.action_set_on_hold()
        order = self._held(customer=self.customer)
        profile.with_user(self.manager).action_lift_hold()
        hold = order.credit_hold_id
        self.assertEqual((order.state, hold.state), ("draft", "held"))
        self.assertTrue(hold.is_ready)

    def test_orders_evaluated_together_can_not_share_the_same_credit(self):
        orders = self._held(1500.0) + self._held(1500.0)
        self._profile(self.limited).credit_limit = 2000.0
        orders.credit_hold_id.with_user(self.controller).action_evaluate()
        self.assertEqual(sorted(orders.mapped("state")), ["draft", "sale"])

    def test_the_scheduled_action_evaluates_all_held_orders(self):
        order = self._held()
        self._profile(self.limited).credit_limit = 1500.0
        with self.enter_registry_test_mode():
            self.env.ref("credit_collections.ir_cron_evaluate").method_direct_trigger()
        self.assertEqual(order.state, "sale")

    # === ON SCREEN === #

    def test_the_panel_warns_while_the_quotation_is_written(self):
        self._receivable(self.limited, 400.0, due_in=-3)
        order = self._order(self.limited, 700.0)
        panel = order.with_user(self.salesperson).credit_panel
        self.assertEqual(panel["state"], "broken")
        self.assertEqual(panel["available"], 600.0)
        self.assertEqual(panel["available_after"], -100.0)
        self.assertEqual((panel["overdue"], panel["overdue_days"]), (400.0, 3))
        self.assertEqual(len(panel["reasons"]), 1)

    def test_the_panel_of_a_good_customer_shows_what_is_available(self):
        order = self._order(self.limited, 700.0)
        panel = order.with_user(self.salesperson).credit_panel
        self.assertEqual((panel["state"], panel["available"]), ("clear", 1000.0))
        self.assertFalse(panel["reasons"])

    def test_the_panel_of_a_held_order_shows_its_reasons(self):
        panel = self._held().with_user(self.salesperson).credit_panel
        self.assertEqual(panel["state"], "held")
        self.assertEqual(len(panel["reasons"]), 1)

    def test_the_panel_says_who_asked_for_the_release_and_why(self):
        order = self._held()
        self.assertFalse(order.credit_panel["asked"])
        self._ask(order)
        asked = order.with_user(self.salesperson).credit_panel["asked"]
        self.assertEqual(asked["user"], self.salesperson.name)
        self.assertEqual(asked["note"], "Paid this morning")
        self.assertEqual(order.credit_asked_date, order.credit_hold_id.asked_date)

    def test_there_is_no_panel_where_there_is_nothing_to_say(self):
        self.assertFalse(self._order(self.customer).credit_panel)

    def test_core_says_nothing_that_could_contradict(self):
        self.company.account_use_credit_limit = True
        order = self._order(self.limited, 5000.0)
        self.assertFalse(order.partner_credit_warning)
        invoice = self._receivable(self.limited, 5000.0, post=False)
        self.assertFalse(invoice.partner_credit_warning)
