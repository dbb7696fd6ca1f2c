from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestReleaseBounds(LimitedCommon):
    """A release lets no more pass than who releases may decide, and not for ever."""

    def _held(self, amount=1500.52, **values):
        order = self._order(self.limited, amount, **values)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        return order

    def _release(self, order, user, **values):
        hold = order.credit_hold_id.with_user(user)
        return hold._release(self.release_reason, **values)

    def _wizard(self, order, user, **values):
        action = order.credit_hold_id.with_user(user).action_release()
        wizards = self.env["credit.hold.release"].with_user(user)
        return wizards.with_context(**action["context"]).create(
            {"reason_id": self.release_reason.id, **values}
        )

    # === THE BOUNDS === #

    def test_a_controller_can_not_let_an_order_grow_without_end(self):
        order = self._held()
        wizard = self._wizard(
            order, self.controller, tolerance=10000.0, valid_days=36500, note="Grow"
        )
        with self.assertRaisesRegex(UserError, "at most 90 days"):
            wizard.action_release()
        self.assertEqual(order.credit_hold_state, "held")

    def test_a_controller_releases_within_the_policy_only(self):
        order = self._held()
        for values in ({"tolerance": 0.1001}, {"valid_days": 31}):
            with self.assertRaisesRegex(AccessError, "credit manager"):
                self._release(order, self.controller, **values)
            with self.assertRaisesRegex(AccessError, "credit manager"):
                order.credit_hold_id.with_user(self.controller)._ask_for_release(
                    self.release_reason, note="More", **values
                )
        self._release(order, self.controller, tolerance=0.1, valid_days=30)
        self.assertEqual(order.credit_hold_state, "released")

    def test_a_manager_releases_up_to_the_most_there_is(self):
        for values in ({"tolerance": 0.5001}, {"valid_days": 91}):
            with self.assertRaisesRegex(UserError, "at most 90 days"):
                self._release(self._held(), self.manager, **values)
        order = self._held()
        self._release(order, self.manager, tolerance=0.5, valid_days=90)
        self.assertEqual(order.credit_hold_state, "released")

    def test_nothing_is_negative_or_no_number(self):
        order = self._held()
        for values in (
            {"tolerance": -0.01},
            {"valid_days": -1},
            {"tolerance": float("nan")},
        ):
            for user in (self.controller, self.manager):
                with self.assertRaisesRegex(UserError, "negative"):
                    self._release(order, user, **values)

    @mute_logger("odoo.sql_db")
    def test_the_policy_allows_no_more_either(self):
        for values in (
            {"credit_release_tolerance_cap": 0.51},
            {"credit_release_validity_cap_days": 91},
            {"credit_release_tolerance": 0.11},
            {"credit_release_validity_days": 31},
            {"credit_release_tolerance": -0.01},
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.company.write(values)
                self.company.flush_recordset()

    def test_a_wider_policy_is_the_bound(self):
        self.company.credit_release_tolerance_cap = 0.2
        order = self._held(1500.0)
        self._release(order, self.controller, tolerance=0.2)
        self.assertEqual(order.credit_hold_state, "released")

    # === WHAT IS LET THROUGH COUNTS === #

    def test_the_authority_counts_for_what_the_order_may_grow_to(self):
        self.company.credit_controller_authority = 1650.0
        order = self._held(1500.01)
        with self.assertRaisesRegex(AccessError, "1,650.01"):
            self._release(order, self.controller, tolerance=0.1)
        order = self._held(1500.0)
        self._release(order, self.controller, tolerance=0.1)
        self.assertEqual(order.credit_hold_state, "released")

    def test_the_tolerance_of_the_policy_counts_too(self):
        self.company.credit_controller_authority = 1574.99
        self.company.credit_release_tolerance = 0.05
        order = self._held(1500.0)  # 1,575 with 5 %
        self.assertTrue(self._wizard(order, self.controller).others_count)
        with self.assertRaises(AccessError):
            self._release(order, self.controller)

    def test_tiers_look_at_what_the_order_may_grow_to(self):
        tier = self.env["credit.approval.tier"].create(
            {
                "name": "Large",
                "document": "release",
                "amount_from": 1600.0,
                "user_ids": [(6, 0, self.manager.ids)],
            }
        )
        small, large = self._held(1500.0), self._held(1500.0)
        self._release(small, self.controller, tolerance=0.06)  # 1,590
        self.assertEqual(small.credit_hold_state, "released")
        wizard = self._wizard(large, self.controller, tolerance=0.07, note="Please")
        self.assertEqual(wizard.others_count, 1)  # 1,605
        wizard.action_release()
        approval = large.credit_hold_id.sudo().approval_id
        self.assertEqual((approval.state, approval.amount), ("pending", 1605.0))
        self.assertEqual(approval.step_ids.tier_id, tier)

    # === WHAT A RELEASE IS FOR === #

    def test_a_rate_that_moves_takes_no_release_away(self):
        coin = self.setup_other_currency("HRK", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": coin.id}
        )
        order = self._held(3000.0, pricelist_id=pricelist.id)
        self._release(order, self.manager, confirm=False, tolerance=0.1)
        # 3,000 were 1,500, and are 3,000 now
        coin.rate_ids = [(0, 0, {"name": self.today, "rate": 1.0})]
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.credit_hold_state), ("sale", "released"))
        order.order_line.price_unit = 3300.0
        self.assertEqual(order.credit_hold_state, "released")
        order.order_line.price_unit = 3300.01
        self.assertEqual(order.credit_hold_state, "held")

    def test_a_release_is_for_the_terms_it_was_given_for(self):
        order = self._held(1500.0)
        self._release(order, self.manager, confirm=False)
        order.payment_term_id = self.env.ref("account.account_payment_term_30days")
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))

    def test_time_that_goes_by_takes_no_release_away(self):
        self.company.credit_order_horizon_days = 30
        self._rule("order_amount", amount=100.0)
        order = self._order(self.limited, 1500.0)
        order.commitment_date = self.today.replace(day=30)
        self.company.credit_order_horizon_days = 5
        order.with_user(self.salesperson).action_confirm()
        self._release(order, self.manager, confirm=False)
        self.company.credit_order_horizon_days = 30
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")

    # === EVERYTHING IS HELD === #

    def _stop_everything(self):
        profile = self._profile(self.limited)
        profile.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_review"
        )
        profile.action_hold_everything()

    def test_everything_held_after_the_release_holds_the_order(self):
        self._rule("manual")
        order = self._held(1500.0)
        self._release(order, self.manager, confirm=False)
        self._stop_everything()
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))
        self.assertIn("manual", order.credit_hold_id.line_ids.mapped("kind"))

    def test_a_release_given_while_everything_is_held_counts(self):
        self._rule("manual")
        self._stop_everything()
        order = self._held(1500.0)
        self._release(order, self.manager, confirm=False)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_status_that_no_rule_asks_for_takes_no_release_away(self):
        order = self._held(1500.0)
        self._release(order, self.manager, confirm=False)
        self._stop_everything()
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")

    # === REASONS === #

    def test_the_reason_of_a_release_is_one_of_releases(self):
        self.company.credit_controller_authority = 10000.0
        order = self._order(self.limited, 1500.0)
        order.with_user(self.salesperson).action_confirm()
        reason = self.env.ref("credit_collections.credit_reason_release_automatic")
        wizards = self.env["credit.hold.release"].with_user(self.controller)
        wizard = wizards.create(
            {"hold_ids": order.credit_hold_id.ids, "reason_id": reason.id}
        )
        with self.assertRaises(UserError):
            wizard.action_release()

    def test_a_decision_has_a_reason_of_its_kind(self):
        order = self._order(self.limited, 1500.0)
        order.with_user(self.salesperson).action_confirm()
        hold = order.credit_hold_id.with_user(self.manager)
        with self.assertRaises(UserError):
            hold._release(self.reject_reason)
        with self.assertRaises(UserError):
            hold._reject(self.release_reason)
        with self.assertRaises(UserError):
            hold._force(order, self.release_reason)
        self.assertEqual(hold.state, "held")
