from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestHoldForce(LimitedCommon):
    """Orders that a person puts on hold wait for a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hold_reason = cls.env.ref("credit_collections.credit_reason_hold_talk")

    def _force(self, orders, user=None, **values):
        holds = self.env["credit.hold"].with_user(user or self.controller)
        return holds._force(orders, self.hold_reason, **values)

    def test_a_good_quotation_is_held_by_hand_and_the_record_says_by_whom(self):
        order = self._order(self.limited, 10.0)
        hold = self._force(order, note="Call them first")
        self.assertRecordValues(
            hold,
            [
                {
                    "order_id": order.id,
                    "state": "held",
                    "checkpoint": "confirm",
                    "is_forced": True,
                    "held_by_id": self.controller.id,
                    "hold_reason_id": self.hold_reason.id,
                    "missing_amount": 0.0,
                    "reason_summary": "Held by hand",
                    "limit_amount": 1000.0,
                    "is_ready": False,
                }
            ],
        )
        self.assertIn("Call them first", hold.line_ids.message)
        self.assertIn(hold.approver_id, hold.activity_ids.user_id)
        told = order.message_ids[0]
        self.assertIn(self.salesperson.partner_id, told.partner_ids)
        self.assertIn(self.hold_reason.name, told.body)

    def test_the_salesperson_can_not_confirm_it(self):
        order = self._order(self.limited, 10.0)
        self._force(order)
        result = order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))
        self.assertIn(order.name, result["params"]["message"])

    def test_it_is_held_also_where_the_company_has_no_rule(self):
        self.env["credit.rule"].search([]).active = False
        order = self._order(self.customer, 10.0)
        self._force(order)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))

    def test_a_confirmed_order_is_held_too_and_its_work_waits(self):
        order = self._confirmed(self.limited, 10.0)
        hold = self._force(order)
        self.assertEqual((order.state, hold.checkpoint), ("sale", "change"))
        self.assertFalse(order.order_line._credit_free())
        hold.with_user(self.controller)._release(self.release_reason)
        self.assertEqual(order.order_line._credit_free(), order.order_line)

    def test_an_order_that_is_held_already_gets_the_reason_on_top(self):
        order = self._order(self.limited, 1500.0)
        order.with_user(self.salesperson).action_confirm()
        before = order.credit_hold_id
        hold = self._force(order)
        self.assertEqual(hold, before)
        self.assertEqual(hold.line_ids.mapped("kind"), ["limit_used", "forced"])

    def test_what_the_rules_say_is_on_record_too(self):
        hold = self._force(self._order(self.limited, 1500.0))
        self.assertEqual(hold.line_ids.mapped("kind"), ["limit_used", "forced"])

    def test_an_order_that_was_released_can_be_held_by_hand_again(self):
        order = self._order(self.limited, 1500.0)
        order.with_user(self.salesperson).action_confirm()
        first = order.credit_hold_id
        first.with_user(self.manager)._release(self.release_reason, confirm=False)
        hold = self._force(order)
        self.assertNotEqual(hold, first)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "draft")

    # === NEVER BY ITSELF === #

    def test_it_is_never_released_by_itself_but_shows_as_ready(self):
        order = self._order(self.limited, 1500.0)
        hold = self._force(order)
        self._profile(self.limited).credit_limit = 5000.0
        hold.with_user(self.controller).action_evaluate()
        self.assertEqual((order.state, hold.state), ("draft", "held"))
        self.assertTrue(hold.is_ready)
        self.assertEqual(hold.reason_summary, "Ready to release")

    def test_it_is_not_ready_while_the_rules_have_a_reason(self):
        hold = self._force(self._order(self.limited, 1500.0))
        hold.with_user(self.controller).action_evaluate()
        self.assertFalse(hold.is_ready)

    def test_it_shows_as_ready_from_the_day_of_review_on(self):
        for days, ready in ((1, False), (0, True), (-1, True)):
            hold = self._force(
                self._order(self.limited, 10.0),
                review_date=self.today + timedelta(days=days),
            )
            hold.with_user(self.controller).action_evaluate()
            self.assertEqual(hold.is_ready, ready, f"review in {days} days")
            hold.sudo().order_id.action_cancel()

    def test_a_later_review_takes_the_readiness_back(self):
        hold = self._force(self._order(self.limited, 10.0))
        hold.with_user(self.controller).action_evaluate()
        hold.with_user(self.controller).review_date = self.today + timedelta(days=7)
        hold.with_user(self.controller).action_evaluate()
        self.assertFalse(hold.is_ready)

    def test_the_scheduled_action_leaves_it_held(self):
        order = self._order(self.limited, 10.0)
        hold = self._force(order)
        with self.enter_registry_test_mode():
            self.env.ref("credit_collections.ir_cron_evaluate").method_direct_trigger()
        self.assertEqual((hold.state, hold.is_ready), ("held", True))

    def test_a_ready_one_still_waits_when_the_salesperson_confirms(self):
        order = self._order(self.limited, 10.0)
        hold = self._force(order)
        hold.with_user(self.controller).action_evaluate()
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, hold.state), ("draft", "held"))

    def test_a_person_releases_it(self):
        order = self._order(self.limited, 10.0)
        hold = self._force(order)
        hold.with_user(self.controller)._release(self.release_reason)
        self.assertEqual((order.state, hold.state), ("sale", "released"))

    def _assert_held_by_hand_again(self, order, before):
        order.with_user(self.salesperson).action_confirm()
        hold = order.credit_hold_id
        self.assertNotEqual(hold, before)
        self.assertEqual((order.state, hold.state), ("draft", "held"))
        self.assertRecordValues(
            hold,
            [
                {
                    "is_forced": True,
                    "hold_reason_id": self.hold_reason.id,
                    "held_by_id": self.controller.id,
                    "reason_summary": "Held by hand",
                }
            ],
        )
        self.assertIn("Call them first", hold.line_ids.message)

    def test_neither_cancelling_nor_rejecting_ends_it(self):
        for end in ("cancel", "reject"):
            order = self._order(self.limited, 10.0)
            hold = self._force(order, note="Call them first")
            if end == "cancel":
                order.with_user(self.salesperson).action_cancel()
                order.with_user(self.salesperson).action_draft()
            else:
                hold.with_user(self.manager)._reject(
                    self.env.ref("credit_collections.credit_reason_reject_prepay")
                )
            self._assert_held_by_hand_again(order, hold)
            again = order.credit_hold_id
            again.with_user(self.controller)._release(self.release_reason)
            self.assertEqual(order.state, "sale")

    def test_it_goes_on_also_where_the_company_has_no_rule(self):
        self.env["credit.rule"].search([]).active = False
        order = self._order(self.customer, 10.0)
        hold = self._force(order, note="Call them first")
        order.action_cancel()
        order.action_draft()
        self._assert_held_by_hand_again(order, hold)

    def test_writing_the_state_of_the_cancelled_order_does_not_end_it(self):
        order = self._order(self.limited, 10.0)
        self._force(order)
        order.action_cancel()
        order.with_user(self.salesperson).write({"state": "sale"})
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))

    def test_a_confirmed_order_that_is_cancelled_is_held_by_hand_again(self):
        order = self._confirmed(self.limited, 10.0)
        hold = self._force(order, note="Call them first")
        order.action_cancel()
        order.action_draft()
        self._assert_held_by_hand_again(order, hold)

    def test_a_copy_is_an_order_of_its_own(self):
        order = self._order(self.limited, 10.0)
        self._force(order)
        copy = order.copy()
        copy.action_confirm()
        self.assertEqual((copy.state, bool(copy.credit_hold_id)), ("sale", False))

    # === WHO, AND BAD INPUT === #

    def test_others_do_not_put_orders_on_hold(self):
        order = self._order(self.limited, 10.0)
        collector = self._user("credit_collector", "credit_collections.group_collector")
        auditor = self._user("credit_auditor", "account.group_account_readonly")
        for user in (self.salesperson, collector, auditor):
            with self.assertRaisesRegex(AccessError, "credit controllers"):
                self._force(order, user)
            with self.assertRaises(AccessError):
                self.env["credit.hold.force"].with_user(user).create({})

    def test_the_dialog_holds_what_was_chosen(self):
        orders = self._order(self.limited, 10.0) + self._order(self.limited, 20.0)
        boss = self._user(
            "credit_boss",
            "sales_team.group_sale_manager,credit_collections.group_credit_controller",
        )
        action = orders.with_user(boss).action_credit_force()
        wizard = self.env[action["res_model"]].with_user(boss)
        wizard = wizard.with_context(**action["context"]).create(
            {"reason_id": self.hold_reason.id, "note": "Both"}
        )
        result = wizard.action_force()
        self.assertEqual(orders.mapped("credit_hold_state"), ["held", "held"])
        self.assertIn("2", result["params"]["message"])

    def test_a_cancelled_order_can_not_be_put_on_hold(self):
        order = self._order(self.limited, 10.0)
        order.action_cancel()
        with self.assertRaisesRegex(UserError, f"{order.name} is cancelled"):
            self._force(order)

    def test_no_order_at_all_says_so(self):
        with self.assertRaisesRegex(UserError, "Choose the orders"):
            self._force(self.env["sale.order"])
