from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SALESPERSON
from .common import LimitCommon


@tagged("post_install", "-at_install")
class TestLimitChangeRights(LimitCommon):
    """Who sees, proposes, approves and posts limits, and that nobody goes around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", "account.group_account_readonly")
        cls.change = cls._change(user=cls.controller, new_limit=2500.0)
        cls.line = cls.change.line_ids

    def _submit(self):
        self.change.with_user(self.controller).action_submit()
        self.assertEqual(self.change.state, "submitted")

    def test_no_line_joins_a_submitted_change_by_a_default(self):
        self._submit()
        more = self._profile(self._customer("More"))
        lines = self.env["credit.limit.change.line"].with_user(self.controller)
        lines = lines.with_context(default_change_id=self.change.id)
        with self.assertRaisesRegex(UserError, "Only drafts are changed"):
            lines.create({"profile_id": more.id, "new_limit": 999999.0})

    # === BY GROUP === #

    def test_salespeople_see_no_limit_changes(self):
        with self.assertRaises(AccessError):
            self.change.with_user(self.salesperson).read(["name"])
        with self.assertRaises(AccessError):
            self.line.with_user(self.salesperson).read(["new_limit"])

    def test_salespeople_open_customers_all_the_same(self):
        profile = self.profile.with_user(self.salesperson)
        (shown,) = profile.web_read({"limit_change_count": {}, "credit_limit": {}})
        self.assertEqual(shown["credit_limit"], 1000.0)

    def test_collectors_and_auditors_see_and_do_nothing(self):
        self._submit()
        for user in (self.collector, self.auditor):
            change = self.change.with_user(user)
            self.assertEqual(change.line_ids.new_limit, 2500.0)
            for step in (
                change.action_approve,
                change.action_refuse,
                change.action_recall,
                change.line_ids.action_reject,
                change.action_post,
            ):
                with self.assertRaises(AccessError):
                    step()
            with self.assertRaises(AccessError):
                change.write({"description": "Mine"})
            with self.assertRaises(AccessError):
                change.create({})

    def test_controllers_propose_and_do_not_approve(self):
        self._submit()
        change = self.change.with_user(self.controller)
        for step in (
            change.action_approve,
            change.action_refuse,
            change.line_ids.action_reject,
        ):
            with self.assertRaisesRegex(AccessError, "another person has to approve"):
                step()
        with self.assertRaisesRegex(UserError, "is submitted"):
            change.action_post()

    def test_managers_approve(self):
        self._submit()
        self.change.with_user(self.manager).action_approve()
        self.assertEqual(self.profile.effective_limit, 2500.0)

    # === NOBODY GOES AROUND THE STEPS === #

    def test_nobody_writes_the_steps(self):
        for user in (self.controller, self.manager):
            change = self.change.with_user(user)
            for vals in ({"state": "posted"}, {"approved_by_id": user.id}):
                with self.assertRaises(AccessError):
                    change.write(vals)
                with self.assertRaises(AccessError):
                    change.create(vals)
            with self.assertRaises(AccessError):
                change.line_ids.write({"state": "posted"})
            with self.assertRaises(AccessError):
                change.line_ids.write({"old_limit": 5.0})

    def test_what_was_submitted_is_not_changed(self):
        self._submit()
        for user in (self.controller, self.manager):
            change = self.change.with_user(user)
            with self.assertRaisesRegex(UserError, "Only drafts are changed"):
                change.kind = "temporary"
            with self.assertRaisesRegex(UserError, "Only drafts are changed"):
                change.line_ids.new_limit = 9000.0
            with self.assertRaisesRegex(UserError, "Only drafts are changed"):
                change.line_ids.unlink()
            with self.assertRaisesRegex(UserError, "Only drafts are changed"):
                change.line_ids.create({"change_id": change.id})
            with self.assertRaisesRegex(UserError, "on record"):
                change.unlink()

    def test_a_line_does_not_move_to_another_change(self):
        other = self._change(user=self.controller, new_limit=1.0)
        self._submit()
        with self.assertRaises(AccessError):
            other.line_ids.with_user(self.controller).change_id = self.change

    def test_a_draft_may_be_deleted(self):
        self.change.with_user(self.controller).unlink()
        self.assertFalse(self.change.exists())
        self.assertFalse(self.line.exists())

    # === LIMITS ONLY CHANGE THIS WAY === #

    def test_managers_write_no_limits_by_hand(self):
        profile = self.profile.with_user(self.manager)
        for vals in (
            {"credit_limit": 5.0},
            {"limit_policy": "unlimited"},
            {"limit_expiry_date": self._day(3)},
        ):
            with self.assertRaisesRegex(UserError, "press “Change Limit”"):
                profile.write(vals)
        self.assertFalse(profile.is_limit_editable)

    def test_managers_make_no_profiles_with_a_limit_by_hand(self):
        other = self._customer("Other")
        profiles = self.profiles.with_user(self.manager)
        with (
            self.assertRaisesRegex(UserError, "press “Change Limit”"),
            self.env.cr.savepoint(),
        ):
            profiles.create({"partner_id": other.id, "credit_limit": 5.0})
        self.assertEqual(profiles.create({"partner_id": other.id}).credit_limit, 0.0)

    def test_core_s_limit_is_no_way_around(self):
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaisesRegex(UserError, "press “Change Limit”"):
            self.customer.with_user(self.manager).credit_limit = 5.0

    def test_core_s_limit_written_back_is_no_change(self):
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        self.assertEqual(self.customer.credit_limit, 1000.0)
        self.customer.with_user(self.manager).credit_limit = 1000.0
        self.assertEqual(self.profile.credit_limit, 1000.0)

    def test_where_the_company_allows_it_managers_write_limits(self):
        self.company.credit_limit_manual_edit = True
        profile = self.profile.with_user(self.manager)
        self.assertTrue(profile.is_limit_editable)
        profile.write({"credit_limit": 5.0, "limit_expiry_date": self._day(3)})
        self.assertEqual(profile.effective_limit, 5.0)
        self.assertEqual(profile.limit_date, self.today)
        self.assertFalse(self.profile.with_user(self.controller).is_limit_editable)

    def test_controllers_never_write_limits(self):
        self.company.credit_limit_manual_edit = True
        profile = self.profile.with_user(self.controller)
        for vals in ({"credit_limit": 5.0}, {"limit_expiry_date": self._day(3)}):
            with self.assertRaises(AccessError):
                profile.write(vals)

    def test_nobody_writes_the_day_of_the_last_change(self):
        self.company.credit_limit_manual_edit = True
        with self.assertRaises(AccessError):
            self.profile.with_user(self.manager).write({"limit_date": self._day(-9)})

    # === COMPANIES === #

    def test_changes_of_other_companies_are_not_seen(self):
        other = self._create_company(name="Other")
        change = self.changes.create({"company_id": other.id})
        with self.assertRaises(AccessError):
            change.with_user(self.manager).read(["name"])

    def test_managers_of_a_branch_change_the_limits_of_the_tree(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self.manager.write(
            {"company_ids": [Command.set(branch.ids)], "company_id": branch.id}
        )
        profile = self.profile.with_user(self.manager)
        context = profile.action_change_limit()["context"]
        self.assertEqual(context["default_company_id"], self.company.id)
        change = self.changes.with_user(self.manager).create(
            {"line_ids": [Command.create({"profile_id": profile.id, "new_limit": 5.0})]}
        )
        change.action_submit()
        self.assertEqual(change.state, "posted")
        self.assertEqual(change.sudo().company_id, self.company)

    def test_salespeople_neither_propose_nor_see_buttons(self):
        seller = self._user("seller", SALESPERSON)
        with self.assertRaises(AccessError):
            self.changes.with_user(seller).create({})
