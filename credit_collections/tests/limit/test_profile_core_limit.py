from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import SALESPERSON, CreditCommon


@tagged("post_install", "-at_install")
class TestProfileCoreLimit(CreditCommon):
    """Core's credit limit of partners and the profile's agree, in both directions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._create_company(name="Branch", parent_id=cls.company.id)
        cls.other = cls._create_company(name="Other")
        cls.profile = cls._profile(cls.customer)

    def _core(self, company=None, partner=None):
        """Return core's limit of a partner, and whether it is one of its own."""
        partner = (partner or self.customer).with_company(company or self.company)
        return partner.credit_limit, partner.use_partner_credit_limit

    def _default(self, policy, limit=0.0):
        self.company.write(
            {"credit_default_policy": policy, "credit_default_limit": limit}
        )

    def _assert_policy(self, policy, limit, profile=None):
        profile = profile or self.profile
        self.assertEqual((profile.limit_policy, profile.credit_limit), (policy, limit))

    # === FROM THE PROFILE TO CORE === #

    def test_a_limit_is_core_s_limit(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        self.assertEqual(self._core(), (700.0, True))

    def test_a_limit_is_that_of_branches_too(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        self.assertEqual(self._core(self.branch), (700.0, True))

    def test_a_limit_is_not_that_of_other_companies(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        self.assertEqual(self._core(self.other), (0.0, False))

    def test_no_credit_is_the_smallest_limit_that_core_knows(self):
        self.profile.limit_policy = "none"
        self.assertEqual(self._core(), (0.01, True))

    def test_a_limit_of_zero_is_the_smallest_limit_that_core_knows(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 0.0})
        self.assertEqual(self._core(), (0.01, True))

    def test_unlimited_is_core_s_zero(self):
        self._default("limited", 500.0)
        self.profile.limit_policy = "unlimited"
        self.assertEqual(self._core(), (0.0, True))

    def test_back_to_the_default_leaves_no_limit_of_its_own(self):
        self._default("limited", 500.0)
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        self.profile.limit_policy = "default"
        self.assertEqual(self._core(), (500.0, False))
        self.assertEqual(self._core(self.branch), (500.0, False))
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT credit_limit FROM res_partner WHERE id = %s", [self.customer.id]
        )
        self.assertEqual(self.env.cr.fetchone(), (None,))

    def test_the_default_limit_is_core_s_default(self):
        self._default("limited", 500.0)
        stranger = self._customer("Stranger")
        self.assertEqual(self._core(partner=stranger), (500.0, False))
        self.assertEqual(self._core(self.branch, stranger), (500.0, False))
        self.assertEqual(self._core(self.other, stranger), (0.0, False))

    def test_no_credit_by_default_is_the_smallest_default(self):
        self._default("none")
        self.assertEqual(self._core(), (0.01, False))

    def test_unlimited_by_default_is_core_s_zero(self):
        self._default("limited", 500.0)
        self._default("unlimited", 500.0)
        self.assertEqual(self._core(), (0.0, False))

    def test_a_new_branch_gets_the_limits(self):
        self._default("limited", 500.0)
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        new = self._create_company(name="New", parent_id=self.company.id)
        self.assertEqual(self._core(new), (700.0, True))
        stranger = self._customer("Stranger")
        self.assertEqual(self._core(new, stranger), (500.0, False))

    # === FROM CORE TO THE PROFILE === #

    def test_core_s_limit_is_the_customer_s_own(self):
        self.customer.credit_limit = 700.0
        self._assert_policy("limited", 700.0)
        self.assertEqual(self.profile.effective_limit, 700.0)

    def test_a_new_partner_with_a_limit_has_a_profile(self):
        partner = self._customer("New", credit_limit=700.0)
        self._assert_policy("limited", 700.0, partner.credit_profile_id)

    def test_many_limits_are_looked_at_with_as_many_queries_as_one(self):
        partners = self.env["res.partner"].create(
            [
                {"name": f"New {number}", "credit_limit": 700.0 + number % 2}
                for number in range(100)
            ]
        )
        self._assert_policy("limited", 700.0, partners[98].credit_profile_id)
        self._assert_policy("limited", 701.0, partners[99].credit_profile_id)

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._credit_limit_to_profile()
            return self.env.cr.sql_log_count - before

        queries(partners)
        self.assertEqual(queries(partners), queries(partners[:1]))

    def test_a_new_partner_without_a_limit_has_none(self):
        self.assertFalse(self._customer("New").credit_profile_id)

    def test_new_users_and_contacts_with_the_default_limit_are_no_customers(self):
        self._default("limited", 500.0)
        user = self._user("newcomer", "base.group_user")
        # what the form of a contact sends
        contact = self._customer("New", credit_limit=500.0)
        self.assertFalse((user.partner_id + contact).credit_profile_id)

    def test_core_s_zero_is_the_default(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        self.customer.credit_limit = 0.0
        self.assertEqual(self.profile.limit_policy, "default")

    def test_core_s_default_is_the_default(self):
        self._default("limited", 500.0)
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        self.customer.use_partner_credit_limit = False
        self.assertEqual(self.profile.limit_policy, "default")
        self.assertEqual(self._core(), (500.0, False))

    def test_core_s_limit_in_a_branch_is_that_of_the_tree(self):
        self.customer.with_company(self.branch).credit_limit = 700.0
        self._assert_policy("limited", 700.0)
        self.assertEqual(self._core(), (700.0, True))

    def test_core_s_limit_in_another_company_stays_there(self):
        self.customer.with_company(self.other).credit_limit = 700.0
        self._assert_policy("default", 0.0)
        self._assert_policy("limited", 700.0, self._profile(self.customer, self.other))

    def test_core_s_limits_of_many_partners(self):
        partners = self._customer("One") + self._customer("Two")
        partners.write({"credit_limit": 300.0})
        for partner in partners:
            self._assert_policy("limited", 300.0, partner.credit_profile_id)

    def test_only_credit_managers_set_core_s_limit(self):
        clerk = self._user(
            "clerk", "account.group_account_invoice,base.group_partner_manager"
        )
        with self.assertRaises(AccessError):
            self.customer.with_user(clerk).credit_limit = 700.0

    # === CONTACTS LEAVE IT ALONE === #

    def _add_contact(self, user=None):
        partners = self.env["res.partner"].with_user(user or self.env.user)
        return partners.create({"name": "Contact", "parent_id": self.customer.id})

    def test_a_new_contact_leaves_no_credit_as_it_is(self):
        self.profile.write({"limit_policy": "none", "credit_limit": 700.0})
        self._add_contact()
        self._assert_policy("none", 700.0)

    def test_a_new_contact_leaves_unlimited_credit_as_it_is(self):
        self.profile.limit_policy = "unlimited"
        self._add_contact()
        self._assert_policy("unlimited", 0.0)

    def test_a_new_contact_leaves_the_default_as_it_is(self):
        self._default("limited", 500.0)
        self._add_contact()
        self._assert_policy("default", 0.0)

    def test_a_new_contact_leaves_other_companies_as_they_are(self):
        there = self._profile(self.customer, self.other)
        there.write({"limit_policy": "none", "credit_limit": 700.0})
        self._add_contact()
        self._assert_policy("none", 700.0, there)

    def test_a_new_user_has_no_profile(self):
        # users are made with core's default of the limit among their values
        self._default("limited", 500.0)
        self.env["ir.default"].set("res.partner", "credit_limit", 500.0)
        user = self._user("colleague", "base.group_user")
        profiles = self.profiles.with_context(active_test=False)
        self.assertFalse(profiles.search([("partner_id", "=", user.partner_id.id)]))

    def test_a_new_contact_makes_no_profile(self):
        stranger = self._customer("Stranger")
        self.env["res.partner"].create({"name": "C", "parent_id": stranger.id})
        profiles = self.profiles.with_context(active_test=False)
        self.assertFalse(profiles.search([("partner_id", "=", stranger.id)]))

    def test_a_salesperson_may_add_a_contact_to_a_customer_with_a_limit(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        seller = self._user("seller", f"{SALESPERSON},base.group_partner_manager")
        self.assertTrue(self._add_contact(seller))
        self._assert_policy("limited", 700.0)

    def test_a_limit_written_on_a_contact_changes_nothing(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 700.0})
        self._add_contact().credit_limit = 30.0
        self._assert_policy("limited", 700.0)

    def test_a_limit_of_the_company_reaches_its_contacts_in_core(self):
        contact = self._add_contact()
        self.customer.credit_limit = 700.0
        self.assertEqual(self._core(partner=contact)[0], 700.0)
        self._assert_policy("limited", 700.0)
