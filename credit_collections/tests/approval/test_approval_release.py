from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalRelease(ApprovalCommon):
    """Releases of held orders that the tiers of the company have to approve."""

    # === WHEN === #

    def test_a_tier_is_needed_from_its_amount_on(self):
        self._tier(amount_from=1500.0)
        for amount, needed in ((1499.99, False), (1500.0, True), (1500.01, True)):
            hold = self._held(amount, self._customer(f"For {amount}", limit=1000.0))
            if needed:
                with self.assertRaisesRegex(AccessError, "waits for “Level 1”"):
                    self._release(hold, self.manager)
            else:
                self._release(hold, self.manager)
            self.assertEqual(hold.state, "held" if needed else "released")

    def test_a_tier_is_needed_from_its_share_over_the_limit_on(self):
        self._tier(share_from=0.5)
        # limit 1,000: an order of 1,500 is 50 % over it
        for amount, needed in ((1499.99, False), (1500.0, True), (1500.01, True)):
            hold = self._held(amount, self._customer(f"Over {amount}", limit=1000.0))
            found = hold.with_user(self.manager)._needs_approval_of_others()
            self.assertEqual(bool(found), needed, amount)

    def test_without_credit_everything_is_far_over_the_limit(self):
        self._tier(share_from=50.0)
        nobody = self._customer("No Credit")
        self._profile(nobody).limit_policy = "none"
        hold = self._held(10.0, nobody)
        approval = self._ask(hold)
        self.assertEqual(approval.share_over, 99.99)

    def test_where_no_tier_applies_the_authority_of_controllers_counts(self):
        self._tier(amount_from=1500.01)
        self.company.credit_controller_authority = 1500.0
        hold = self._held(1500.0)
        self._release(hold, self.controller)
        self.assertEqual(hold.order_id.state, "sale")
        self.assertFalse(hold.approval_ids)

    def test_tiers_of_other_companies_and_documents_do_not_count(self):
        self._tier(company_id=self.env["res.company"].create({"name": "Other"}).id)
        self._tier(document="write_off")
        self._tier(date_to=self.today - timedelta(days=1))
        hold = self._held()
        self._release(hold, self.manager)
        self.assertEqual(hold.state, "released")

    # === ASKING === #

    def test_what_a_controller_asked_for_is_done_when_it_is_approved(self):
        self._tier()
        hold = self._held()
        approval = self._ask(hold, valid_days=5, tolerance=0.1)
        self.assertEqual((hold.state, hold.approval_state), ("held", "pending"))
        self._approve(approval, self.director, "Known for years")
        self.assertEqual(hold.order_id.state, "sale")
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "released",
                    "approval_state": "approved",
                    "released_by_id": self.director.id,
                    "release_reason_id": self.release_reason.id,
                    "release_note": "Paid tomorrow",
                    "valid_until": self.today + timedelta(days=5),
                    "tolerance": 0.1,
                }
            ],
        )

    def test_an_approval_that_breaks_stops_none_of_the_others(self):
        self._tier()
        good, broken = self._held(), self._held()
        approvals = self._ask(good) + self._ask(broken)
        grant = type(good)._on_approval_granted

        def fail(hold):
            if hold.id == broken.id:
                raise ZeroDivisionError("It broke")
            return grant(hold)

        with (
            patch.object(type(good), "_on_approval_granted", fail),
            patch.object(type(approvals), "_refresh_numbers", return_value=False),
            mute_logger("odoo.addons.credit_collections.tools.batches"),
        ):
            troubles = self._approve(approvals, self.director)
        self.assertEqual(troubles, {approvals[1]: "It broke"})
        self.assertEqual(approvals.mapped("state"), ["approved", "pending"])
        self.assertEqual((good.state, broken.state), ("released", "held"))

    def test_without_confirming_the_salesperson_goes_on(self):
        self._tier()
        hold = self._held()
        self._approve(self._ask(hold, confirm=False), self.director)
        self.assertEqual((hold.state, hold.order_id.state), ("released", "draft"))
        hold.order_id.with_user(self.salesperson).action_confirm()
        self.assertEqual(hold.order_id.state, "sale")

    def test_a_controller_asks_a_manager_above_the_authority(self):
        self.company.credit_controller_authority = 1000.0
        hold = self._held()
        approval = self._ask(hold)
        self.assertIn(self.manager, approval.decider_ids)
        self.assertNotIn(self.controller, approval.decider_ids)
        self._approve(approval, self.manager)
        self.assertEqual(hold.order_id.state, "sale")

    def test_who_asks_twice_is_told_for_whom_it_waits(self):
        self._tier()
        hold = self._held()
        self._ask(hold)
        with self.assertRaisesRegex(UserError, "waits for “Level 1” already"):
            self._ask(hold)

    def test_asking_is_refused_where_nobody_else_could_approve(self):
        self._tier(self.controller)
        hold = self._held()
        with self.assertRaisesRegex(UserError, "Nobody but you"):
            self._ask(hold, self.controller)

    def test_collectors_and_salespeople_do_not_ask(self):
        self._tier()
        hold = self._held()
        collector = self.collector
        for user in (collector, self.salesperson):
            with self.assertRaises(AccessError):
                self._ask(hold, user)

    def test_only_what_is_ones_own_to_decide_is_offered(self):
        self.company.credit_controller_authority = 1500.0
        within, above = self._held(1500.0), self._held(1500.01)
        for user, expected in (
            (self.controller, [True, False]),
            (self.manager, [True, True]),
            (self.salesperson, [False, False]),
        ):
            holds = (within + above).with_user(user)
            self.assertEqual(holds.mapped("may_decide"), expected)
        self._release(within, self.manager)
        self.assertFalse(within.may_decide)

    def test_a_hold_says_for_whom_it_waits(self):
        self._tier()
        hold = self._held()
        self.assertFalse(hold.waits_for)
        self._ask(hold)
        self.assertEqual(hold.with_user(self.salesperson).waits_for, "Level 1")

    # === WHO === #

    def test_whom_the_tier_names_releases_by_the_button(self):
        self._tier(self.manager)
        hold = self._held()
        self.assertFalse(self._release(hold, self.manager, note="Fine"))
        self.assertEqual(hold.order_id.state, "sale")
        self.assertRecordValues(
            hold.approval_ids.step_ids,
            [{"state": "approved", "decided_by_id": self.manager.id, "note": "Fine"}],
        )

    def test_who_asked_does_not_approve(self):
        self._tier(self.controller + self.director)
        hold = self._held()
        approval = self._ask(hold)
        self.assertEqual(approval.decider_ids, self.director)
        with self.assertRaisesRegex(AccessError, "another person"):
            self._approve(approval, self.controller)

    def test_who_asked_for_the_release_as_a_salesperson_does_not_release(self):
        self._tier(self.manager + self.director)
        hold = self._held()
        hold.sudo()._ask(self.manager, "My customer")
        with self.assertRaisesRegex(AccessError, "another person"):
            self._release(hold, self.manager)

    def test_a_group_approves(self):
        self._tier(group_id=self.env.ref("credit_collections.group_credit_manager").id)
        approval = self._ask(self._held())
        for user in (self.manager, self.other_manager, self.director):
            self.assertIn(user, approval.decider_ids)
        self._approve(approval, self.other_manager)
        self.assertEqual(approval.state, "approved")

    def test_people_of_other_companies_do_not_approve(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("stranger", "base.group_user")
        stranger.write({"company_ids": company.ids, "company_id": company.id})
        self._tier(stranger + self.director)
        approval = self._ask(self._held())
        self.assertEqual(approval.decider_ids, self.director)
        with self.assertRaises(AccessError):
            self._approve(approval, stranger)

    # === LEVELS === #

    def test_one_level_decides_after_the_other(self):
        self._tier(self.manager, level=1)
        self._tier(self.director, level=2, amount_from=1500.0)
        hold = self._held()
        approval = self._ask(hold)
        with self.assertRaises(AccessError):
            self._approve(approval, self.director)
        self._approve(approval, self.manager, "Fine with me")
        self.assertEqual((approval.state, hold.state), ("pending", "held"))
        self._approve(approval, self.director, "Me too")
        self.assertEqual((approval.state, hold.state), ("approved", "released"))
        self.assertEqual(
            approval.step_ids.mapped("decided_by_id"), self.manager + self.director
        )
        self.assertEqual(approval.step_ids.mapped("note"), ["Fine with me", "Me too"])

    def test_each_level_needs_another_person(self):
        self._tier(self.manager, level=1)
        self._tier(self.manager + self.director, level=2)
        approval = self._ask(self._held())
        self._approve(approval, self.manager)
        with self.assertRaisesRegex(AccessError, "agreed to it before"):
            self._approve(approval, self.manager)

    def test_who_presses_release_learns_that_another_level_follows(self):
        self._tier(self.manager, level=1)
        self._tier(self.director, level=2)
        hold = self._held()
        errors = self._release(hold, self.manager)
        self.assertIn("Level 2", errors[hold])
        self.assertEqual(hold.state, "held")

    def test_an_order_that_grew_is_looked_at_again_by_the_levels_it_needs_now(self):
        self._tier(self.manager, level=1)
        self._tier(self.director, level=2, amount_from=5000.0)
        hold = self._held(1500.0)
        approval = self._ask(hold)
        hold.order_id.order_line.price_unit = 5000.0
        troubles = self._approve(approval, self.manager)
        self.assertIn("grown", troubles[approval])
        self.assertEqual((approval.amount, approval.state), (5000.0, "pending"))
        self.assertFalse(self._approve(approval, self.manager))
        self.assertEqual(approval.decider_ids, self.director)
        self._approve(approval, self.director)
        self.assertEqual(hold.released_amount, 5000.0)

    # === OTHERWISE === #

    def test_a_refusal_leaves_the_order_held_and_is_told(self):
        self._tier()
        hold = self._held()
        approval = self._ask(hold)
        approval.with_user(self.director)._refuse("Half in advance")
        self.assertEqual((hold.state, hold.approval_state), ("held", "refused"))
        told = approval.message_ids.filtered(
            lambda message: self.controller.partner_id in message.partner_ids
        )
        self.assertIn("Half in advance", told.body)
        # somebody has to reject it now, or to ask anew
        self.assertEqual(hold.activity_ids.user_id, hold.approver_id)
        # asked anew, it is decided anew
        self.assertEqual(self._ask(hold).state, "pending")
        self.assertEqual(hold.approval_ids.mapped("state"), ["pending", "refused"])

    def test_the_second_of_two_is_told_who_approved(self):
        self._tier(self.director + self.manager)
        approval = self._ask(self._held())
        self._approve(approval, self.director)
        with self.assertRaisesRegex(UserError, "approved already by director"):
            self._approve(approval, self.manager)
        with self.assertRaisesRegex(UserError, "approved already by director"):
            approval.with_user(self.manager)._refuse("No")

    def test_the_second_button_release_is_told_who_released(self):
        self._tier(self.manager + self.other_manager)
        hold = self._held()
        self._release(hold, self.manager)
        with self.assertRaisesRegex(UserError, "released by credit_manager"):
            self._release(hold, self.other_manager)

    def test_a_cancelled_order_waits_for_nobody(self):
        self._tier()
        hold = self._held()
        approval = self._ask(hold)
        hold.order_id.with_user(self.salesperson).action_cancel()
        self.assertEqual((hold.state, approval.state), ("lapsed", "cancelled"))
        self.assertFalse(approval.activity_ids)
        with self.assertRaisesRegex(UserError, "cancelled already"):
            self._approve(approval, self.director)
        self.assertEqual(hold.order_id.state, "cancel")

    def test_a_rejected_order_waits_for_nobody(self):
        self._tier()
        hold = self._held()
        approval = self._ask(hold)
        hold.with_user(self.manager)._reject(self.reject_reason)
        self.assertEqual(approval.state, "cancelled")

    def test_an_order_without_any_reason_left_needs_no_approval(self):
        self._tier()
        hold = self._held()
        approval = self._ask(hold)
        self._profile(self.limited).credit_limit = 9000.0
        hold.with_user(self.controller).action_evaluate()
        self.assertEqual((hold.state, approval.state), ("released", "cancelled"))

    # === MANY === #

    def test_many_are_asked_for_with_few_statements(self):
        self._tier()

        def cost(count):
            holds = (
                self.env["credit.hold"]
                .union(
                    *(
                        self._held(1500.0, self._customer(f"{count} {n}", limit=1000.0))
                        for n in range(count)
                    )
                )
                .with_user(self.controller)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            holds._needs_approval_of_others()
            return self.cr.sql_log_count - before

        cost(1)  # fills caches
        self.assertLessEqual(cost(10), cost(1) + 2)
