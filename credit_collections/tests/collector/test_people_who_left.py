from odoo.fields import Command
from odoo.tests import tagged

from ...engine.run import guard
from .common import AssignmentCommon

MANAGER = "credit_collections.group_credit_manager"


@tagged("post_install", "-at_install")
class TestPeopleWhoLeft(AssignmentCommon):
    """Who has left gets nothing to do: the team's leader does, else the manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_approver_id = cls.manager
        cls.strategy.step_ids[0].channel = "call"
        cls.debtor = cls._debtor("Debtor", (100.0, 10))
        cls.profile = cls._profile(cls.debtor)
        cls.profile.sudo().collector_id = cls.ann

    def _called_by(self):
        """Return who gets the call of a run, that a credit manager starts."""
        run = self._plan()
        run.with_user(self.manager).action_start()
        action = self._action(run, self.debtor)
        self.assertEqual(action.state, "queued")
        return action.activity_id.user_id

    # === CALLS AND TASKS === #

    def test_who_is_there_calls(self):
        self.assertEqual(self._called_by(), self.ann)

    def test_the_leader_of_the_team_calls_for_who_left(self):
        self.ann.active = False
        self.assertEqual(self._called_by(), self.controller)

    def test_the_leader_calls_also_for_who_was_taken_out_of_the_team(self):
        self._member(self.ann).active = False
        self.ann.active = False
        self.assertEqual(self._called_by(), self.controller)

    def test_the_manager_calls_where_the_leader_left_too(self):
        (self.ann + self.controller).active = False
        self.assertEqual(self._called_by(), self.manager)

    def test_the_manager_calls_for_who_was_in_no_team(self):
        self._member(self.ann).unlink()
        self.ann.active = False
        self.assertEqual(self._called_by(), self.manager)

    def test_another_manager_calls_where_the_one_of_the_settings_left(self):
        other = self._user("other_manager", MANAGER)
        self._member(self.ann).unlink()
        run = self._plan()
        (self.ann + self.manager).active = False
        run.with_user(other).action_start()
        user = self._action(run, self.debtor).activity_id.user_id
        self.assertTrue(user.active)
        self.assertTrue(user.has_group(MANAGER))

    def test_who_works_in_another_company_does_not_call(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.ann.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertEqual(self._called_by(), self.controller)

    def test_who_works_in_a_branch_calls(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.ann.write(
            {"company_ids": [Command.set(branch.ids)], "company_id": branch.id}
        )
        self.assertEqual(self._called_by(), self.ann)

    def test_who_stands_in_for_who_left_calls(self):
        self._away(self.ann, self.ben)
        self.ann.active = False
        self.assertEqual(self._called_by(), self.ben)

    def test_a_task_for_somebody_who_left(self):
        self.strategy.step_ids[0].write(
            {"escalate_to": "user", "escalate_user_id": self.ben.id}
        )
        self.ben.active = False
        self._called_by()
        tasks = self.profile.activity_ids.filtered(
            lambda task: "Look into it" in (task.summary or "")
        )
        self.assertEqual(tasks.user_id, self.controller)

    def test_the_same_number_of_queries_for_one_and_for_many(self):
        self.ann.active = False
        users = self.env["res.users"]
        users.browse(self.ann.ids)._get_workers(self.company)
        counts = []
        for asked in (self.ann, self.ann + self.ben + self.controller + self.manager):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            asked._get_workers(self.company)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # === WHAT ELSE IS GIVEN === #

    def test_a_case_that_a_step_opens(self):
        self.ann.active = False
        cases = self.env["collection.case"]
        owners = cases._get_owners(self.profile)
        self.assertEqual(owners[self.profile.id], self.controller)

    def test_the_next_contact(self):
        self.ann.active = False
        contact = (
            self.env["collection.interaction"]
            .with_user(self.ben)
            .create(
                {
                    "profile_id": self.profile.id,
                    "channel": "call",
                    "direction": "in",
                    "next_date": self.today,
                }
            )
        )
        self.assertEqual(contact.activity_id.user_id, self.controller)

    def test_a_promise_that_was_missed(self):
        item = self._open_items(self.debtor.invoice_ids)
        promise = self.env["collection.promise"].create(
            {
                "profile_id": self.profile.id,
                "date": self.today,
                "line_ids": [
                    Command.create({"move_line_id": item.id, "amount": 100.0})
                ],
            }
        )
        self.company.collection_promise_told = "collector"
        self.assertEqual(promise._get_told()[promise], self.ann)
        self.ann.active = False
        self.assertEqual(promise._get_told()[promise], self.controller)

    def test_a_new_dispute(self):
        department = self.env["collection.department"].create(
            {"name": "Sales", "lead_id": self.ben.id}
        )
        self.assertEqual(department._get_lead(), self.ben)
        self.ben.active = False
        self.assertEqual(department._get_lead(), self.controller)
        self.assertFalse(department.create({"name": "Nobody's"})._get_lead())

    # === LISTS === #

    def _left(self):
        action = self.env.ref("credit_collections.credit_profile_action_left")
        search = self.env.ref("credit_collections.credit_profile_view_search_collector")
        self.assertIn("collector_left", action.context)
        self.assertIn("collector_left", search.arch)
        return (
            self.env["credit.profile"]
            .with_user(self.manager)
            .search(
                [("collector_id", "!=", False), ("collector_id.active", "=", False)]
            )
        )

    def test_the_list_has_the_customers_of_who_left(self):
        self.assertNotIn(self.profile, self._left())
        self.ann.active = False
        self.assertIn(self.profile, self._left())

    # === ARCHIVED CUSTOMERS === #

    def test_an_archived_customer_is_skipped_as_archived(self):
        self.strategy.step_ids[0].write(
            {"channel": "email", "mail_template_id": self.template.id}
        )
        self.debtor.active = False
        action = self._action(self._plan(), self.debtor)
        self.assertEqual((action.state, action.skip_reason), ("skipped", "archived"))
        reasons = self.profile._guard_reasons("email")
        self.assertEqual(reasons[self.profile.id], guard.ARCHIVED)
