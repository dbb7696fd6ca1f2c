from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.run import collection_run_plan as planning
from .common import CollectionCommon

AUDITOR = "account.group_account_readonly"
RUNS = "odoo.addons.credit_collections.models.run.collection_run_plan"
BATCHES = "odoo.addons.credit_collections.tools.batches"


@tagged("post_install", "-at_install")
class TestCollectionPlan(CollectionCommon):
    """Planning more customers than a click waits for: three at a time, by the job."""

    CUSTOMERS = 7

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = [f"Debtor {n}" for n in range(cls.CUSTOMERS)]
        cls.debtors = cls._debtors(names, (100.0, 10))
        cls.env["collection.segment"]._assign(cls.company)
        cls.env["credit.profile"].search(
            [
                ("company_id", "=", cls.company.id),
                ("partner_id", "not in", cls.debtors.ids),
            ]
        ).active = False
        cls.startClassPatcher(patch.object(planning, "PLAN_BATCH", 3))
        cls.startClassPatcher(patch.object(planning, "PLAN_AT_ONCE", 5))
        cls.runs = cls.env["collection.run"].with_user(cls.manager)

    def _begun(self, **values):
        """Return a run that waits to be planned by the job, as its manager."""
        run = self.runs.create({"company_id": self.company.id, **values})
        run.action_plan()
        return run

    def _job(self, left=lambda: 1, name="_cron_send"):
        with self._as_job(left) as commits:
            getattr(self.env["collection.run"].sudo(), name)()
        return commits.call_count

    def _debtor_profiles(self):
        return self.env["credit.profile"].search(
            [("partner_id", "in", self.debtors.ids)]
        )

    def _planned(self, run):
        return run.action_ids.commercial_partner_id

    # === HOW MANY === #

    def _state_with(self, at_once):
        with patch.object(planning, "PLAN_AT_ONCE", at_once):
            return self._begun().state

    def test_up_to_a_number_of_customers_the_click_waits(self):
        self.assertEqual(self._state_with(self.CUSTOMERS + 1), "planned")
        self.assertEqual(self._state_with(self.CUSTOMERS), "planned")
        self.assertEqual(self._state_with(self.CUSTOMERS - 1), "planning")

    def test_at_once_and_by_the_job_plan_the_same(self):
        with patch.object(planning, "PLAN_AT_ONCE", self.CUSTOMERS):
            at_once = self._begun()
        run = self._begun()
        self.assertFalse(run.action_ids)
        self._job()
        columns = ["commercial_partner_id", "step_id", "state", "amount", "item_count"]
        values = [
            sorted(
                str([row[name] for name in columns])
                for row in one.action_ids.read(columns, load=None)
            )
            for one in (at_once, run)
        ]
        for one in (at_once, run):
            self.assertEqual(one.state, "planned")
            self.assertEqual(self._planned(one), self.debtors)
            self.assertEqual(one.planned_count, self.CUSTOMERS)
        self.assertEqual(*values)

    def test_the_job_is_called_at_once(self):
        cron = self.env.ref("credit_collections.ir_cron_collection_send")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self._begun()
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)

    def test_a_batch_that_is_full_is_not_taken_for_the_last_one(self):
        with patch.object(planning, "PLAN_BATCH", self.CUSTOMERS):
            run = self._begun()
            self._job()
        self.assertEqual(run.state, "planned")
        self.assertEqual(self._planned(run), self.debtors)

    # === PROGRESS === #

    def test_progress_is_shown_after_each_batch(self):
        run = self._begun()
        self.assertEqual((run.planning_done, run.planning_total), (0, self.CUSTOMERS))
        seen = []
        self._job(lambda: seen.append((run.planning_done, run.planning_progress)) or 1)
        self.assertIn((3, 42), seen)
        self.assertIn((6, 85), seen)
        self.assertEqual(run.planning_progress, 0)

    def test_whoever_asked_is_told_in_their_language(self):
        told = []
        users = type(self.env["res.users"])
        self.env["res.lang"]._activate_lang("es_ES")
        self.manager.lang = "es_ES"
        run = self._begun()
        with patch.object(
            users, "_bus_send", lambda user, *sent, **_more: told.append((user, *sent))
        ):
            self._job()
        [(user, kind, message)] = told
        self.assertEqual((user, kind), (self.manager, "simple_notification"))
        self.assertEqual(message["type"], "success")
        self.assertIn(run.name, message["title"])
        self.assertIn("7", message["message"])
        self.assertIn("clientes", message["message"])

    # === GOING ON === #

    def test_a_job_whose_time_ends_goes_on_where_it_stopped(self):
        run = self._begun()
        self._job(lambda: 0)
        self.assertEqual((run.state, run.planning_done), ("planning", 3))
        actions = run.action_ids
        self._job()
        self.assertEqual(run.state, "planned")
        self.assertLess(actions, run.action_ids)
        self.assertEqual(self._planned(run), self.debtors)

    def test_a_batch_that_is_killed_leaves_nothing_and_is_done_again(self):
        run = self._begun()
        self._job(lambda: 0)
        profiles = type(self.env["credit.profile"])
        with (
            self.assertRaises(KeyboardInterrupt),
            self.env.cr.savepoint(),
            patch.object(
                profiles, "_write_next_steps_of", side_effect=KeyboardInterrupt
            ),
        ):
            self._job()
        self.env.invalidate_all()
        self.assertEqual((run.planning_done, len(run.action_ids)), (3, 3))
        self._job()
        self.assertEqual(sorted(self._planned(run).ids), sorted(self.debtors.ids))
        self.assertEqual(len(run.action_ids), self.CUSTOMERS)

    def test_who_loses_a_race_stays_for_the_next_call(self):
        run = self._begun()
        with (
            patch.object(self.env.cr, "rollback") as rollback,
            patch.object(
                type(run), "_plan_customers", side_effect=SerializationFailure
            ),
        ):
            self._job()
        rollback.assert_called_once()
        self.assertEqual(run.state, "planning")
        self._job()
        self.assertEqual(run.state, "planned")

    # === PLANNING AGAIN === #

    def test_planning_again_keeps_what_was_decided_by_hand(self):
        run = self._begun()
        self._job()
        self._action(run, self.debtors[0]).action_drop()
        edited = self._action(run, self.debtors[5])
        edited._edit(channel="call")
        paid = self.debtors[1]
        self._payment(paid, 100.0, paid.invoice_ids)
        run.action_plan()
        self.assertEqual(run.state, "planning")
        self.assertEqual(len(run.action_ids), self.CUSTOMERS, "nothing is gone yet")
        self._job()
        self.assertEqual(run.state, "planned")
        self.assertEqual(self._action(run, self.debtors[0]).state, "cancelled")
        self.assertEqual(self._action(run, self.debtors[5]), edited)
        self.assertEqual(self._planned(run), self.debtors - paid)

    def test_who_is_no_customer_any_more_is_forgotten_too(self):
        run = self._begun()
        self._job()
        first, last = self.debtors[0], self.debtors[-1]
        self._profile(first).active = self._profile(last).active = False
        run.action_plan()
        self._job()
        self.assertEqual(self._planned(run), self.debtors - first - last)

    # === CANCEL === #

    def test_a_manager_cancels_in_the_middle(self):
        run = self._begun()
        self._job(lambda: 0)
        self.assertEqual(len(run.action_ids), 3)
        run.action_cancel_planning()
        self.assertEqual(run.state, "draft")
        self._job()
        self.assertEqual((run.state, run.is_plan_discarded), ("draft", False))
        self.assertFalse(run.action_ids)
        run.action_plan()
        self._job()
        self.assertEqual(self._planned(run), self.debtors)

    def test_what_was_cancelled_is_taken_away_some_at_a_time(self):
        run = self._begun()
        self._job()
        self._action(run, self.debtors[0]).action_drop()
        run.action_plan()
        run.action_cancel_planning()
        with patch.object(planning, "DISCARD_BATCH", 4):
            self._job(lambda: 0)
            self.assertEqual(len(run.action_ids), 3)
            self._job()
        self.assertEqual(self._planned(run), self.debtors[0])

    def test_who_plans_anew_at_once_needs_not_wait_for_that(self):
        run = self._begun()
        self._job(lambda: 0)
        run.action_cancel_planning()
        run.action_plan()
        self._job()
        self.assertEqual((run.state, self._planned(run)), ("planned", self.debtors))

    def test_what_is_not_being_planned_is_not_cancelled(self):
        run = self.runs.create({"company_id": self.company.id})
        with self.assertRaises(UserError):
            run.action_cancel_planning()

    # === REFUSED === #

    def test_a_run_that_is_being_planned_is_not_changed(self):
        run = self._begun()
        self._job(lambda: 0)
        action = run.action_ids[0]
        for do in (
            run.action_plan,
            run.unlink,
            lambda: run.write({"date": self.today + timedelta(days=1)}),
            action.action_drop,
            lambda: action._edit(channel="call"),
        ):
            with self.assertRaisesRegex(UserError, "is being planned"):
                do()
        with self.assertRaisesRegex(UserError, "3 of 7"):
            run.action_start()
        self.assertEqual(run.state, "planning")

    def test_only_managers_cancel(self):
        run = self._begun()
        auditor = self._user("auditor", AUDITOR)
        for user in (self.collector, self.controller, auditor):
            with self.assertRaises(AccessError):
                run.with_user(user).action_cancel_planning()
            self.assertEqual(run.with_user(user).planning_total, self.CUSTOMERS)

    def test_nobody_writes_the_progress_by_hand(self):
        run = self.runs.create({"company_id": self.company.id})
        for vals in ({"planning_done": 7}, {"planned_up_to": 1}):
            with self.assertRaises(AccessError):
                run.write(vals)

    # === FAILURES === #

    def _broken(self, *customers):
        """Within it planning fails for these customers, as often as it is tried."""
        runs = type(self.env["collection.run"])
        decide = runs._decide
        broken = {self._profile(customer).id for customer in customers}

        def fail(run, facts, *args):
            if broken.intersection(row["profile_id"] for row in facts):
                raise ValueError("No due date")
            return decide(run, facts, *args)

        return patch.object(runs, "_decide", fail)

    def test_a_customer_that_fails_is_named_and_the_others_are_planned(self):
        for at_once in (5, self.CUSTOMERS):
            with (
                self.subTest(at_once),
                patch.object(planning, "PLAN_AT_ONCE", at_once),
                self._broken(self.debtors[1]),
                mute_logger(BATCHES),
            ):
                run = self._begun()
                self._job()
                self.assertEqual(run.state, "planned")
                self.assertEqual(self._planned(run), self.debtors - self.debtors[1])
                self.assertEqual(run.planning_error, "Debtor 1: No due date")
        run.action_plan()
        self._job()
        self.assertFalse(run.planning_error)
        self.assertEqual(self._planned(run), self.debtors)

    def test_what_fails_for_everybody_is_no_plan(self):
        told = []
        users = type(self.env["res.users"])
        run = self._begun()
        with (
            self._broken(*self.debtors),
            patch.object(users, "_bus_send", lambda _user, *sent: told.append(sent)),
            mute_logger(BATCHES, RUNS),
        ):
            self._job()
        self.assertEqual(run.state, "draft")
        self.assertEqual(run.planning_error, "No due date")
        self.assertIn("No due date", run.message_ids[0].body)
        self.assertEqual([message["type"] for _kind, message in told], ["danger"])
        self._job()  # does not try again by itself
        self.assertEqual(run.state, "draft")
        run.action_plan()
        self._job()
        self.assertEqual((run.state, run.planning_error), ("planned", False))

    def test_a_click_that_fails_for_everybody_says_so(self):
        with (
            patch.object(planning, "PLAN_AT_ONCE", self.CUSTOMERS),
            self._broken(*self.debtors),
            mute_logger(BATCHES),
            self.assertRaisesRegex(ValueError, "No due date"),
        ):
            self._begun()

    # === NIGHT === #

    def _nightly(self, **options):
        self._job(name="_cron_run", **options)
        return self.env["collection.run"].search(
            [("company_id", "=", self.company.id), ("is_automatic", "=", True)]
        )

    def test_the_run_of_the_night_starts_when_it_is_planned(self):
        run = self._nightly()
        self.assertEqual(run.state, "done")
        self.assertEqual(set(run.action_ids.mapped("state")), {"queued"})
        self.assertEqual(self._planned(run), self.debtors)

    def test_the_run_of_the_night_goes_on_after_an_interruption(self):
        calls = iter([1, 1, 0])
        run = self._nightly(left=lambda: next(calls, 0))
        self.assertEqual(run.state, "planning")
        self.assertLess(run.planning_done, self.CUSTOMERS)
        self._job()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self._mails(run)), self.CUSTOMERS)

    def test_the_night_puts_customers_in_their_segments_first(self):
        profiles = self._debtor_profiles()
        profiles.sudo().write({"segment_id": False, "strategy_id": False})
        run = self._nightly()
        self.assertEqual(self._planned(run), self.debtors)
        self.assertEqual(profiles.strategy_id, self.strategy)

    def test_a_run_of_the_night_that_a_manager_cancels_stays_so(self):
        run = self._nightly(left=lambda: 0)
        self.assertEqual(run.state, "planning")
        run.with_user(self.manager).action_cancel_planning()
        self._job()
        self.assertEqual((run.state, run.action_ids.ids), ("draft", []))

    def test_what_was_cancelled_is_not_planned_when_the_daily_job_goes_on(self):
        run = self._nightly(left=lambda: 0)
        run.with_user(self.manager).action_cancel_planning()
        self._nightly()  # Odoo calls it again, it had customers left
        self.assertEqual(run.state, "draft")
        self._job()
        self.assertEqual((run.state, run.action_ids.ids), ("draft", []))

    def test_what_a_manager_planned_anew_waits_for_the_manager(self):
        run = self._nightly(left=lambda: 0)
        run.with_user(self.manager).action_cancel_planning()
        run.with_user(self.manager).action_plan()
        self._job()
        self.assertEqual(run.state, "planned")
        self._job()
        self.assertEqual((run.state, self._mails(run).ids), ("planned", []))

    def test_what_waits_for_the_bank_is_not_planned_when_the_daily_job_goes_on(self):
        with patch.object(
            type(self.env["collection.run"]), "_is_bank_current", return_value=False
        ):
            run = self._nightly()
            self.assertEqual(run.state, "planned")
            actions = run.action_ids
            self._nightly(left=lambda: 0)
        self.assertEqual((run.state, run.action_ids), ("planned", actions))

    def test_a_plan_that_outlasts_its_day_is_not_sent_by_itself(self):
        run = self._nightly(left=lambda: 0)
        run.sudo().date = self.today - timedelta(days=1)
        self._job()
        self.assertEqual(run.state, "planned")

    # === NEXT STEPS === #

    def test_the_next_step_follows_with_each_batch(self):
        run = self._begun()
        self._job()
        run.sudo().state = "running"
        run.sudo()._do_batch(size=3)
        done = run.action_ids.filtered(lambda action: action.state == "queued")
        waiting = run.action_ids - done
        first, second = self.strategy.step_ids[:2]
        self.assertEqual(done.profile_id.next_step_id, second)
        self.assertEqual(waiting.profile_id.next_step_id, first)
        self._job()
        self.assertEqual(run.action_ids.profile_id.next_step_id, second)

    # === COST === #

    def test_a_batch_takes_as_many_statements_for_a_hundred_customers(self):
        def count():
            run = self._begun()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            run.sudo()._plan_batch()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        with (
            patch.object(planning, "PLAN_BATCH", 200),
            patch.object(planning, "PLAN_AT_ONCE", 0),
        ):
            profiles = self._debtor_profiles()
            profiles[1:].active = False
            count()
            one = count()
            profiles.active = True
            names = [f"Debtor 1{n:02}" for n in range(100 - self.CUSTOMERS)]
            more = self._debtors(names, (100.0, 10))
            self.env["collection.segment"]._assign(self.company)
            count()  # their strategy is new to them
            self.assertEqual(count(), one)
            self.assertEqual(len(more), 93)

    def test_counts_of_runs_are_read_at_once(self):
        runs = self._begun() + self._begun()
        self._job()
        names = ["planned_count", "done_count", "letter_count", "no_address_count"]

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(names)
            return self.env.cr.sql_log_count - before

        count(runs)  # fills the caches
        self.assertEqual(count(runs), count(runs[0]))
