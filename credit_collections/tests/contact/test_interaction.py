from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..promise.common import PromiseCommon


@tagged("post_install", "-at_install")
class TestInteraction(PromiseCommon):
    """The contact log: what was said, what comes next, and what runs did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._debtor("Debtor", (100.0, 12), (50.0, 6))
        cls.profile = cls._profile(cls.debtor)
        cls.profile.collector_id = cls.collector
        cls.items = cls._items(cls.debtor)

    @classmethod
    def _outcome_named(cls, name):
        return cls.env.ref(f"credit_collections.credit_reason_outcome_{name}")

    def _log(self, user=None, outcome=None, **values):
        interactions = self.env["collection.interaction"]
        return interactions.with_user(user or self.collector).create(
            {
                "profile_id": self.profile.id,
                "partner_id": self.debtor.id,
                "outcome_id": outcome and self._outcome_named(outcome).id,
                **values,
            }
        )

    # === LOGGING === #

    def test_a_call_is_logged_from_the_page_of_the_customer(self):
        action = self.profile.with_user(self.collector).action_log_contact()
        interactions = self.env["collection.interaction"].with_user(self.collector)
        form = Form(
            interactions.with_context(**action["context"]), view=action["views"][0][0]
        )
        form.outcome_id = self._outcome_named("call_back")
        form.agreed = "Calls back on Monday"
        one = form.save()
        self.assertEqual(one.action_log()["type"], "ir.actions.act_window_close")
        self.assertEqual(
            (one.user_id, one.channel, one.direction), (self.collector, "call", "out")
        )
        self.assertTrue(one.is_reached)
        self.assertEqual(self.profile.interaction_count, 1)

    def test_a_promised_payment_asks_for_the_promise(self):
        one = self._log(outcome="promised", move_line_ids=self.items[:1].ids)
        action = one.action_log()
        self.assertEqual(action["res_model"], "collection.promise.make")
        self.assertEqual(action["context"]["default_move_line_ids"], self.items[:1].ids)

    def test_contacts_are_not_in_the_future(self):
        with self.assertRaises(ValidationError):
            self._log(date=fields.Datetime.now() + timedelta(days=1))
        with self.assertRaises(ValidationError):
            self._log(next_date=self._day(-1))

    def test_items_and_people_are_those_of_the_customer(self):
        other = self._debtor("Other", (10.0, 5))
        with self.assertRaises(ValidationError):
            self._log(move_line_ids=self._items(other).ids)
        with self.assertRaises(ValidationError):
            self._log(partner_id=other.id)

    # === QUIET DAYS === #

    def test_who_was_reached_is_left_alone_for_the_quiet_days(self):
        self._log(outcome="cash_flow")
        self.assertEqual(self.profile.last_contact_date, self.today)
        action = self._action(self._plan(), self.debtor)
        self.assertEqual(action.skip_reason, "quiet_days")

    def test_who_was_not_reached_or_called_us_is_not(self):
        self._log(outcome="not_reached")
        self._log(direction="in", outcome="call_back")
        self.assertFalse(self.profile.last_contact_date)

    def test_what_was_written_reached_the_customer(self):
        self._log(channel="letter")
        self.assertEqual(self.profile.last_contact_date, self.today)

    def test_an_older_contact_does_not_take_the_day_back(self):
        self._log(channel="letter")
        before = fields.Datetime.now() - timedelta(days=9)
        self._log(user=self.manager, channel="letter", date=before, override_reason="x")
        self.assertEqual(self.profile.last_contact_date, self.today)

    def test_the_day_goes_back_when_a_contact_is_taken_back(self):
        before = fields.Datetime.now() - timedelta(days=9)
        first = self._log(channel="letter", date=before)
        self.assertEqual(self.profile.last_contact_date, self._day(-9))
        second = self._log(user=self.manager, outcome="cash_flow", override_reason="x")
        self.assertEqual(self.profile.last_contact_date, self.today)
        second.with_user(self.manager).outcome_id = self._outcome_named("not_reached")
        self.assertEqual(self.profile.last_contact_date, self._day(-9))
        first.with_user(self.manager).unlink()
        self.assertFalse(self.profile.last_contact_date)

    def test_what_is_no_demand_does_not_begin_quiet_days(self):
        one = self._log(channel="email", kind="answer")
        self.assertFalse(self.profile.last_contact_date)
        one.kind = "demand"
        self.assertEqual(self.profile.last_contact_date, self.today)

    # === NEXT CONTACT === #

    def test_the_next_contact_is_an_activity_of_the_owner(self):
        one = self._log(user=self.manager, outcome="call_back", next_date=self._day(3))
        activity = one.sudo().activity_id
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(activity.date_deadline, self._day(3))
        self.assertEqual(self.profile.activity_ids, activity)

    def test_it_moves_and_goes_with_the_contact(self):
        one = self._log(outcome="call_back", next_date=self._day(3))
        one.next_date = self._day(4)
        self.assertEqual(self.profile.activity_ids.date_deadline, self._day(4))
        one.next_date = False
        self.assertFalse(self.profile.activity_ids)

    def test_a_contact_closes_what_was_agreed_for_that_day(self):
        first = self._log(outcome="not_reached", next_date=self.today)
        self._log(outcome="not_reached")
        self.assertTrue(first.sudo().activity_id.active)
        self._log(outcome="cash_flow")
        self.assertFalse(self.profile.activity_ids)

    # === RUNS === #

    def _done(self):
        run = self._plan()
        run.action_start()
        return self._action(run, self.debtor)

    def _arrived(self):
        """Return the action of a run whose mail has left."""
        action = self._done()
        action.mail_ids._postprocess_sent_message([], [])
        return action

    def test_a_mail_of_a_run_is_in_the_log_once_with_its_items(self):
        action = self._done()
        self.assertFalse(self.profile.interaction_ids)
        action.mail_ids._postprocess_sent_message([], [])
        one = self.profile.interaction_ids
        self.assertEqual((one.action_id, one.channel), (action, "email"))
        self.assertEqual(one.move_line_ids, action.line_ids.move_line_id)
        self.assertTrue(one.is_reached)
        action._record_contact()
        self.assertEqual(self.profile.interaction_count, 1)

    def test_a_mail_that_failed_was_no_contact(self):
        action = self._arrived()
        self.assertEqual(self.profile.last_contact_date, self.today)
        action._fail("No such user")
        self.assertFalse(self.profile.interaction_ids)
        self.assertFalse(self.profile.last_contact_date)

    def _scheduled_call(self):
        self.strategy.catch_up = "latest"
        self._receivable(self.debtor, 30.0, due_in=-25)
        action = self._done()
        self.assertEqual(action.channel, "call")
        self.assertFalse(self.profile.interaction_ids)
        return action

    def test_logging_a_scheduled_call_closes_it(self):
        action = self._scheduled_call()
        context = self.profile.with_user(self.collector).action_log_contact()["context"]
        self.assertEqual(context["default_action_id"], action.id)
        one = self._log(outcome="cash_flow", action_id=action.id)
        self.assertEqual(action.state, "sent")
        self.assertEqual(self.profile.interaction_ids, one)
        self.assertFalse(self.profile.activity_ids)

    def test_closing_the_activity_of_a_call_logs_it(self):
        action = self._scheduled_call()
        action.activity_id.with_user(self.collector).action_feedback("Nobody there")
        one = self.profile.interaction_ids
        self.assertEqual((one.action_id, one.agreed), (action, "Nobody there"))
        self.assertEqual(one.user_id, self.collector)
        self.assertFalse(one.is_reached)

    def test_logging_a_run_takes_one_statement(self):
        action = self._arrived()
        self.profile.interaction_ids.sudo().unlink()
        action.line_ids.mapped("level"), action.profile_id, self.env.user.tz
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.env["collection.interaction"]._log_actions(action)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(self.profile.interaction_count, 1)

    # === RIGHTS === #

    def test_collectors_log_and_correct_their_own_contacts(self):
        one = self._log(channel="letter")
        one.agreed = "Sent twice"
        with self.assertRaises(AccessError):
            self._log(user_id=self.manager.id, direction="in")
        foreign = self._log(user=self.manager, direction="in")
        with self.assertRaises(AccessError):
            foreign.with_user(self.collector).agreed = "Mine"
        with self.assertRaises(AccessError):
            one.unlink()

    def test_managers_delete_contacts_but_not_those_of_runs(self):
        self._arrived()
        with self.assertRaises(UserError):
            self.profile.interaction_ids.with_user(self.manager).unlink()
        one = self._log(direction="in", next_date=self._day(1))
        one.with_user(self.manager).unlink()
        self.assertFalse(self.profile.activity_ids)

    def test_auditors_read_and_salespeople_do_not(self):
        one = self._log(direction="in", agreed="Told us")
        auditor = self._user("auditor", "account.group_account_readonly")
        self.assertEqual(one.with_user(auditor).agreed, "Told us")
        with self.assertRaises(AccessError):
            self._log(user=auditor, direction="in")
        with self.assertRaises(AccessError):
            one.with_user(self.salesperson).read(["agreed"])
        profile = self.profile.with_user(self.salesperson)
        self.assertEqual(profile.interaction_count, 1)

    def test_users_of_another_company_see_nothing(self):
        one = self._log(direction="in")
        other = self.setup_other_company()["company"]
        stranger = self._user("stranger", "credit_collections.group_credit_manager")
        stranger.sudo().write(
            {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        found = one.with_user(stranger).search([("id", "=", one.id)])
        self.assertFalse(found)
