from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestPartnerMerge(CreditCommon):
    """Duplicates of a customer are merged, and no decision is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule("limit_used", limit_share=1.0)
        cls.kept = cls._customer("Kept")
        cls.double = cls._customer("Double", limit=1000.0)

    def _merge(self):
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizards._merge((self.kept + self.double).ids, self.kept, extra_checks=False)
        self.assertFalse(self.double.exists())

    def test_the_profile_of_a_double_becomes_the_one_that_is_kept(self):
        profile = self._profile(self.double)
        self._merge()
        self.assertEqual(profile.partner_id, self.kept)
        self.assertEqual(
            (profile.limit_policy, profile.credit_limit), ("limited", 1000)
        )

    def test_two_profiles_become_one_with_the_holds_of_both(self):
        profile = self._profile(self.kept)
        order = self._order(self.double, 1500.0)
        order.action_confirm()
        hold = order.credit_hold_id
        self._merge()
        self.assertEqual(self._profile(self.kept), profile)
        self.assertEqual(hold.profile_id, profile)
        self.assertEqual(
            (profile.limit_policy, profile.credit_limit), ("limited", 1000)
        )

    def test_the_policy_of_the_one_that_is_kept_goes_before(self):
        profile = self._profile(self.kept)
        profile.limit_policy = "unlimited"
        self._merge()
        self.assertEqual(profile.limit_policy, "unlimited")

    def test_a_customer_on_hold_stays_on_hold(self):
        self._profile(self.kept)
        double = self._profile(self.double)
        double.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_bounced"
        )
        double.action_set_on_hold()
        self._merge()
        self.assertEqual(self._profile(self.kept).credit_status, "orders")

    # === GROUPS AND COLLATERAL === #

    def _group(self, name):
        return self.env["credit.group"].create({"name": name, "credit_limit": 5000.0})

    def test_collateral_and_the_group_of_a_double_go_to_the_one_that_is_kept(self):
        profile = self._profile(self.kept)
        double = self._profile(self.double)
        double.group_id = self._group("Group")
        collateral = self.env["credit.collateral"].create(
            {
                "profile_id": double.id,
                "type_id": self.env.ref(
                    "credit_collections.credit_collateral_type_bank"
                ).id,
                "amount": 100.0,
                "currency_id": double.currency_id.id,
            }
        )
        collateral.action_validate()
        self._merge()
        self.assertEqual(collateral.profile_id, profile)
        self.assertEqual(profile.group_id.name, "Group")
        # 1,000 and 100 of collateral, within 5,000 of the group
        self.assertEqual(profile.effective_limit, 1100.0)

    def test_the_group_of_the_one_that_is_kept_goes_before(self):
        profile = self._profile(self.kept)
        profile.group_id = self._group("Its Own")
        self._profile(self.double).group_id = self._group("Other")
        self._merge()
        self.assertEqual(profile.group_id.name, "Its Own")
