from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    """Taking, keeping, breaking and cancelling promises to pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._debtor("Debtor", (100.0, 12), (50.0, 6))
        cls.profile = cls._profile(cls.debtor)
        cls.items = cls._items(cls.debtor)

    # === TAKING === #

    def test_a_promise_comes_to_its_items(self):
        promise = self._promise(self.items, amounts=[100.0, 20.0])
        self.assertEqual((promise.amount, promise.state), (120.0, "open"))
        self.assertEqual(promise.plan_id, promise)
        self.assertEqual(self.profile.open_promise_count, 1)

    def test_a_promise_needs_items(self):
        with self.assertRaises(UserError):
            self.env["collection.promise"].create(
                {"profile_id": self.profile.id, "date": self.today, "amount": 10.0}
            )

    def test_no_more_is_promised_than_is_open(self):
        with self.assertRaises(UserError):
            self._promise(self.items[0], amounts=[100.01])

    def test_there_is_one_open_promise_per_item(self):
        self._promise(self.items[0])
        with self.assertRaises(UserError) as refused:
            self._promise(self.items)
        self.assertIn("promised already", str(refused.exception))
        self.assertTrue(self._promise(self.items[1]))

    def test_items_of_others_are_refused(self):
        other = self._items(self._debtor("Other", (10.0, 5)))
        with self.assertRaises(UserError):
            self._promise(other, profile_id=self.profile.id)

    def test_a_promise_is_not_for_the_past(self):
        with self.assertRaises(ValidationError):
            self._promise(self.items, days=-1)
        self.assertTrue(self._promise(self.items, days=0))

    def test_the_last_day_is_so_many_working_days_later(self):
        self.company.collection_promise_grace_days = 3
        # days from a Wednesday, and three working days after each
        for days, last in (
            (0, 5),  # Wednesday: Thursday, Friday, Monday
            (1, 6),  # Thursday: Friday, Monday, Tuesday
            (2, 7),  # Friday: Monday, Tuesday, Wednesday
            (3, 7),  # Saturday: the same
            (4, 7),  # Sunday: the same
            (5, 8),  # Monday: Tuesday, Wednesday, Thursday
            (6, 9),  # Tuesday: Wednesday, Thursday, Friday
        ):
            with self.subTest(days=days):
                promise = self._promise(self.items, days=days)
                self.assertEqual(promise.grace_until, self._day(last))
                promise.sudo()._cancel(self.reason_mistake)

    def test_the_collector_of_the_customer_is_on_the_promise(self):
        self.profile.collector_id = self.manager
        self.assertEqual(self._promise(self.items).user_id, self.manager)

    def test_what_was_promised_is_on_record(self):
        promise = self._promise(self.items)
        for values in ({"amount": 1.0}, {"state": "kept"}, {"made_on": self.today}):
            with self.assertRaises(UserError):
                promise.write(values)
        with self.assertRaises(UserError):
            promise.with_user(self.manager).unlink()

    def test_the_level_counts_broken_promises_about_the_items(self):
        self._past(self._promise(self.items[0]), 6)
        self._night()
        again = self._promise(self.items)
        self.assertEqual(again.level, 1)
        self.assertEqual(self._past(again, 6).with_user(self.manager).state, "open")
        self._night()
        self.assertEqual(self._promise(self.items[0]).level, 2)
        self.assertEqual(self.profile.broken_promise_count, 2)

    # === THE WIZARD === #

    def _wizard(self, items=None):
        action = items.action_promise() if items else self.profile.action_promise()
        wizard = self.env["collection.promise.make"].with_user(self.collector)
        return Form(wizard.with_context(**action["context"]))

    def test_one_click_promises_all_that_is_overdue(self):
        self._receivable(self.debtor, 30.0, due_in=9)
        form = self._wizard()
        self.assertEqual(form.amount, 150.0)
        form.save().action_make()
        promise = self.profile.promise_ids
        self.assertEqual((promise.amount, promise.date), (150.0, self._day(7)))
        self.assertEqual(promise.line_ids.move_line_id, self.items)
        with self.assertRaises(UserError):
            form = self._wizard(self.items)
            form.save().action_make()

    def test_what_is_not_due_is_promised_when_nothing_else_is_open(self):
        early = self._debtor("Early", (30.0, -9))
        items = self._profile(early)._get_items_to_promise()
        self.assertEqual(items, self._items(early))

    def test_less_than_all_is_for_the_oldest_items(self):
        form = self._wizard()
        form.amount = 120.0
        form.save().action_make()
        promise = self.profile.promise_ids
        self.assertEqual(promise.line_ids.mapped("amount"), [100.0, 20.0])

    def test_instalments_are_promises_of_one_plan(self):
        form = self._wizard()
        form.count = 4
        form.every = 2
        form.unit = "weeks"
        form.date = self._day(3)
        self.assertEqual(len(form.summary.splitlines()), 4)
        form.save().action_make()
        plan = self.profile.promise_ids.sorted("instalment")
        self.assertEqual(plan.mapped("amount"), [37.5, 37.5, 37.5, 37.5])
        days = [(one.date - self.today).days for one in plan]
        self.assertEqual(days, [3, 17, 31, 45])
        self.assertEqual(plan.plan_id, plan[0])
        self.assertEqual(plan[0].instalment_count, 4)
        # 100 = 37.50 + 37.50 + 25, and the rest of the third is from the second item
        self.assertEqual(plan[2].line_ids.mapped("amount"), [25.0, 12.5])

    def test_the_last_instalment_takes_the_odd_cents(self):
        form = self._wizard(self.items[0])
        form.count = 3
        form.save().action_make()
        amounts = self.profile.promise_ids.sorted("instalment").mapped("amount")
        self.assertEqual(amounts, [33.33, 33.33, 33.34])

    def test_items_of_several_customers_are_promised_at_once(self):
        other = self._debtor("Other", (10.0, 5))
        form = self._wizard(self.items + self._items(other))
        form.save().action_make()
        promises = self.profile.promise_ids + self._profile(other).promise_ids
        self.assertEqual(promises.mapped("amount"), [150.0, 10.0])

    # === BY HAND === #

    def test_an_open_promise_is_cancelled_with_a_reason(self):
        promise = self._promise(self.items)
        wizard = self.env["collection.promise.cancel"].with_user(self.collector)
        wizard = wizard.with_context(**promise.action_cancel()["context"])
        wizard.create({"reason_id": self.reason_mistake.id}).action_cancel()
        self.assertEqual(promise.state, "cancelled")
        self.assertEqual(promise.cancel_reason_id, self.reason_mistake)
        self.assertIn(self.reason_mistake.name, promise.message_ids[:1].body)
        self.assertTrue(self._promise(self.items))
        with self.assertRaises(UserError):
            promise.action_reopen()

    def test_a_broken_promise_is_not_cancelled(self):
        promise = self._past(self._promise(self.items), 6)
        self._night()
        with self.assertRaises(UserError):
            promise._cancel(self.reason_mistake)
        with self.assertRaises(UserError):
            promise.action_reopen()

    def test_a_promise_that_was_kept_by_hand_stays_kept(self):
        promise = self._promise(self.items)
        promise.action_keep()
        self._past(promise, 6)
        self._night()
        self.assertEqual((promise.state, promise.kept_amount), ("kept", 0.0))
        self.assertEqual(self.profile.kept_promise_rate, 1.0)
        promise.action_reopen()
        self.assertEqual(promise.state, "broken")

    def test_a_promise_can_be_put_off_while_it_is_open(self):
        promise = self._promise(self.items)
        promise.date = self._day(9)
        self.assertEqual(promise.line_ids.mapped("suspended_until"), [self._day(9)] * 2)
        promise._cancel(self.reason_mistake)
        with self.assertRaises(UserError):
            promise.date = self._day(10)

    # === RUNS === #

    def _planned_on(self, days):
        """Return what a run does about the debtor in so many days."""
        with freeze_time(self.today + timedelta(days=days)):
            return self._action(self._plan(date=self._day(days)), self.debtor)

    def test_promised_items_leave_the_run_up_to_the_last_day_of_grace(self):
        self.company.collection_promise_grace_days = 2
        promise = self._promise(self.items, days=1)
        last = (promise.grace_until - self.today).days
        for days in (0, 1, last):
            action = self._planned_on(days)
            self.assertEqual(
                (action.skip_reason, action.state), ("promised", "skipped")
            )
        action = self._planned_on(last + 1)
        self.assertEqual((action.state, action.item_count), ("planned", 2))

    def test_the_run_goes_on_about_what_was_not_promised(self):
        self._promise(self.items[0])
        action = self._planned_on(0)
        self.assertEqual(action.planned_item_ids, self.items[1])
        self.assertEqual((action.amount, action.step_id.name), (50.0, "First"))

    def test_a_promise_between_planning_and_sending_stops_the_mail(self):
        run = self._plan()
        self._promise(self.items)
        run.action_start()
        action = self._action(run, self.debtor)
        self.assertEqual(action.skip_reason, "promised")
        self.assertFalse(action.mail_ids)

    def test_the_next_step_waits_for_the_promise(self):
        self.env["collection.segment"]._assign(self.company)
        self.profile.sudo()._write_next_steps(self.company)
        self.assertEqual(self.profile.next_step_id.name, "First")
        promise = self._promise(self.items)
        self.assertFalse(self.profile.next_step_id)
        self.assertEqual(self.profile.promised_until, self._day(5))
        promise._cancel(self.reason_mistake)
        self.assertEqual(self.profile.next_step_id.name, "First")

    def test_a_broken_instalment_ends_the_suspension_of_the_plan(self):
        first = self._promise(self.items[0], amounts=[50.0])
        self._promise(
            self.items[0], days=30, amounts=[50.0], plan_id=first.id, instalment=2
        )
        self._past(first, 6)
        self._night()
        self.assertEqual(first.state, "broken")
        self.assertFalse(any(first._get_plan().line_ids.mapped("suspended_until")))

    # === BROKEN === #

    def _broken(self):
        promise = self._past(self._promise(self.items), 6)
        self._night()
        self.assertEqual(promise.state, "broken")
        return promise

    def test_the_collector_hears_of_a_broken_promise(self):
        self.profile.collector_id = self.collector
        promise = self._broken()
        activity = promise.sudo().activity_id
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(self.profile.activity_ids, activity)
        self.assertIn("150", activity.summary)

    def test_the_credit_manager_hears_of_it_where_there_is_no_collector(self):
        self.company.credit_approver_id = self.manager
        promise = self._broken()
        self.assertEqual(promise.sudo().activity_id.user_id, self.manager)

    def test_the_salesperson_hears_of_it_where_the_company_wants_it(self):
        self.company.collection_promise_told = "salesperson"
        self.debtor.user_id = self.salesperson
        promise = self._broken()
        self.assertEqual(promise.sudo().activity_id.user_id, self.salesperson)

    def _mails(self):
        return self.env["mail.mail"].search([("model", "=", "collection.promise")])

    def test_customers_are_not_told_unless_the_company_wants_it(self):
        self._broken()
        self.assertFalse(self._mails())

    def test_the_customer_is_told_by_mail_and_it_is_a_contact(self):
        self.company.collection_promise_notice = "email"
        promise = self._broken()
        mail = self._mails()
        self.assertEqual(mail.recipient_ids, self.debtor)
        self.assertIn("150.00", mail.body_html)
        contact = self.profile.interaction_ids
        self.assertEqual((contact.promise_id, contact.kind), (promise, "demand"))
        self.assertEqual(contact.state, "waiting")
        self.assertFalse(self.profile.last_contact_date)
        mail._postprocess_sent_message([], [])
        self.assertEqual(self.profile.last_contact_date, self.today)

    def test_the_customer_is_told_by_sms(self):
        self.company.collection_promise_notice = "sms"
        self.debtor.phone = "+1 202-555-0123"  # one that Odoo can read
        self._broken()
        sms = self.env["sms.sms"].search([("partner_id", "=", self.debtor.id)])
        self.assertIn("150", sms.body)
        self.assertEqual(sms.number, self.debtor.phone)
        self.assertEqual(self.profile.interaction_ids.sms_uuid, sms.uuid)

    def test_who_may_not_be_contacted_is_not_told(self):
        self.company.collection_promise_notice = "email"
        for values in ({"is_legal": True}, {"do_not_contact_until": self._day(1)}):
            self.profile.write(
                {"is_legal": False, "do_not_contact_until": False, **values}
            )
            promise = self._broken()
            self.assertFalse(self._mails())
            self.assertIn("not told", promise.message_ids[:2].mapped("body")[0])

    def test_a_text_that_fails_does_not_stop_the_night(self):
        self.company.collection_promise_notice = "email"
        template = self.env.ref("credit_collections.mail_template_promise_broken")
        template.body_html = "<p t-out='1 / 0'/>"
        promise = self._broken()
        self.assertIn("could not be told", promise.message_ids[:1].body)

    # === CLOSED BY ITSELF === #

    def test_the_activity_goes_when_the_money_was_there_in_time(self):
        promise = self._broken()
        self._payment(self.debtor, 150.0, self.debtor.invoice_ids, date=self._day(-2))
        self.assertEqual(promise.state, "kept")
        self.assertFalse(self.profile.activity_ids)

    # === FIGURES === #

    def test_kept_rates_are_by_number_and_by_value(self):
        first = self._past(self._promise(self.items[0]), 6)
        self._payment(
            self.debtor, 25.0, self.debtor.invoice_ids[-1:], date=self._day(-2)
        )
        second = self._past(self._promise(self.items[1]), 6)
        self._night()
        self.assertEqual({first.state, second.state} - {"broken"}, {"partly_kept"})
        third = self._debtor("Third", (75.0, 3))
        kept = self._promise(self._items(third))
        self._payment(third, 75.0, third.invoice_ids)
        promises = first + second + kept
        ((by_count, by_value),) = self.env["collection.promise"]._read_group(
            [("id", "in", promises.ids)], [], ["kept_rate:avg", "kept_value_rate:avg"]
        )
        paid = first.kept_amount + second.kept_amount + 75.0
        promised = first.amount + second.amount + 75.0
        self.assertAlmostEqual(by_count, 1 / 3)
        self.assertAlmostEqual(by_value, paid / promised)

    def test_open_and_cancelled_promises_count_in_no_rate(self):
        self._promise(self.items[0])
        self._promise(self.items[1])._cancel(self.reason_mistake)
        ((rate,),) = self.env["collection.promise"]._read_group(
            [("profile_id", "=", self.profile.id)], [], ["kept_rate:avg"]
        )
        self.assertFalse(rate)
        self.assertFalse(self.profile.kept_promise_rate)

    def test_lines_are_not_written_by_hand(self):
        promise = self._promise(self.items)
        with self.assertRaises(UserError):
            promise.line_ids = [Command.clear()]
