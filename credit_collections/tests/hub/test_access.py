from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...tools.access import (
    COLLECTOR,
    CONTROLLER,
    MANAGER,
    is_allowed,
    is_within_authority,
    require,
)
from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestAccess(CreditCommon):
    """Who may do what."""

    def test_managers_may_what_controllers_and_collectors_may(self):
        env = self.env(user=self.manager.id, su=False)
        for group in (COLLECTOR, CONTROLLER, MANAGER):
            self.assertTrue(is_allowed(env, group))

    def test_salespeople_may_nothing_of_it(self):
        env = self.env(user=self.salesperson.id, su=False)
        self.assertFalse(is_allowed(env, COLLECTOR, CONTROLLER, MANAGER))

    def test_the_system_may_everything(self):
        self.assertTrue(is_allowed(self.env(user=self.salesperson.id, su=True)))

    def test_others_are_refused_with_the_message(self):
        env = self.env(user=self.controller.id, su=False)
        require(env, "Only controllers do.", CONTROLLER)
        with self.assertRaisesRegex(AccessError, "Only managers do."):
            require(env, "Only managers do.", MANAGER)

    def test_controllers_decide_up_to_their_authority(self):
        self.company.credit_controller_authority = 1000.0
        for amount, is_within in ((999.99, True), (1000.0, True), (1000.01, False)):
            found = is_within_authority(self.controller, self.company, amount)
            self.assertEqual(found, is_within, amount)

    def test_less_than_a_cent_above_it_is_within_it(self):
        self.company.credit_controller_authority = 1000.0
        self.assertTrue(is_within_authority(self.controller, self.company, 1000.004))

    def test_managers_decide_on_everything_and_salespeople_on_nothing(self):
        self.company.credit_controller_authority = 1000.0
        self.assertTrue(is_within_authority(self.manager, self.company, 1e9))
        self.assertFalse(is_within_authority(self.salesperson, self.company, 0.0))

    def test_branches_have_the_authority_of_their_root(self):
        self.company.credit_controller_authority = 1000.0
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self.assertTrue(is_within_authority(self.controller, branch, 1000.0))
        self.assertFalse(is_within_authority(self.controller, branch, 1000.01))
