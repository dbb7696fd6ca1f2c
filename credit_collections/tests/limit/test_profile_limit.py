from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestProfileLimit(CreditCommon):
    """Which limit counts, and what is left of it. The customer owes 600."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._profile(cls.customer)
        cls._receivable(amount=600.0, due_in=5)

    def _default(self, policy, limit=0.0):
        self.company.write(
            {"credit_default_policy": policy, "credit_default_limit": limit}
        )

    def _assert_limit(self, limit, available, used):
        """Check the stored figures and those of a decision, which must agree."""
        profile = self.profile
        self.assertEqual(profile.is_limited, limit is not None)
        self.assertEqual(profile.effective_limit, limit or 0.0)
        self.assertEqual(profile.available_credit, available or 0.0)
        self.assertAlmostEqual(profile.limit_used, used)
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertEqual(credit[self.customer.id].limit, limit)
        self.assertEqual(credit[self.customer.id].available, available)

    # === THE CUSTOMER'S OWN POLICY === #

    def test_limited(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        self._assert_limit(1000.0, 400.0, 0.6)

    def test_limited_to_what_is_owed(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 600.0})
        self._assert_limit(600.0, 0.0, 1.0)

    def test_a_limit_may_be_lowered_below_what_is_owed(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        self.profile.credit_limit = 400.0
        self._assert_limit(400.0, -200.0, 1.5)

    def test_a_limit_of_zero_is_no_credit(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 0.0})
        self._assert_limit(0.0, -600.0, 10.0)

    def test_unlimited(self):
        self.profile.write({"limit_policy": "unlimited", "credit_limit": 1000.0})
        self._assert_limit(None, None, 0.0)

    def test_no_credit(self):
        self.profile.write({"limit_policy": "none", "credit_limit": 1000.0})
        self._assert_limit(0.0, -600.0, 10.0)

    def test_no_credit_and_nothing_owed(self):
        stranger = self._profile(self._customer("Stranger"))
        stranger.limit_policy = "none"
        self.assertEqual(stranger.limit_used, 0.0)
        self.assertEqual(stranger.available_credit, 0.0)

    def test_a_customer_in_credit_with_us_uses_nothing_and_may_buy_more(self):
        # 600 owed, 700 paid: 100 may be bought beyond the limit
        self._payment(amount=700.0)
        self.profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        self._assert_limit(1000.0, 1100.0, 0.0)

    # === THE COMPANY'S DEFAULT === #

    def test_the_default_is_unlimited_out_of_the_box(self):
        self._assert_limit(None, None, 0.0)

    def test_the_default_limit(self):
        self._default("limited", 800.0)
        self._assert_limit(800.0, 200.0, 0.75)

    def test_the_default_limit_follows_its_changes(self):
        self._default("limited", 800.0)
        self.company.credit_default_limit = 1200.0
        self._assert_limit(1200.0, 600.0, 0.5)

    def test_the_default_of_a_company_with_branches(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self._default("limited", 800.0)
        self._assert_limit(800.0, 200.0, 0.75)
        self.assertEqual(branch.credit_default_limit, 800.0)

    def test_no_credit_by_default(self):
        self._default("none", 800.0)
        self._assert_limit(0.0, -600.0, 10.0)

    def test_back_to_unlimited_by_default(self):
        self._default("limited", 800.0)
        self._default("unlimited", 800.0)
        self._assert_limit(None, None, 0.0)

    def test_the_default_leaves_customers_with_a_limit_alone(self):
        self.profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        self._default("limited", 800.0)
        self._assert_limit(1000.0, 400.0, 0.6)

    def test_a_customer_sent_back_to_the_default(self):
        self._default("limited", 800.0)
        self.profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        self.profile.limit_policy = "default"
        self._assert_limit(800.0, 200.0, 0.75)

    def test_a_customer_who_never_had_a_profile_has_the_default(self):
        self._default("limited", 800.0)
        stranger = self._customer("Stranger")
        credit = self.profiles._collect(self.company, stranger.ids)
        self.assertEqual(credit[stranger.id].limit, 800.0)

    def test_a_new_profile_knows_what_is_owed_already(self):
        stranger = self._customer("Stranger")
        self._receivable(stranger, 50.0)
        profile = self.profiles.create(
            {
                "partner_id": stranger.id,
                "limit_policy": "limited",
                "credit_limit": 200.0,
            }
        )
        self.assertEqual(profile.exposure, 50.0)
        self.assertEqual(profile.available_credit, 150.0)

    # === ON RECORD === #

    def test_a_change_of_the_limit_is_on_record(self):
        profile = self.profile.with_context(tracking_disable=False, mail_notrack=False)
        profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        self.env.flush_all()
        self.env.cr.flush()
        tracked = profile.message_ids.tracking_value_ids
        by_field = {value.field_id.name: value for value in tracked}
        self.assertEqual(by_field["limit_policy"].new_value_char, "Limited")
        self.assertEqual(by_field["credit_limit"].new_value_float, 1000.0)

    def test_a_change_of_the_figures_is_not_on_record(self):
        profile = self.profile.with_context(tracking_disable=False, mail_notrack=False)
        before = profile.message_ids
        profile._refresh_figures(self.company)
        self.env.flush_all()
        self.env.cr.flush()
        self.assertEqual(profile.message_ids, before)
