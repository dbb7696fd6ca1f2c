from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import SALESPERSON
from .common import ApprovalCommon

COLLECTOR = "credit_collections.group_collector"
AUDITOR = "account.group_account_readonly"


@tagged("post_install", "-at_install")
class TestApprovalRights(ApprovalCommon):
    """Who sees approvals, sets setup and names substitutes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("approval_collector", COLLECTOR)
        cls.auditor = cls._user("approval_auditor", AUDITOR)
        cls.tier = cls._tier()

    def test_all_approvals_are_seen_by_collectors_and_auditors(self):
        approval = self._ask(self._held())
        for user in (self.collector, self.auditor, self.controller, self.manager):
            found = approval.with_user(user).search([("id", "=", approval.id)])
            self.assertEqual(found.step_ids.name, "Level 1", user.login)

    def test_others_see_what_they_asked_for_or_decide(self):
        approval = self._ask(self._held())
        for user in (self.deputy, self.salesperson):
            self.assertFalse(approval.with_user(user).search([]))
            with self.assertRaises(AccessError):
                approval.with_user(user).read(["amount"])
        seen = approval.with_user(self.director)
        self.assertEqual(seen.search([]), approval)
        self.assertEqual(seen.step_ids.name, "Level 1")
        # also afterwards, when it is no longer waiting
        self._approve(approval, self.director)
        self.env.invalidate_all()
        self.assertEqual(seen.search([]), approval)
        self.assertEqual(seen.step_ids.state, "approved")

    def test_an_approver_without_any_other_right_reads_the_form(self):
        approval = self._ask(self._held()).with_user(self.director)
        for view_type in ("form", "list", "kanban", "search"):
            self.assertTrue(approval.get_view(view_type=view_type)["arch"])
        values = approval.web_read(
            {
                "display_name": {},
                "numbers_html": {},
                "is_mine": {},
                "decider_ids": {"fields": {"display_name": {}}},
                "step_ids": {"fields": {"name": {}, "state": {}}},
                "requested_by_id": {"fields": {"display_name": {}}},
            }
        )[0]
        self.assertTrue(values["is_mine"])
        self.assertIn("1,500.00", values["numbers_html"])
        self.assertIn("Limited", values["display_name"])

    def test_nobody_makes_or_deletes_approvals_by_hand(self):
        approval = self._ask(self._held())
        for user in (self.manager, self.controller, self.director, self.auditor):
            with self.assertRaises(AccessError):
                approval.with_user(user).copy()
            with self.assertRaises(AccessError):
                approval.with_user(user).unlink()

    def test_tiers_are_set_by_managers_and_read_by_their_staff(self):
        self.tier.with_user(self.manager).amount_from = 5.0
        for user in (self.collector, self.controller, self.auditor):
            self.assertEqual(self.tier.with_user(user).amount_from, 5.0)
            with self.assertRaises(AccessError):
                self.tier.with_user(user).amount_from = 1.0
        salesperson = self._user("approval_sales", SALESPERSON)
        with self.assertRaises(AccessError):
            self.tier.with_user(salesperson).read(["amount_from"])

    def test_tiers_of_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        tier = self._tier(company_id=company.id)
        with self.assertRaises(AccessError):
            tier.with_user(self.manager).read(["name"])

    def test_everybody_names_own_substitutes_and_managers_all(self):
        own = self._substitute(self.director, self.deputy)
        own.with_user(self.director).date_to = False
        self.env["credit.approval.substitute"].with_user(self.director).create(
            {"substitute_id": self.deputy.id}
        )
        self.assertEqual(own.with_user(self.deputy).user_id, self.director)
        with self.assertRaises(AccessError):
            own.with_user(self.deputy).substitute_id = self.salesperson
        with self.assertRaises(AccessError):
            self.env["credit.approval.substitute"].with_user(self.deputy).create(
                {"user_id": self.director.id, "substitute_id": self.deputy.id}
            )
        own.with_user(self.manager).date_to = self.today

    def test_holds_show_to_salespeople_that_they_wait(self):
        hold = self._held()
        self._ask(hold)
        self.assertEqual(hold.with_user(self.salesperson).approval_state, "pending")

    def test_menus(self):
        menus = self.env["ir.ui.menu"]
        approvals = self.env.ref("credit_collections.credit_approval_menu").id
        setup = self.env.ref("credit_collections.credit_configuration_menu").id
        for user, seen in (
            (self.manager, {approvals, setup}),
            (self.controller, {approvals}),
            (self.auditor, {approvals}),
            (self.salesperson, set()),
        ):
            visible = menus.with_user(user)._visible_menu_ids()
            self.assertEqual(visible & {approvals, setup}, seen, user.login)
