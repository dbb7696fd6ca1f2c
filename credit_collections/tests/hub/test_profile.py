from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestProfile(CreditCommon):
    """One profile per commercial partner and root company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.customer.id}
        )
        cls.branch = cls._create_company(name="Branch", parent_id=cls.company.id)

    def _of(self, partners):
        """Return the profiles of partners, archived ones too."""
        profiles = self.profiles.with_context(active_test=False)
        return profiles.search([("partner_id", "in", partners.ids)])

    # === WHICH THERE MAY BE === #

    def test_a_profile_follows_the_company_by_default(self):
        profile = self.profiles.create({"partner_id": self.customer.id})
        self.assertEqual(profile.company_id, self.company)
        self.assertEqual(profile.currency_id, self.company.currency_id)
        self.assertEqual(profile.limit_policy, "default")
        self.assertEqual(profile.credit_status, "none")

    def test_a_profile_made_in_a_branch_is_that_of_the_root_company(self):
        profile = self.profiles.with_company(self.branch).create(
            {"partner_id": self.customer.id}
        )
        self.assertEqual(profile.company_id, self.company)

    @mute_logger("odoo.sql_db")
    def test_a_customer_has_no_second_profile_in_a_company(self):
        self.profiles.create({"partner_id": self.customer.id})
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.profiles.create({"partner_id": self.customer.id})

    @mute_logger("odoo.sql_db")
    def test_an_archived_profile_is_the_only_one_too(self):
        self.profiles.create({"partner_id": self.customer.id}).active = False
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.profiles.create({"partner_id": self.customer.id})

    def test_a_contact_gets_no_profile(self):
        with self.assertRaisesRegex(ValidationError, "Contact is a contact of Cust"):
            self.profiles.create({"partner_id": self.contact.id})

    def test_a_profile_is_not_moved_to_a_contact(self):
        profile = self._profile(self.customer)
        with self.assertRaises(ValidationError):
            profile.partner_id = self.contact

    def test_a_branch_gets_no_profile_of_its_own(self):
        with self.assertRaisesRegex(ValidationError, "Branch is a branch"):
            self.profiles.create(
                {"partner_id": self.customer.id, "company_id": self.branch.id}
            )

    @mute_logger("odoo.sql_db")
    def test_a_limit_is_not_negative(self):
        profile = self._profile(self.customer)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            profile.credit_limit = -1.0

    def test_a_profile_goes_with_its_customer(self):
        stranger = self._customer("Stranger")
        profile = self._profile(stranger)
        stranger.unlink()
        self.assertFalse(profile.exists())

    # === MADE SET-WISE === #

    def test_profiles_are_made_where_there_is_none(self):
        others = self._customer("One") + self._customer("Two")
        known = self._profile(self.customer)
        found = self.profiles._ensure(self.company, (self.customer + others).ids)
        self.assertEqual(found.partner_id, self.customer + others)
        self.assertIn(known, found)

    def test_profiles_are_made_once(self):
        first = self._profile(self.customer)
        self.assertEqual(self._profile(self.customer), first)

    def test_an_archived_profile_is_found(self):
        profile = self._profile(self.customer)
        profile.active = False
        self.assertEqual(self._profile(self.customer), profile)

    def test_a_profile_made_set_wise_is_complete(self):
        self.company.write(
            {"credit_default_policy": "limited", "credit_default_limit": 700.0}
        )
        profile = self._profile(self.customer)
        self.assertEqual(profile.limit_policy, "default")
        self.assertEqual(profile.credit_status, "none")
        self.assertEqual(profile.currency_id, self.company.currency_id)
        self.assertEqual(profile.effective_limit, 700.0)
        self.assertTrue(profile.is_limited)
        self.assertTrue(profile.active)

    def test_customers_with_receivables_or_orders_get_profiles(self):
        drafted, ordered, idle = (
            self._customer(name) for name in ("Drafted", "Ordered", "Idle")
        )
        self._receivable(self.contact, 10.0)
        self._receivable(drafted, 10.0, post=False)
        self._confirmed(ordered, 10.0)
        self.profiles._create_missing(self.company)
        everybody = self.customer + self.contact + drafted + ordered + idle
        self.assertEqual(
            self._of(everybody).partner_id, self.customer + drafted + ordered
        )

    def test_vendors_get_no_profile(self):
        vendor = self._customer("Vendor")
        self._receivable(vendor, 10.0, move_type="in_invoice")
        self.profiles._create_missing(self.company)
        self.assertFalse(self._of(vendor))

    # === ON THE PARTNER === #

    def test_a_contact_shows_the_profile_of_its_company(self):
        profile = self._profile(self.customer)
        self.assertEqual(self.contact.credit_profile_id, profile)

    def test_a_partner_without_profile_shows_none(self):
        self.assertFalse(self._customer("Stranger").credit_profile_id)

    def test_partners_are_found_by_their_profile(self):
        profile = self._profile(self.customer)
        found = self.env["res.partner"].search([("credit_profile_id", "=", profile.id)])
        self.assertEqual(found, self.customer + self.contact)

    def test_partners_are_found_by_the_figures_of_their_profile(self):
        self._customer("Small", limit=10.0)
        big = self._customer("Big", limit=1000.0)
        found = self.env["res.partner"].search(
            [("credit_profile_id.effective_limit", ">", 500.0)]
        )
        self.assertIn(big, found)
        self.assertNotIn(self.env.ref("base.main_partner"), found)
        self.assertFalse(found.filtered(lambda partner: partner.name == "Small"))

    def test_partners_without_profile_are_found(self):
        self._profile(self.customer)
        stranger = self._customer("Stranger")
        found = self.env["res.partner"].search([("credit_profile_id", "=", False)])
        self.assertIn(stranger, found)
        self.assertNotIn(self.customer, found)

    def test_partners_with_another_profile_or_none_are_found(self):
        profile = self._profile(self.customer)
        stranger, other = self._customer("Stranger"), self._customer("Other")
        self._profile(other)
        found = self.env["res.partner"].search(
            [("credit_profile_id", "!=", profile.id)]
        )
        self.assertLessEqual(stranger + other, found)
        self.assertNotIn(self.customer, found)

    def test_partners_with_a_profile_are_found(self):
        self._profile(self.customer)
        stranger = self._customer("Stranger")
        found = self.env["res.partner"].search([("credit_profile_id", "!=", False)])
        self.assertIn(self.customer, found)
        self.assertNotIn(stranger, found)

    def test_opening_the_profile_of_a_partner_makes_it(self):
        action = self.contact.action_open_credit_profile()
        profile = self.profiles.browse(action["res_id"])
        self.assertEqual(profile.partner_id, self.customer)

    # === NAMES === #

    def test_a_profile_is_called_like_its_customer(self):
        self.assertEqual(self._profile(self.customer).display_name, "Customer")

    def test_the_company_is_named_where_several_are_active(self):
        other = self._create_company(name="Other")
        profile = self._profile(self.customer).with_context(
            allowed_company_ids=(self.company + other).ids
        )
        self.assertEqual(profile.display_name, f"Customer ({self.company.name})")

    def test_a_branch_beside_its_root_company_is_no_second_company(self):
        profile = self._profile(self.customer).with_context(
            allowed_company_ids=(self.company + self.branch).ids
        )
        self.assertEqual(profile.display_name, "Customer")

    def test_a_profile_is_found_by_the_name_of_its_customer(self):
        profile = self._profile(self._customer("Zanzibar Traders"))
        found = self.profiles.name_search("Zanzibar")
        self.assertEqual([found_id for found_id, _name in found], profile.ids)
