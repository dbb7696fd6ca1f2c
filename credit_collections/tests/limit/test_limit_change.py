from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools.date_utils import relativedelta

from .common import LimitCommon


@tagged("post_install", "-at_install")
class TestLimitChange(LimitCommon):
    """Proposed, approved, posted: how a customer gets another limit."""

    # === POSTED === #

    def test_a_new_limit_counts_from_posting_on(self):
        change = self._posted(new_limit=2500.0)
        self.assertEqual(change.state, "posted")
        self.assertEqual(change.line_ids.state, "posted")
        self.assertEqual(self.profile.credit_limit, 2500.0)
        self.assertEqual(self.profile.effective_limit, 2500.0)
        # 2,500 less the 600 that are owed
        self.assertEqual(self.profile.available_credit, 1900.0)
        self.assertEqual(self.customer.credit_limit, 2500.0)
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertEqual(credit[self.customer.id].limit, 2500.0)

    def test_a_draft_changes_nothing(self):
        self._change(new_limit=2500.0)
        self.assertEqual(self.profile.effective_limit, 1000.0)

    def test_a_posted_line_keeps_what_held_before(self):
        line = self._posted(new_limit=2500.0).line_ids
        self.assertEqual(line.old_policy, "limited")
        self.assertEqual(line.old_limit, 1000.0)
        self.assertEqual(line.old_effective_limit, 1000.0)
        self.assertEqual(line.old_exposure, 600.0)
        self.assertEqual(line.current_limit, 1000.0)
        self.assertFalse(line.old_expiry_date)
        self.assertEqual(line.posted_date, self.today)
        self.assertEqual(line.date_from, self.today)

    def test_the_exposure_that_is_kept_is_that_of_the_moment(self):
        self._receivable(amount=150.0, due_in=5)
        line = self._posted(new_limit=2500.0).line_ids
        self.assertEqual(line.old_exposure, 750.0)

    def test_the_profile_knows_since_when_and_until_when(self):
        with freeze_time("2025-03-31"):
            self._posted(new_limit=2500.0)
            self.assertEqual(str(self.profile.limit_date), "2025-03-31")
            self.assertEqual(str(self.profile.limit_expiry_date), "2026-03-31")

    def test_the_company_says_for_how_long_limits_are_good(self):
        self.company.credit_limit_validity_months = 6
        line = self._change(new_limit=2500.0).line_ids
        self.assertEqual(line.date_to, self.today + relativedelta(months=6))

    def test_a_limit_below_what_is_owed(self):
        self._posted(new_limit=400.0)
        self.assertEqual(self.profile.available_credit, -200.0)

    def test_no_credit_any_more(self):
        self._posted(new_policy="none")
        self.assertEqual(self.profile.limit_policy, "none")
        self.assertEqual(self.profile.effective_limit, 0.0)
        # kept, so that going back to it is easy
        self.assertEqual(self.profile.credit_limit, 1000.0)

    def test_unlimited_credit_until_a_day(self):
        self._posted(new_policy="unlimited", date_to=self._day(30))
        self.assertFalse(self.profile.is_limited)
        self.assertEqual(self.profile.limit_expiry_date, self._day(30))

    def test_back_to_the_default_has_no_end(self):
        self.company.write(
            {"credit_default_policy": "limited", "credit_default_limit": 800.0}
        )
        self._posted(new_limit=2500.0)
        self._posted(new_policy="default")
        self.assertEqual(self.profile.effective_limit, 800.0)
        self.assertFalse(self.profile.limit_expiry_date)

    def test_an_automatic_limit_is_written_like_a_permanent_one(self):
        self._posted("automatic", new_limit=700.0)
        self.assertEqual(self.profile.effective_limit, 700.0)

    def test_the_limit_of_a_group(self):
        group = self._steel(10.0)
        change = self._posted(
            "group", lines=[{"group_id": group.id, "new_limit": 9000.0}]
        )
        self.assertEqual(group.credit_limit, 9000.0)
        self.assertEqual(group.expiry_date, self.today + relativedelta(years=1))
        self.assertEqual(change.line_ids.old_limit, 10.0)
        self.assertEqual(change.line_ids.state, "posted")

    def test_a_change_has_a_number(self):
        first, second = self._change(new_limit=1.0), self._change(new_limit=2.0)
        self.assertRegex(first.name, r"^LIM/\d{4}/\d{5}$")
        self.assertNotEqual(first.name, second.name)

    def test_the_history_lists_what_was_posted(self):
        posted = self._posted(new_limit=2500.0) + self._posted(new_limit=3000.0)
        self._change(new_limit=4000.0)
        self.assertEqual(self.profile.limit_history_ids, posted.line_ids)
        self.assertEqual(self.profile.limit_change_count, 3)

    # === STEPS === #

    def test_what_a_controller_submits_waits_for_a_manager(self):
        change = self._change(user=self.controller, new_limit=2500.0)
        change.with_user(self.controller).action_submit()
        self.assertEqual(change.state, "submitted")
        self.assertEqual(change.submitted_by_id, self.controller)
        self.assertEqual(self.profile.effective_limit, 1000.0)
        change.with_user(self.manager).action_approve()
        self.assertEqual(change.state, "posted")
        self.assertEqual(change.approved_by_id, self.manager)
        self.assertEqual(change.posted_by_id, self.manager)
        self.assertEqual(self.profile.effective_limit, 2500.0)

    def test_approved_and_posted_later(self):
        change = self._change(new_limit=2500.0)
        change.is_posted_when_approved = False
        change.with_user(self.manager).action_submit()
        self.assertEqual(change.state, "approved")
        self.assertEqual(self.profile.effective_limit, 1000.0)
        change.with_user(self.controller).action_post()
        self.assertEqual(change.state, "posted")
        self.assertEqual(self.profile.effective_limit, 2500.0)

    def _submitted(self, **values):
        change = self._change(user=self.controller, **values)
        change.with_user(self.controller).action_submit()
        return change

    def test_a_rejected_change_can_be_changed_and_submitted_again(self):
        change = self._submitted(new_limit=2500.0)
        change.with_user(self.manager).action_refuse("Too much")
        self.assertEqual(change.state, "rejected")
        self.assertEqual(change.refusal_note, "Too much")
        change.with_user(self.controller).action_draft()
        change.line_ids.with_user(self.controller).new_limit = 1500.0
        change.with_user(self.controller).action_submit()
        change.with_user(self.manager).action_approve()
        self.assertEqual(self.profile.effective_limit, 1500.0)

    def test_lines_are_rejected_one_by_one_before_the_rest_is_approved(self):
        other = self._profile(self._customer("Other"))
        change = self._submitted(
            lines=[
                {"profile_id": self.profile.id, "new_limit": 2500.0},
                {"profile_id": other.id, "new_limit": 900.0},
            ]
        )
        rejected, accepted = change.line_ids
        rejected.with_user(self.manager).action_reject("Pays late")
        self.assertEqual(change.state, "submitted")
        change.with_user(self.manager).action_approve()
        self.assertEqual(rejected.state, "rejected")
        self.assertEqual(accepted.state, "posted")
        self.assertEqual(self.profile.effective_limit, 1000.0)
        self.assertEqual(other.effective_limit, 900.0)

    def test_a_rejected_line_can_be_restored(self):
        other = self._profile(self._customer("Other"))
        change = self._submitted(
            lines=[
                {"profile_id": self.profile.id, "new_limit": 2500.0},
                {"profile_id": other.id, "new_limit": 900.0},
            ]
        )
        first = change.line_ids[0].with_user(self.manager)
        first.action_reject("Pays late")
        first.action_restore()
        self.assertEqual(change.line_ids.mapped("state"), ["submitted", "submitted"])
        self.assertFalse(first.refusal_note)

    def test_a_change_without_a_line_left_is_rejected(self):
        change = self._submitted(new_limit=2500.0)
        change.line_ids.with_user(self.manager).action_reject("Pays late")
        self.assertEqual(change.state, "rejected")
        self.assertEqual(change.refusal_note, "Pays late")

    def test_who_submitted_recalls(self):
        change = self._submitted(new_limit=2500.0)
        change.with_user(self.controller).action_recall()
        self.assertEqual(change.state, "draft")
        self.assertEqual(change.line_ids.state, "draft")

    def test_another_controller_does_not_recall(self):
        other = self._user(
            "other_controller", "credit_collections.group_credit_controller"
        )
        change = self._submitted(new_limit=2500.0)
        with self.assertRaisesRegex(AccessError, "recalls it"):
            change.with_user(other).action_recall()

    def test_what_was_posted_is_not_recalled(self):
        change = self._posted(new_limit=2500.0)
        with self.assertRaisesRegex(UserError, "is posted"):
            change.with_user(self.manager).action_recall()

    def test_a_draft_is_given_up(self):
        change = self._change(new_limit=2500.0)
        change.with_user(self.manager).action_cancel()
        self.assertEqual(change.state, "cancelled")
        with self.assertRaisesRegex(UserError, "is cancelled"):
            change.with_user(self.manager).action_submit()

    def test_a_change_is_not_posted_twice(self):
        change = self._posted(new_limit=2500.0)
        with self.assertRaisesRegex(UserError, "is posted"):
            change.with_user(self.manager).action_post()

    def test_one_change_that_fails_stops_none_of_the_others(self):
        bad = self._change(new_limit=2500.0, date_to=self._day(1))
        other = self._profile(self._customer("Other"))
        good = self._change(lines=[{"profile_id": other.id, "new_limit": 900.0}])
        both = bad + good
        both.is_posted_when_approved = False
        both.with_user(self.manager).action_submit()
        with freeze_time(self._day(2)):
            result = both.with_user(self.manager).action_post()
        self.assertEqual(both.mapped("state"), ["approved", "posted"])
        self.assertIn("over already", result["params"]["message"])
        self.assertEqual(other.effective_limit, 900.0)

    def test_one_that_can_not_be_submitted_stops_none_of_the_others(self):
        empty = self.changes.with_user(self.manager).create({"kind": "permanent"})
        good = self._change(new_limit=900.0)
        both = (empty + good).with_user(self.manager)
        result = both.action_submit()
        self.assertEqual(both.mapped("state"), ["draft", "posted"])
        self.assertIn("has no lines", result["params"]["message"])

    # === FOUR EYES === #

    def test_nobody_approves_what_they_proposed(self):
        change = self._submitted(new_limit=2500.0)
        self.controller.group_ids += self.env.ref(
            "credit_collections.group_credit_manager"
        )
        with self.assertRaisesRegex(AccessError, "yourself"):
            change.with_user(self.controller).action_approve()
        with self.assertRaisesRegex(AccessError, "yourself"):
            change.line_ids.with_user(self.controller).action_reject()

    # === TIERS === #

    def _tier(self, user, **values):
        return self.env["credit.approval.tier"].create(
            {
                "name": "Board",
                "document": "limit_change",
                "user_ids": [Command.set(user.ids)],
                **values,
            }
        )

    def test_a_tier_is_needed_from_its_amount_on(self):
        self._tier(self.second_manager, amount_from=5000.0)
        for limit, state in ((4999.99, "posted"), (5000.0, "submitted")):
            change = self._posted(new_limit=limit)
            self.assertEqual(change.state, state, limit)
        with self.assertRaisesRegex(AccessError, "another person has to approve"):
            change.with_user(self.manager).action_approve()
        change.with_user(self.second_manager).action_approve()
        self.assertEqual(change.state, "posted")
        self.assertEqual(change.approved_by_id, self.second_manager)
        self.assertEqual(self.profile.effective_limit, 5000.0)

    def test_a_tier_is_needed_from_its_raise_on(self):
        self._tier(self.second_manager, share_from=0.5)
        # from 1,000 by 50 % to 1,500
        for limit, state in ((1499.99, "posted"), (2249.98, "posted")):
            change = self._posted(new_limit=limit)
            self.assertEqual(change.state, state, limit)
        # from 2,249.98 by 50 %: 3,374.97
        self.assertEqual(self._posted(new_limit=3374.97).state, "submitted")

    def test_a_tier_with_a_raise_lets_limits_be_lowered(self):
        self._tier(self.second_manager, share_from=0.01)
        self.assertEqual(self._posted(new_limit=400.0).state, "posted")

    def test_unlimited_credit_needs_all_tiers(self):
        self._tier(self.second_manager, amount_from=1e9, share_from=9.0)
        change = self._posted(new_policy="unlimited")
        self.assertEqual(change.state, "submitted")
        self.assertIn(["New limit", "unlimited"], change.approval_id.numbers)

    def test_the_amount_of_a_group_counts_in_the_currency_of_the_company(self):
        self._tier(self.second_manager, amount_from=5000.0)
        currency = self.env["res.currency"].create(
            {
                "name": "XQQ",
                "symbol": "q",
                "rate_ids": [Command.create({"name": self.today, "rate": 2.0})],
            }
        )
        group = self._steel(9000.0, currency_id=currency.id)
        # 2 q are 1 in company currency
        for limit, state in ((9999.0, "posted"), (10000.0, "submitted")):
            line = {"group_id": group.id, "new_limit": limit}
            change = self._posted("group", lines=[line])
            self.assertEqual(change.state, state, limit)

    def test_a_change_with_a_line_less_is_what_is_decided(self):
        self._tier(self.second_manager, amount_from=5000.0)
        other = self._profile(self._customer("Other"))
        change = self._submitted(
            lines=[
                {"profile_id": self.profile.id, "new_limit": 5000.0},
                {"profile_id": other.id, "new_limit": 900.0},
            ]
        )
        change.line_ids[0].with_user(self.second_manager).action_reject("Too much")
        change.with_user(self.second_manager).action_approve()
        self.assertEqual(change.line_ids.mapped("state"), ["rejected", "posted"])

    def test_the_numbers_of_the_decision_are_kept(self):
        change = self._submitted(new_limit=2500.0)
        numbers = dict(change.approval_id.numbers)
        self.assertIn("1,000.00", numbers["Limit so far"])
        self.assertIn("2,500.00", numbers["New limit"])
        self.assertIn("600.00", numbers["Exposure"])

    def test_who_wrote_a_change_does_not_approve_it_when_another_submits_it(self):
        change = self._change(user=self.second_manager, new_limit=2500.0)
        change.with_user(self.controller).action_submit()
        with self.assertRaisesRegex(AccessError, "another person has to approve"):
            change.with_user(self.second_manager).action_approve()
        change.with_user(self.manager).action_approve()
        self.assertEqual(change.state, "posted")

    def test_a_recalled_change_waits_for_nobody(self):
        change = self._submitted(new_limit=2500.0)
        approval = change.approval_id
        change.with_user(self.controller).action_recall()
        self.assertEqual(approval.state, "cancelled")
        change.with_user(self.controller).action_submit()
        self.assertEqual(change.approval_state, "pending")
