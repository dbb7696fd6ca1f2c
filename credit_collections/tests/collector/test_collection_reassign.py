from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssignmentCommon


@tagged("post_install", "-at_install")
class TestCollectionReassign(AssignmentCommon):
    """Giving many customers to others: preview first, activities move along."""

    def setUp(self):
        super().setUp()
        self.one = self._overdue("One", 100.0, self.ann)
        self.two = self._overdue("Two", 200.0, self.ann)
        self.of_ben = self._overdue("Three", 50.0, self.ben)

    def _wizard(self, user=None, **values):
        wizards = self.env["collection.reassign"].with_user(user or self.manager)
        return wizards.create(values)

    def _moves(self, wizard):
        return {line.profile_id: line.to_user_id for line in wizard.line_ids}

    # === MOVE === #

    def test_the_preview_shows_all_customers_of_a_collector_and_changes_nothing(self):
        wizard = self._wizard(from_user_ids=self.ann.ids, user_id=self.collector.id)
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.profile_id, self.two + self.one)
        self.assertEqual(wizard.line_ids.mapped("overdue_amount"), [200.0, 100.0])
        self.assertEqual(self.one.collector_id, self.ann)

    def test_who_is_dropped_or_changed_in_the_preview_moves_accordingly(self):
        wizard = self._wizard(
            from_user_ids=(self.ann + self.ben).ids, user_id=self.collector.id
        )
        wizard.action_preview()
        lines = {line.profile_id: line for line in wizard.line_ids}
        lines[self.one].unlink()
        lines[self.two].to_user_id = self.ben
        wizard.action_apply()
        self.assertEqual(self.one.collector_id, self.ann)
        self.assertEqual(self.two.collector_id, self.ben)
        self.assertEqual(self.of_ben.collector_id, self.collector)
        self.assertFalse(self.of_ben.is_collector_fixed)

    def test_a_selection_moves_and_may_be_kept_from_rules(self):
        action = (self.one + self.of_ben).with_user(self.manager).action_reassign()
        context = action["context"]
        wizard = self.env["collection.reassign"].with_user(self.manager)
        wizard = wizard.with_context(**context).create(
            {"user_id": self.collector.id, "is_fixed": True}
        )
        wizard.action_preview()
        wizard.action_apply()
        moved = self.one + self.of_ben
        self.assertEqual(moved.collector_id, self.collector)
        self.assertTrue(all(moved.mapped("is_collector_fixed")))
        self.assertEqual(self.two.collector_id, self.ann)

    def test_customers_who_owe_nothing_move_only_when_wished(self):
        paid = self._profile(self._customer("Paid"))
        paid.collector_id = self.ann
        wizard = self._wizard(from_user_ids=self.ann.ids, user_id=self.ben.id)
        wizard.action_preview()
        self.assertNotIn(paid, wizard.line_ids.profile_id)
        wizard.only_overdue = False
        wizard.action_preview()
        self.assertIn(paid, wizard.line_ids.profile_id)

    def test_open_cases_move_along_and_those_of_others_stay(self):
        profiles = self.one + self.two
        mine, of_other = self.env["collection.case"]._open_for(profiles)
        of_other.user_id = self.controller
        closed = mine.sudo().copy({"profile_id": self.one.id, "user_id": self.ann.id})
        closed.sudo().state = "closed"
        self.assertEqual(mine.user_id, self.ann)
        profiles.with_user(self.manager)._set_collector(self.ben)
        self.assertEqual(mine.user_id, self.ben)
        self.assertEqual(of_other.user_id, self.controller)
        self.assertEqual(closed.user_id, self.ann)

    def test_moving_many_cases_takes_as_many_searches_as_one(self):
        many = self.env["credit.profile"].union(
            *(self._overdue(f"Many {n}", 10.0, self.ann) for n in range(9))
        )
        self.env["collection.case"]._open_for(self.one + self.two + many)

        def count(profiles):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            profiles._move_cases(self.ann, self.ben)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(self.two)
        self.assertEqual(count(many), count(self.one))

    def test_open_activities_move_along_and_those_of_others_stay(self):
        call = self.one.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.ann.id
        )
        other = self.one.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.controller.id
        )
        wizard = self._wizard(profile_ids=self.one.ids, user_id=self.ben.id)
        wizard.action_preview()
        wizard.action_apply()
        self.assertEqual(call.user_id, self.ben)
        self.assertEqual(other.user_id, self.controller)

    def test_activities_go_to_who_stands_in(self):
        call = self.one.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.collector.id
        )
        self._away(self.ann, self.collector)
        self._away(self.ben, self.controller)
        wizard = self._wizard(profile_ids=self.one.ids, user_id=self.ben.id)
        wizard.action_preview()
        wizard.action_apply()
        self.assertEqual(self.one.collector_id, self.ben)
        self.assertEqual(call.user_id, self.controller)

    def test_an_empty_choice_says_what_is_missing(self):
        for values in (
            {"user_id": self.ben.id},
            {"from_user_ids": self.ann.ids},
            {"from_user_ids": self.collector.ids, "user_id": self.ben.id},
            {"mode": "rebalance"},
        ):
            with self.assertRaises(UserError):
                self._wizard(**values).action_preview()
        with self.assertRaises(UserError):
            self._wizard(user_id=self.ben.id).action_apply()

    def test_back_empties_the_preview(self):
        wizard = self._wizard(from_user_ids=self.ann.ids, user_id=self.ben.id)
        wizard.action_preview()
        wizard.action_back()
        self.assertFalse(wizard.line_ids)
        self.assertFalse(wizard.is_previewed)

    # === EVEN OUT === #

    def _balance(self, **values):
        wizard = self._wizard(
            mode="rebalance",
            team_id=self.team.id,
            company_id=self.company.id,
            **values,
        )
        wizard.action_preview()
        return wizard

    def test_a_team_is_evened_out_by_amount(self):
        # 300 and 50: half of the gap is 125, 100 comes next → 200 and 150
        wizard = self._balance(balance="amount")
        self.assertEqual(self._moves(wizard), {self.one: self.ben})
        wizard.action_apply()
        self.assertEqual(self.one.collector_id, self.ben)

    def test_a_team_that_is_even_is_left_alone(self):
        with self.assertRaises(UserError):
            self._balance()  # 2 and 1 customers

    def test_customers_chosen_by_hand_stay_but_count(self):
        (self.one + self.two).is_collector_fixed = True
        four = self._overdue("Four", 10.0, self.ann)
        self.assertEqual(self._moves(self._balance()), {four: self.ben})

    def test_who_is_above_capacity_gives_some_away(self):
        self._member(self.ann).capacity = 1
        self.assertEqual(self._moves(self._balance()), {self.one: self.ben})

    # === RIGHTS === #

    def test_collectors_and_controllers_do_not_reassign(self):
        for user in (self.collector, self.controller):
            with self.assertRaises(AccessError):
                self.one.with_user(user).action_reassign()
            with self.assertRaises(AccessError):
                self.one.with_user(user)._set_collector(self.ben)
            with self.assertRaises(AccessError):
                self._wizard(user, user_id=self.ben.id)

    def test_managers_move_activities_of_colleagues(self):
        self.one.activity_schedule("mail.mail_activity_data_call", user_id=self.ann.id)
        self.one.with_user(self.manager)._set_collector(self.ben)
        self.assertEqual(self.one.activity_ids.user_id, self.ben)

    def test_one_hundred_customers_move_in_a_preview(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Debtor {n}", "is_company": True} for n in range(100)]
        )
        profiles = self.profiles._ensure(self.company, partners.ids)
        profiles.collector_id = self.ann
        wizard = self._wizard(
            profile_ids=[Command.set(profiles.ids)],
            user_id=self.ben.id,
            only_overdue=False,
        )
        wizard.action_preview()
        wizard.action_apply()
        self.assertEqual(profiles.collector_id, self.ben)
