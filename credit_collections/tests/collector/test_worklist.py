from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestWorklist(CollectionCommon):
    """The collector's list: who is on it, who comes next, and who is put off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["collection.priority.factor"].search([]).active = False
        cls.env["collection.priority.factor"].create(
            {"kind": "overdue_days", "low": 0, "high": 100, "points": 10}
        )
        cls.first = cls._late("First", 50)
        cls.second = cls._late("Second", 40)
        cls.third = cls._late("Third", 30)
        cls.all = cls.first + cls.second + cls.third
        cls.profiles._write_priorities(cls.company)
        cls.reason = cls.env.ref("credit_collections.credit_reason_exclusion_agreed")

    @classmethod
    def _late(cls, name, days):
        profile = cls._profile(cls._debtor(name, (100.0, days)))
        profile.action_refresh()
        return profile

    def _listed(self, user=None):
        found = self.profiles.with_user(user or self.collector).search(
            [("is_on_worklist", "=", True), ("id", "in", self.all.ids)],
            order="priority desc, id",
        )
        return found.with_env(self.env)

    def _next(self, profile):
        action = profile.with_user(self.collector).action_next_customer()
        return self.profiles.browse(action["params"]["action"]["res_id"])

    # === WHO IS ON IT === #

    def test_the_most_urgent_comes_first(self):
        self.assertEqual(self._listed().ids, self.all.ids)

    def test_customers_without_anything_overdue_are_not_on_it(self):
        profile = self._profile(self._debtor("Prompt", (100.0, 0)))
        profile.action_refresh()
        self.assertFalse(profile.is_on_worklist)

    def test_one_day_overdue_is_enough(self):
        self.assertTrue(self._late("Yesterday", 1).is_on_worklist)

    def test_customers_in_legal_hands_are_not_on_it(self):
        self.second.is_legal = True
        self.assertEqual(self._listed(), self.first + self.third)

    def test_snoozed_customers_come_back_on_their_day(self):
        self.second.snoozed_until = self.today + timedelta(days=1)
        self.assertNotIn(self.second, self._listed())
        self.second.snoozed_until = self.today
        self.assertIn(self.second, self._listed())

    def test_the_list_can_be_turned_around(self):
        self.second.snoozed_until = self.today + timedelta(days=1)
        others = self.profiles.search(
            [("is_on_worklist", "=", False), ("id", "in", self.all.ids)]
        )
        self.assertEqual(others, self.second)

    # === NEXT === #

    def test_next_is_the_one_behind(self):
        self.assertEqual(self._next(self.first), self.second)
        self.assertEqual(self._next(self.second), self.third)

    def test_after_the_last_comes_the_first(self):
        self.all.collector_id = self.collector
        self.assertEqual(self._next(self.third), self.first)

    def test_own_customers_come_before_those_of_others(self):
        self.third.collector_id = self.collector
        self.assertEqual(self._next(self.first), self.third)

    def test_who_was_contacted_today_is_done(self):
        self.second.sudo().last_contact_date = self.today
        self.assertEqual(self._next(self.first), self.third)

    def test_who_was_contacted_yesterday_is_not(self):
        self.second.sudo().last_contact_date = self.today - timedelta(days=1)
        self.assertEqual(self._next(self.first), self.second)

    def test_at_the_end_of_the_list_a_message_says_so(self):
        self.profiles.search([]).snoozed_until = self.today + timedelta(days=1)
        action = self.first.with_user(self.collector).action_next_customer()
        self.assertEqual(action["tag"], "display_notification")

    def test_salespeople_do_not_go_through_the_list(self):
        profile = self._late("Own", 9)
        profile.partner_id.user_id = self.salesperson
        with self.assertRaises(AccessError):
            profile.with_user(self.salesperson).action_next_customer()

    # === LATER === #

    def _pause(self, kind, profile=None, user=None, **values):
        profile = (profile or self.second).with_user(user or self.collector)
        action = getattr(profile, f"action_{kind}")()
        form = Form(
            self.env["collection.pause"]
            .with_user(user or self.collector)
            .with_context(**action["context"])
        )
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_a_collector_snoozes_for_a_week_with_one_click(self):
        self._pause("snooze").action_week()
        self.assertEqual(self.second.snoozed_until, self.today + timedelta(days=7))
        self.assertFalse(self.second.do_not_contact_until)

    def test_a_snooze_is_told_in_the_history(self):
        self._pause("snooze", note="Pays on Friday").action_tomorrow()
        self.assertIn("Pays on Friday", self.second.message_ids[0].body)

    def test_a_pause_needs_its_reason(self):
        with self.assertRaises(AssertionError):  # the form requires it
            self._pause("pause")
        wizard = self.env["collection.pause"].create(
            {"kind": "pause", "profile_ids": self.second.ids}
        )
        with self.assertRaises(ValidationError):
            wizard.action_confirm()

    def test_a_paused_customer_is_left_alone_by_runs(self):
        until = self.today + timedelta(days=2)
        self._pause("pause", reason_id=self.reason, until=until).action_confirm()
        run = self._plan()
        action = self._action(run, self.second.partner_id)
        self.assertEqual(action.skip_reason, "do_not_contact")

    def test_a_day_that_is_not_in_the_future_is_refused(self):
        with self.assertRaises(ValidationError):
            self._pause("snooze", until=self.today).action_confirm()

    def test_salespeople_put_nobody_off(self):
        profile = self._late("Own", 9)
        profile.partner_id.user_id = self.salesperson
        with self.assertRaises(AccessError):
            profile.with_user(self.salesperson).action_snooze()
        with self.assertRaises(AccessError):
            profile.with_user(self.salesperson)._pause(
                "snooze", self.today, self.reason, ""
            )

    def test_waking_ends_the_snooze(self):
        self._pause("snooze").action_week()
        self.second.with_user(self.collector).action_wake()
        self.assertTrue(self.second.is_on_worklist)

    # === UP === #

    def test_a_collector_escalates_to_the_credit_manager(self):
        self.company.credit_approver_id = self.manager
        profile = self.first.with_user(self.collector)
        form = Form(
            self.env["collection.escalate"]
            .with_user(self.collector)
            .with_context(**profile.action_escalate()["context"])
        )
        form.note = "Wants six instalments"
        form.save().action_escalate()
        activity = self.first.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("Wants six instalments", activity.note)

    def test_a_day_in_the_past_is_refused(self):
        wizard = self.env["collection.escalate"].create(
            {
                "profile_ids": self.first.ids,
                "note": "Late",
                "date": self.today - timedelta(days=1),
            }
        )
        with self.assertRaises(UserError):
            wizard.action_escalate()
