from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CollectionCommon

AUDITOR = "account.group_account_readonly"


@tagged("post_install", "-at_install")
class TestCollectionRights(CollectionCommon):
    """Who may see, plan, start and drop; who may exclude items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", AUDITOR)
        cls.debtor = cls._debtor("Debtor", (100.0, 10))
        cls.run_of_today = cls._plan()
        cls.item = cls._open_items(cls.debtor.invoice_ids)
        cls.reason = cls.env.ref("credit_collections.credit_reason_exclusion_agreed")

    def test_collectors_and_auditors_read_runs_and_actions(self):
        for user in (self.collector, self.auditor):
            run = self.run_of_today.with_user(user)
            self.assertEqual(run.planned_count, 1)
            self.assertEqual(run.action_ids.planned_item_ids, self.item)
            self.assertEqual(len(self.strategy.with_user(user).step_ids), 4)

    def test_collectors_and_controllers_neither_plan_nor_start_nor_drop(self):
        for user in (self.collector, self.controller, self.auditor):
            run = self.run_of_today.with_user(user)
            for method in (run.action_plan, run.action_start):
                with self.assertRaises(AccessError):
                    method()
            with self.assertRaises(AccessError):
                run.action_ids.action_drop()

    def test_collectors_do_not_write_the_policy(self):
        for record in (self.strategy, self.segment):
            with self.assertRaises(AccessError):
                record.with_user(self.collector).name = "Mine"

    def test_managers_plan_drop_put_back_and_start(self):
        run = self.env["collection.run"].with_user(self.manager).create({})
        run.action_plan()
        run.action_ids.action_drop()
        self.assertEqual(run.action_ids.state, "cancelled")
        run.action_ids.action_take_back()
        run.action_start()
        self.assertEqual(run.state, "done")

    def test_salespeople_see_no_runs(self):
        with self.assertRaises(AccessError):
            self.run_of_today.with_user(self.salesperson).read(["name"])

    def test_salespeople_see_the_strategy_of_their_customers(self):
        profile = self._profile(self.debtor).with_user(self.salesperson)
        self.assertEqual(profile.strategy_id.name, "Test")

    def test_nobody_writes_the_last_contact_by_hand(self):
        with self.assertRaises(AccessError):
            self._profile(self.debtor).with_user(self.manager).last_contact_date = False

    def test_users_of_another_company_see_nothing(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("stranger", "credit_collections.group_credit_manager")
        stranger.sudo().write(
            {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        runs = self.env["collection.run"].with_user(stranger)
        self.assertFalse(runs.search([("id", "=", self.run_of_today.id)]))
        actions = self.env["collection.action"].with_user(stranger)
        self.assertFalse(actions.search([("run_id", "=", self.run_of_today.id)]))

    # === EXCLUSION === #

    def _exclude(self, user, days=7):
        wizard = self.env["collection.exclude"].with_user(user)
        wizard = wizard.with_context(default_move_line_ids=self.item.ids)
        until = self.today + timedelta(days=days)
        wizard.create({"reason_id": self.reason.id, "until": until}).action_exclude()

    def test_collectors_exclude_items_and_include_them_again(self):
        self._exclude(self.collector)
        self.assertEqual(self.item.collection_exclusion_reason_id, self.reason)
        self.assertIn(self.reason.name, self.item.move_id.message_ids[:1].body)
        run = self._plan()
        self.assertEqual(run.action_ids.skip_reason, "excluded")
        self.item.with_user(self.collector).action_include_in_collections()
        self.assertFalse(self.item.collection_excluded_until)

    def test_auditors_and_salespeople_exclude_nothing(self):
        for user in (self.auditor, self.salesperson):
            with self.assertRaises(AccessError):
                self._exclude(user)
            with self.assertRaises(AccessError):
                self.item.with_user(user).action_include_in_collections()

    def test_an_exclusion_ends_in_the_future(self):
        with self.assertRaises(ValidationError):
            self._exclude(self.collector, days=0)
