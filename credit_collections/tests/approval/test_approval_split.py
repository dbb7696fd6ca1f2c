from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalSplit(ApprovalCommon):
    """A part of an order is released while the release of the whole waits."""

    def setUp(self):
        super().setUp()
        self.other_controller = self._user(
            "other_controller", "credit_collections.group_credit_controller"
        )

    def _waiting(self, **values):
        """Return the hold of an order of ten pieces at 200, and what was asked for."""
        hold = self._held(2000.0, quantity=10)
        return hold, self._ask(hold, **values)

    def _part(self, hold, user, quantity=2):
        return hold.with_user(user)._release_part(
            {hold.order_id.order_line: quantity}, self.release_reason, note="For now"
        )

    def test_the_request_for_the_whole_is_recalled_and_goes_on_for_the_rest(self):
        self._tier(amount_from=1500.0)
        hold, request = self._waiting(valid_days=5)
        # 2 × 200 = 400 is below the tier, 8 × 200 = 1,600 above it
        rest = self._part(hold, self.other_controller)
        self.assertEqual((hold.state, hold.order_id.state), ("released", "sale"))
        self.assertEqual(hold.released_amount, 400.0)
        self.assertEqual(request.state, "cancelled")
        self.assertIn(rest.name, request.decision_note)
        again = rest.credit_hold_id.approval_id
        self.assertNotEqual(again, request)
        self.assertRecordValues(
            again,
            [
                {
                    "state": "pending",
                    "amount": 1600.0,
                    "requested_by_id": self.controller.id,
                    "request_note": "Paid tomorrow",
                    "options": request.options,
                    "decider_ids": self.director.ids,
                }
            ],
        )
        self.assertEqual(rest.credit_hold_state, "held")

    def test_who_is_asked_next_has_a_task_for_the_rest_alone(self):
        self._tier(amount_from=1500.0)
        hold, request = self._waiting()
        rest = self._part(hold, self.other_controller)
        again = rest.credit_hold_id.approval_id
        self.assertFalse(request.activity_ids)
        self.assertEqual(again.activity_ids.user_id, self.director)
        self.assertFalse(rest.credit_hold_id.activity_ids)

    def test_the_approval_of_the_rest_releases_the_rest(self):
        self._tier(amount_from=1500.0)
        hold, _request = self._waiting()
        rest = self._part(hold, self.other_controller)
        self._approve(rest.credit_hold_id.approval_id, self.director)
        self.assertEqual((rest.credit_hold_state, rest.state), ("released", "sale"))

    def test_who_asked_is_told_that_it_goes_on_for_the_rest(self):
        self._tier(amount_from=1500.0)
        hold, request = self._waiting()
        rest = self._part(hold, self.other_controller)
        said = request.message_ids.filtered(lambda one: rest.name in (one.body or ""))
        self.assertIn(self.controller.partner_id, said.notified_partner_ids)

    def test_who_was_asked_decides_for_a_part_and_is_not_asked_again(self):
        self._tier(self.manager, amount_from=300.0)
        hold, request = self._waiting()
        rest = self._part(hold, self.manager)
        self.assertEqual(hold.state, "released")
        # the part was approved with its own numbers: 2 × 200
        part = hold.approval_ids - request
        self.assertEqual((part.state, part.amount), ("approved", 400.0))
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(rest.credit_hold_state, "held")
        self.assertFalse(rest.credit_hold_id.approval_ids)
        self.assertTrue(rest.credit_hold_id.activity_ids)

    def test_a_part_that_needs_the_next_level_too_is_refused_as_a_whole(self):
        self._tier(self.manager, level=1)
        self._tier(self.director, level=2)
        hold, request = self._waiting()
        message = "needs the approval of “Level 2” too"
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            self._part(hold, self.manager)
        self.assertEqual((hold.state, request.state), ("held", "pending"))
        self.assertEqual(hold.order_id.amount_total, 2000.0)

    def test_a_part_that_is_the_tiers_to_decide_is_refused_to_others(self):
        self._tier(amount_from=300.0)
        hold, request = self._waiting()
        message = "waits for “Level 1”"
        with self.assertRaisesRegex(AccessError, message), self.env.cr.savepoint():
            self._part(hold, self.other_controller)
        self.assertEqual((hold.state, request.state), ("held", "pending"))

    def test_what_the_salesperson_asked_for_goes_on_with_the_rest(self):
        hold = self._held(2000.0, quantity=10)
        hold.sudo()._ask(self.salesperson, "They pay on Friday")
        rest = self._part(hold, self.controller).credit_hold_id
        self.assertEqual(rest.asked_by_id, self.salesperson)
        self.assertEqual(rest.asked_note, "They pay on Friday")

    def test_where_nobody_may_approve_the_rest_it_is_held_like_any_other(self):
        tier = self._tier(self.director + self.controller, amount_from=1500.0)
        hold, _request = self._waiting()
        tier.user_ids = self.controller  # who asked, and nobody else
        rest = self._part(hold, self.other_controller).credit_hold_id
        self.assertEqual(rest.state, "held")
        self.assertFalse(rest.approval_ids)
        self.assertTrue(rest.activity_ids)
        self.assertIn("Nobody but", "".join(rest.message_ids.mapped("body")))
