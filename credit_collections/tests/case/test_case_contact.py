from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import format_date

from ..dispute.common import DisputeCommon


@tagged("post_install", "-at_install")
class TestCaseContact(DisputeCommon):
    """Contacts and promises of cases, and who owns the cases that steps open."""

    def _case(self, *items):
        together = self.env["account.move.line"].union(*items)
        case = together.with_user(self.collector)._open_case()
        return case.with_env(self.env)

    def _log(self, **values):
        interactions = self.env["collection.interaction"].with_user(self.collector)
        return interactions.create(
            {
                "profile_id": self._profile(self.debtor).id,
                "direction": "in",
                **values,
            }
        )

    def _promise(self, item):
        context = item.with_user(self.collector).action_promise()["context"]
        wizards = self.env["collection.promise.make"].with_user(self.collector)
        wizards.with_context(**context).create({}).action_make()
        return item.collection_promise_line_ids.promise_id

    # === CONTACTS === #

    def test_a_contact_is_logged_from_the_case_and_is_on_the_customer_too(self):
        case = self._case(self._item(100.0, 10))
        action = case.with_user(self.collector).action_log_contact()
        interactions = self.env["collection.interaction"].with_user(self.collector)
        form = Form(
            interactions.with_context(**action["context"]), view=action["views"][0][0]
        )
        self.assertEqual(form.case_id, case)
        form.agreed = "Asks for the delivery note"
        one = form.save().with_env(self.env)
        self.assertEqual(case.interaction_ids, one)
        self.assertEqual(case.profile_id.interaction_ids, one)

    def test_nothing_is_logged_in_a_closed_case(self):
        case = self._case(self._item(100.0, 10)).with_user(self.collector)
        case.action_cancel()
        for method in ("action_log_contact", "action_promise"):
            with self.assertRaisesRegex(UserError, "closed"):
                getattr(case, method)()

    def test_the_case_is_one_of_the_customer(self):
        case = self._case(self._item(100.0, 10))
        other = self._profile(self._debtor("Other"))
        with self.assertRaisesRegex(ValidationError, "is not one of Other"):
            self._log(profile_id=other.id, case_id=case.id)
        one = self._log(profile_id=other.id)
        with self.assertRaises(ValidationError):
            one.case_id = case

    def test_a_contact_about_items_of_one_open_case_is_in_that_case(self):
        item, free = self._item(100.0, 10), self._item(50.0, 8)
        case = self._case(item)
        self.assertEqual(self._log(move_line_ids=(item + free).ids).case_id, case)
        self.assertFalse(self._log(move_line_ids=free.ids).case_id)
        self.assertFalse(self._log().case_id)

    def test_a_contact_about_two_cases_or_a_closed_one_is_in_none(self):
        first, second = self._item(100.0, 10), self._item(50.0, 8)
        case = self._case(first)
        other = case.sudo().copy({"profile_id": case.profile_id.id})
        second.sudo().case_id = other
        self.assertFalse(self._log(move_line_ids=(first + second).ids).case_id)
        case.with_user(self.collector).action_cancel()
        self.assertFalse(self._log(move_line_ids=first.ids).case_id)
        # the closed one does not count
        self.assertEqual(self._log(move_line_ids=(first + second).ids).case_id, other)

    def test_what_a_run_sent_about_the_items_is_in_the_case(self):
        item = self._item(100.0, 6)
        case = self._case(item)
        run = self._plan()
        run.action_start()
        self._mails(run)._postprocess_sent_message([], [])
        one = case.interaction_ids
        self.assertEqual(one.action_id, self._action(run, self.debtor))
        self.assertEqual((one.channel, one.move_line_ids), ("email", item))

    def test_what_a_run_sent_about_two_cases_is_in_none(self):
        first, second = self._item(100.0, 6), self._item(50.0, 6)
        case = self._case(first)
        second.sudo().case_id = case.sudo().copy({"profile_id": case.profile_id.id})
        run = self._plan()
        run.action_start()
        self._mails(run)._postprocess_sent_message([], [])
        one = case.profile_id.interaction_ids
        self.assertEqual(one.move_line_ids, first + second)
        self.assertFalse(one.case_id)

    # === PROMISES === #

    def test_promises_about_its_items_are_those_of_the_case(self):
        item, free = self._item(100.0, 10), self._item(50.0, 8)
        case = self._case(item)
        self.assertFalse(case.promise_ids)
        promise, _other = self._promise(item), self._promise(free)
        self.assertEqual(case.promise_ids, promise)
        self.assertFalse(self._case(self._item(5.0, 1)).browse().promise_ids)

    def test_the_button_takes_a_promise_for_what_is_not_promised_yet(self):
        first, second = self._item(100.0, 10), self._item(50.0, 8)
        case = self._case(first, second).with_user(self.collector)
        self._promise(first)
        context = case.action_promise()["context"]
        self.assertEqual(context["default_move_line_ids"], second.ids)
        self._promise(second)
        with self.assertRaisesRegex(UserError, "not promised already"):
            case.action_promise()

    def test_a_promise_after_a_contact_is_about_the_items_of_its_case(self):
        item, _free = self._item(100.0, 10), self._item(50.0, 8)
        one = self._log(case_id=self._case(item).id)
        context = one.action_promise()["context"]
        self.assertEqual(context["default_move_line_ids"], item.ids)

    def test_bookkeepers_open_the_form_of_a_case_without_them(self):
        case = self._case(self._item(100.0, 10))
        clerk = self._user("clerk", "account.group_account_invoice")
        form = Form(case.with_user(clerk))
        self.assertEqual(form.name, case.name)
        with self.assertRaises(AccessError):
            case.with_user(clerk).action_log_contact()
        for name in ("promise_ids", "interaction_ids"):
            with self.assertRaises(AccessError):
                case.with_user(clerk).mapped(name)

    def test_auditors_read_contacts_and_promises_of_the_case(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        promise, one = self._promise(item), self._log(case_id=case.id)
        auditor = self._user("auditor", "account.group_account_readonly")
        seen = case.with_user(auditor)
        self.assertEqual((seen.promise_ids, seen.interaction_ids), (promise, one))

    def test_the_paper_of_the_case_tells_of_contacts_and_promises(self):
        item = self._item(100.0, 6)
        case = self._case(item)
        self._log(case_id=case.id, channel="visit")
        promise = self._promise(item)
        texts = [entry["text"] for entry in case._get_history()]
        self.assertIn("Visit", texts)
        day = format_date(self.env, promise.date)
        self.assertTrue(any(text.endswith(f"by {day}") for text in texts))
        clerk = self._user("clerk", "account.group_account_invoice")
        texts = [entry["text"] for entry in case.with_user(clerk)._get_history()]
        self.assertNotIn("Visit", texts)

    # === CASES OF RUNS === #

    def _run_that_opens_cases(self):
        self.strategy.step_ids[0].opens_case = True
        run = self._plan()
        run.action_start()
        return run

    def test_a_step_gives_the_case_to_the_collector(self):
        self._item(100.0, 6)
        self._profile(self.debtor).collector_id = self.collector
        self._run_that_opens_cases()
        self.assertEqual(self._profile(self.debtor).case_ids.user_id, self.collector)

    def test_a_step_gives_the_case_to_who_stands_in(self):
        self._item(100.0, 6)
        self._profile(self.debtor).collector_id = self.collector
        other = self._user("substitute", "credit_collections.group_collector")
        self.env["collection.team"].create(
            {
                "name": "Team",
                "company_id": self.company.id,
                "member_ids": [
                    Command.create(
                        {
                            "user_id": self.collector.id,
                            "away_from": self.today,
                            "away_to": self.today,
                            "substitute_id": other.id,
                        }
                    ),
                    Command.create({"user_id": other.id}),
                ],
            }
        )
        self._run_that_opens_cases()
        self.assertEqual(self._profile(self.debtor).case_ids.user_id, other)

    def test_a_step_gives_the_case_of_nobody_to_the_credit_manager(self):
        self._item(100.0, 6)
        self.company.credit_approver_id = self.manager
        self._run_that_opens_cases()
        self.assertEqual(self._profile(self.debtor).case_ids.user_id, self.manager)

    def _let_cases_fail_of(self, customer):
        profile = self._profile(customer)
        open_with = type(self.env["collection.case"])._open_with

        def fail(cases, profiles, *args, **kwargs):
            if profile in profiles:
                raise ValueError("No number left")
            return open_with(cases, profiles, *args, **kwargs)

        self.patch(type(self.env["collection.case"]), "_open_with", fail)

    def test_a_case_that_fails_stops_neither_the_contact_nor_other_cases(self):
        self._item(100.0, 6)
        other = self._debtor("Other", (70.0, 6))
        self._let_cases_fail_of(self.debtor)
        with self.assertLogs("odoo.addons.credit_collections", "WARNING") as logs:
            run = self._run_that_opens_cases()
        self.assertEqual(len(logs.output), 1)
        failed, done = self._action(run, self.debtor), self._action(run, other)
        self.assertEqual((failed.state, done.state), ("queued", "queued"))
        self.assertEqual(failed.error, "No case was opened: No number left")
        self.assertFalse(done.error)
        failed.mail_ids._postprocess_sent_message([], [])
        self.assertEqual(failed.state, "sent")
        self.assertEqual(len(failed.profile_id.interaction_ids), 1)
        self.assertFalse(failed.profile_id.case_ids)
        self.assertEqual(done.profile_id.case_ids.amount, 70.0)

    def test_that_no_case_was_opened_stays_on_record_when_the_mail_leaves(self):
        self._item(100.0, 6)
        self._let_cases_fail_of(self.debtor)
        with self.assertLogs("odoo.addons.credit_collections", "WARNING"):
            run = self._run_that_opens_cases()
        action = self._action(run, self.debtor)
        action._succeed()
        self.assertEqual(action.state, "sent")
        self.assertIn("No number left", action.error)

    def test_the_failure_of_a_contact_goes_when_it_was_made(self):
        self._item(100.0, 6)
        run = self._plan()
        run.action_start()
        action = self._action(run, self.debtor)
        action._fail("No such user")
        action._succeed()
        self.assertEqual((action.state, action.error), ("sent", False))
