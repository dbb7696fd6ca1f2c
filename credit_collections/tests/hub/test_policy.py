from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import CONTROLLER, SALESPERSON, CreditCommon


@tagged("post_install", "-at_install")
class TestPolicy(CreditCommon):
    """Credit managers decide on the policy, without being administrators."""

    def _policy(self, user, **values):
        return self.env["credit.policy"].with_user(user).create(values)

    def test_a_credit_manager_changes_the_policy_of_the_company(self):
        self.company.credit_count_draft = True
        with Form(self.env["credit.policy"].with_user(self.manager)) as form:
            form.credit_default_policy = "limited"
            form.credit_default_limit = 750.0
            form.credit_count_draft = False
            form.credit_approver_id = self.controller
            form.credit_release_tolerance = 0.05
        self.assertRecordValues(
            self.company,
            [
                {
                    "credit_default_policy": "limited",
                    "credit_default_limit": 750.0,
                    "credit_count_draft": False,
                    "credit_approver_id": self.controller.id,
                    "credit_release_tolerance": 0.05,
                }
            ],
        )

    def test_customers_follow_the_new_policy_at_once(self):
        profile = self._profile(self.customer)
        self._policy(
            self.manager, credit_default_policy="limited", credit_default_limit=750.0
        )
        self.assertEqual(profile.effective_limit, 750.0)

    def test_the_dialog_shows_what_is_in_force(self):
        self.company.credit_controller_authority = 1234.0
        form = Form(self.env["credit.policy"].with_user(self.manager))
        self.assertEqual(form.credit_controller_authority, 1234.0)

    def test_what_was_not_changed_is_not_written(self):
        with patch.object(
            self.registry["res.company"], "write", autospec=True
        ) as write:
            Form(self.env["credit.policy"].with_user(self.manager)).save()
        self.assertFalse(write.called)

    def test_a_second_change_in_the_same_dialog_counts(self):
        policy = self._policy(self.manager)
        policy.credit_controller_authority = 4321.0
        self.assertEqual(self.company.credit_controller_authority, 4321.0)

    def test_nobody_else_changes_the_policy(self):
        collector = self.collector
        accountant = self._user("accountant", "account.group_account_manager")
        controller = self._user("second_controller", CONTROLLER)
        seller = self._user("seller", SALESPERSON)
        for user in (collector, controller, accountant, seller):
            with self.assertRaises(AccessError):
                self._policy(user, credit_controller_authority=1e9)
        self.assertNotEqual(self.company.credit_controller_authority, 1e9)

    def test_the_policy_of_a_company_of_others_is_refused(self):
        other = self.setup_other_company(name="Other")["company"]
        with self.assertRaisesRegex(AccessError, "Other"):
            self._policy(
                self.manager, company_id=other.id, credit_controller_authority=1e9
            )
        self.assertNotEqual(other.credit_controller_authority, 1e9)

    def test_the_company_of_a_dialog_can_not_be_exchanged(self):
        other = self.setup_other_company(name="Other")["company"]
        policy = self._policy(self.manager)
        policy.write({"company_id": other.id, "credit_controller_authority": 1e9})
        self.assertEqual(policy.company_id, self.company)
        self.assertNotEqual(other.credit_controller_authority, 1e9)

    def test_nothing_else_of_a_company_is_written(self):
        policy = self._policy(self.manager)
        policy.write({"currency_id": self.env.ref("base.JPY").id})
        self.assertNotEqual(self.company.currency_id, self.env.ref("base.JPY"))

    def test_in_a_branch_it_is_the_policy_of_the_root_company(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self.manager.company_ids += branch
        policies = self.env["credit.policy"].with_user(self.manager)
        policy = policies.with_company(branch).create(
            {"credit_controller_authority": 777.0}
        )
        self.assertEqual(policy.company_id, self.company)
        self.assertEqual(self.company.credit_controller_authority, 777.0)
        self.assertEqual(branch.credit_controller_authority, 777.0)
