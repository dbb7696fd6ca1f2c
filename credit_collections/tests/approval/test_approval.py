from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon):
    """Approvals as records: substitutes, reminders, wording, and what is kept."""

    # === SUBSTITUTES === #

    def test_a_substitute_decides_on_the_days_of_the_absence(self):
        self._tier()
        # from yesterday to today, today only, from tomorrow, until yesterday
        for begin, end, may in ((-1, 0, 1), (0, None, 1), (1, 2, 0), (-2, -1, 0)):
            entry = self._substitute(self.director, self.deputy, begin, end)
            approval = self._ask(self._held(1500.0, self._customer("C", limit=1.0)))
            mine = approval.with_user(self.deputy).search([("is_mine", "=", True)])
            self.assertEqual(approval in mine, bool(may), (begin, end))
            if may:
                self._approve(approval, self.deputy)
                self.assertEqual(approval.step_ids.on_behalf_id, self.director)
                self.assertIn("for director", approval.message_ids[0].body)
            else:
                with self.assertRaises(AccessError):
                    self._approve(approval, self.deputy)
            entry.unlink()

    def test_a_substitute_who_asked_does_not_approve(self):
        self._tier()
        self._substitute(self.director, self.controller)
        approval = self._ask(self._held())
        with self.assertRaisesRegex(AccessError, "another person"):
            self._approve(approval, self.controller)

    def test_nobody_approves_in_the_name_of_who_asked(self):
        self._tier(self.controller + self.director)
        self._substitute(self.controller, self.deputy)
        approval = self._ask(self._held())
        self.assertEqual(approval.decider_ids, self.director)
        self.assertFalse(approval.with_user(self.deputy).sudo(False).search([]))

    def test_a_substitute_for_other_documents_does_not_decide(self):
        self._tier()
        self._substitute(self.director, self.deputy, document="write_off")
        approval = self._ask(self._held())
        self.assertEqual(approval.decider_ids, self.director)

    def test_dates_and_people_of_a_substitute_are_checked(self):
        for values in ((self.deputy, 2, 1), (self.director, 0, 0)):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._substitute(self.director, *values)

    # === TASKS AND REMINDERS === #

    def _remind(self, days=0):
        """Let an approval be asked for so many days ago, and remind of it."""
        self.approval.sudo().asked_date = self.today - timedelta(days=days)
        before = self.approval.message_ids
        with self._as_job():
            self.env["credit.approval"].sudo()._cron_remind()
        return (self.approval.message_ids - before).partner_ids

    def test_who_may_decide_has_a_task_until_it_is_decided(self):
        self._tier(self.director + self.manager)
        approval = self._ask(self._held())
        self.assertEqual(approval.activity_ids.user_id, self.director + self.manager)
        self._approve(approval, self.manager)
        self.assertFalse(approval.activity_ids)

    def test_without_a_tier_one_manager_has_the_task(self):
        self.company.credit_approver_id = self.other_manager
        self.company.credit_controller_authority = 1.0
        approval = self._ask(self._held())
        self.assertIn(self.manager, approval.decider_ids)
        self.assertEqual(approval.activity_ids.user_id, self.other_manager)

    def test_a_substitute_gets_the_task_on_the_first_day(self):
        self._tier()
        self.approval = self._ask(self._held())
        entry = self._substitute(self.director, self.deputy, 1, 3)
        self._remind()
        self.assertEqual(self.approval.activity_ids.user_id, self.director)
        entry.date_from = self.today
        self._remind()
        both = self.director + self.deputy
        self.assertEqual(self.approval.activity_ids.user_id, both)
        entry.unlink()
        self._remind()
        self.assertEqual(self.approval.activity_ids.user_id, self.director)

    def test_who_may_decide_is_reminded_every_so_many_days(self):
        self._tier()
        self.company.credit_approval_reminder_days = 3
        self.approval = self._ask(self._held())
        self.assertFalse(self._remind(2))
        self.assertEqual(self._remind(3), self.director.partner_id)
        self.assertFalse(self._remind(4))  # was reminded today
        self.approval.sudo().reminded_date = self.today - timedelta(days=3)
        self.assertEqual(self._remind(6), self.director.partner_id)
        self.assertEqual(self.approval.reminder_count, 2)

    def test_nobody_is_reminded_where_the_company_does_not_want_it(self):
        self._tier()
        self.company.credit_approval_reminder_days = 0
        self.approval = self._ask(self._held())
        self.assertFalse(self._remind(90))

    def test_an_approver_who_left_is_told_to_the_credit_manager(self):
        self._tier()
        self.company.credit_approver_id = self.manager
        self.approval = self._ask(self._held())
        self.director.active = False
        self.assertEqual(self._remind(9), self.manager.partner_id)

    # === WORDING === #

    def _decide(self, approval, user, decision, note):
        action = getattr(approval.with_user(user), f"action_{decision}")()
        wizards = self.env["credit.approval.decide"].with_user(user)
        form = Form(wizards.with_context(**action["context"]))
        form.note = note
        return form.save().action_decide()

    def test_the_wording_of_the_decision_is_kept_with_the_numbers(self):
        self._tier()
        hold = self._held(1500.0)
        approval = self._ask(hold)
        self._decide(approval, self.director, "approve", "They paid yesterday")
        self.assertEqual(approval.decision_note, "They paid yesterday")
        numbers = dict(approval.step_ids.numbers)
        self.assertIn("1,500.00", numbers["Order"])
        self.assertIn("1,000.00", numbers["Limit"])
        self.assertIn("500.00", numbers["Over the limit"])
        # 500 over a limit of 1,000
        self.assertEqual((approval.amount, approval.share_over), (1500.0, 0.5))
        hold.order_id.order_line.price_unit = 9.0
        self.assertEqual(approval.amount, 1500.0)

    def test_a_refusal_needs_words(self):
        self._tier()
        approval = self._ask(self._held())
        wizards = self.env["credit.approval.decide"].with_user(self.director)
        wizard = wizards.create(
            {"approval_ids": approval.ids, "decision": "refuse", "note": "  "}
        )
        with self.assertRaisesRegex(UserError, "Say why"):
            wizard.action_decide()
        wizard.note = "Too much"
        wizard.action_decide()
        self.assertEqual(
            (approval.state, approval.decision_note), ("refused", "Too much")
        )

    def test_only_who_asked_takes_it_back(self):
        self._tier()
        approval = self._ask(self._held())
        for user in (self.manager, self.director):
            with self.assertRaises(AccessError):
                approval.with_user(user).action_recall()
        approval.with_user(self.controller).action_recall()
        self.assertEqual(approval.state, "cancelled")
        self.assertFalse(approval.activity_ids)
        with self.assertRaisesRegex(UserError, "cancelled already"):
            self._approve(approval, self.director)

    # === THE RELEASE WIZARD === #

    def _wizard(self, holds, user, note="Agreed"):
        action = holds.with_user(user).action_release()
        wizards = self.env["credit.hold.release"].with_user(user)
        form = Form(wizards.with_context(**action["context"]))
        form.reason_id = self.release_reason
        form.note = note
        return form.save()

    def test_the_wizard_releases_its_own_and_asks_for_the_rest(self):
        self._tier(name="Management", amount_from=2000.0)
        small = self._held(1500.0, self._customer("Small", limit=1000.0))
        large = self._held(2000.0, self._customer("Large", limit=1000.0))
        wizard = self._wizard(small + large, self.controller)
        self.assertEqual((wizard.others_count, wizard.is_for_others), (1, False))
        self.assertEqual(wizard.others_message, f"Management ({self.director.name})")
        wizard.action_release()
        self.assertEqual((small.state, large.state), ("released", "held"))
        self.assertEqual(large.approval_state, "pending")
        self.assertEqual(large.approval_id.request_note, "Agreed")

    def test_the_wizard_wants_to_know_why_others_should_approve(self):
        self._tier()
        hold = self._held()
        wizard = self.env["credit.hold.release"].with_user(self.controller)
        wizard = wizard.create(
            {"hold_ids": hold.ids, "reason_id": self.release_reason.id}
        )
        self.assertTrue(wizard.is_for_others)
        with self.assertRaisesRegex(UserError, "Say why"):
            wizard.action_release()
        self.assertFalse(hold.approval_ids)

    # === ON RECORD === #

    def test_what_is_on_record_is_not_changed_by_anybody(self):
        self._tier()
        approval = self._ask(self._held())
        for user in (self.controller, self.manager, self.director):
            with self.assertRaises(AccessError):
                approval.with_user(user).write({"amount": 1.0})
            with self.assertRaises(AccessError):
                approval.step_ids.with_user(user).write({"state": "approved"})
        self._approve(approval, self.director)
        for values in ({"amount": 1.0}, {"decision_note": "-"}, {"state": "refused"}):
            with self.assertRaisesRegex(UserError, "can't be changed"):
                approval.sudo().write(values)
        with self.assertRaisesRegex(UserError, "can't be changed"):
            approval.step_ids.sudo().write({"note": "-"})
        for records in (approval, approval.step_ids):
            with self.assertRaisesRegex(UserError, "can't be deleted"):
                records.sudo().unlink()

    def test_a_tier_that_was_asked_is_archived_and_not_deleted(self):
        tier = self._tier()
        self._ask(self._held())
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            tier.unlink()
        tier.active = False
        self.assertFalse(tier.active)

    def test_a_tier_names_somebody(self):
        with self.assertRaisesRegex(ValidationError, "Say who approves"):
            self.env["credit.approval.tier"].create({"name": "Nobody"})

    def test_a_tier_says_in_words_when_and_who(self):
        tier = self._tier(amount_from=1000.0, share_from=0.2)
        self.assertEqual(
            tier.description,
            f"From $\xa01,000.00 and 20% over the limit on: {self.director.name}",
        )
        tier.write({"amount_from": 0.0, "share_from": 0.0})
        self.assertEqual(tier.description, f"Always: {self.director.name}")

    def test_changes_of_tiers_count_at_once(self):
        tier = self._tier(amount_from=9000.0)
        hold = self._held()
        self.assertFalse(hold.with_user(self.manager)._needs_approval_of_others())
        tier.amount_from = 1500.0
        self.assertTrue(hold.with_user(self.manager)._needs_approval_of_others())

    # === SEARCH === #

    def test_held_orders_are_found_by_what_became_of_their_approval(self):
        self._tier()
        holds = [
            self._held(1500.0, self._customer(f"S{n}", limit=1000.0)) for n in range(3)
        ]
        first, second, third = holds
        self._ask(first)
        self._ask(second).with_user(self.director)._refuse("No")

        def found(*states):
            domain = [("approval_state", "in", states), ("id", "in", self.ids)]
            return self.env["credit.hold"].search(domain)

        self.ids = [hold.id for hold in holds]
        self.assertEqual(found("pending"), first)
        self.assertEqual(found("refused"), second)
        self.assertEqual(found(False), third)
        mine = [("is_approval_mine", "=", True)]
        holds = self.env["credit.hold"]
        self.assertEqual(holds.with_user(self.director).sudo().search(mine), first)
        self.assertFalse(holds.with_user(self.manager).search(mine))

    def test_age_counts_until_the_decision(self):
        self._tier()
        approval = self._ask(self._held())
        asked = fields.Datetime.now() - timedelta(days=5)
        approval.sudo().requested_date = asked
        self.assertEqual(approval.age_days, 5)
