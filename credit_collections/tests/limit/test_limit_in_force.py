from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..group.common import GroupCommon


@tagged("post_install", "-at_install")
class TestLimitInForce(GroupCommon):
    """The limit that counts on a day: live for decisions, stored for lists, alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._profile(cls.first)

    def _set(self, policy, limit=0.0):
        self.profile.write({"limit_policy": policy, "credit_limit": limit})

    def _core(self):
        """Return the limit that core knows of the customer."""
        self.first.invalidate_recordset()
        return self.first.with_company(self.company).credit_limit

    # === GROUPS: the five published cases === #

    def test_the_own_limit_is_lower_than_that_of_the_group(self):
        self.group.credit_limit = 15000.0
        self._set("limited", 10000.0)
        self.assertEqual(self._limit(self.first), 10000.0)

    def test_the_limit_of_the_group_is_lower_than_the_own(self):
        self.group.credit_limit = 15000.0
        self._set("limited", 20000.0)
        self.assertEqual(self._limit(self.first), 15000.0)

    def test_no_credit_is_no_credit_in_a_group(self):
        self.group.credit_limit = 15000.0
        self._set("none")
        self.assertEqual(self._limit(self.first), 0.0)

    def test_unlimited_is_unlimited_in_a_group(self):
        self.group.credit_limit = 15000.0
        self._set("unlimited")
        self.assertIsNone(self._limit(self.first))

    def test_without_a_limit_of_its_own_the_group_has_it(self):
        self.group.credit_limit = 15000.0
        self._set("default")
        self.assertEqual(self._limit(self.first), 15000.0)

    def test_the_default_of_the_company_is_not_that_of_members(self):
        self.company.write(
            {"credit_default_policy": "limited", "credit_default_limit": 70.0}
        )
        self.assertEqual(self._limit(self.first), 1500.0)

    def test_who_leaves_the_group_has_the_default_again(self):
        self.profile.group_id = False
        self.assertIsNone(self._limit(self.first))
        self.assertFalse(self._core())

    def test_core_knows_the_limit_of_the_group(self):
        self.assertEqual(self._core(), 1500.0)
        self.group.credit_limit = 900.0
        self.assertEqual(self._core(), 900.0)

    def test_what_core_shows_written_back_is_no_limit_of_ones_own(self):
        self._set("limited", 20000.0)
        self.first.with_company(self.company).credit_limit = 1500.0
        self.assertEqual(self.profile.credit_limit, 20000.0)
        self.first.with_company(self.company).credit_limit = 1499.99
        self.assertEqual(self.profile.credit_limit, 1499.99)

    def test_the_limit_of_the_group_in_another_currency(self):
        # 1,500 euros at 2 euros per dollar = 750 dollars
        euro = self._euro()
        self.group.currency_id = euro
        self.assertEqual(self._limit(self.first), 750.0)

    def _euro(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2020-01-01", "rate": 2.0}
        )
        return euro

    # === TEMPORARY === #

    def test_a_temporary_limit_overrides_in_its_period_and_ends_by_itself(self):
        self._set("limited", 1000.0)
        self._temporary(1200.0, 2, 4, profile_id=self.profile.id)
        # the day before, the first day, the last day, the day after
        expected = {1: 1000.0, 2: 1200.0, 4: 1200.0, 5: 1000.0}
        for day, limit in expected.items():
            with freeze_time(self.today + timedelta(days=day)):
                self.profiles._refresh_figures(self.company)
                self.assertEqual(self._limit(self.first), limit, f"day {day}")
                self.assertEqual(self._core(), limit, f"day {day}")

    def test_a_lower_temporary_limit_counts_too(self):
        self._set("limited", 1000.0)
        self._temporary(300.0, profile_id=self.profile.id)
        self.assertEqual(self._limit(self.first), 300.0)
        self.assertEqual(self.profile.temporary_until, self.today)

    def test_a_temporary_limit_of_zero_allows_nothing(self):
        self._set("unlimited")
        self._temporary(0.0, profile_id=self.profile.id)
        self.assertEqual(self._limit(self.first), 0.0)

    def test_a_temporary_limit_stays_within_the_group(self):
        self._temporary(9000.0, profile_id=self.profile.id)
        self.assertEqual(self._limit(self.first), 1500.0)

    def test_a_temporary_limit_that_is_not_posted_does_not_count(self):
        change = self._temporary(300.0, profile_id=self.profile.id)
        change.sudo().line_ids.state = "approved"
        self.profile._on_limits_changed()
        self.assertEqual(self._limit(self.first), 1500.0)

    def test_a_temporary_limit_of_the_group(self):
        self._temporary(2500.0, group_id=self.group.id)
        self.assertEqual(self._limit(self.first), 2500.0)
        self.assertEqual(self.group.effective_limit, 2500.0)
        with freeze_time(self.today + timedelta(days=1)):
            self.profiles._refresh_figures(self.company)
            self.profiles._refresh_groups()
            self.assertEqual(self._limit(self.first), 1500.0)
            self.assertEqual(self.group.effective_limit, 1500.0)

    def test_a_temporary_limit_of_a_customer_who_follows_the_company(self):
        self.profile.group_id = False
        self._temporary(300.0, profile_id=self.profile.id)
        self.assertEqual(self._core(), 300.0)
        with freeze_time(self.today + timedelta(days=1)):
            self.profiles._refresh_figures(self.company)
            self.assertIsNone(self._limit(self.first))
            self.assertFalse(self._core())

    # === COLLATERAL === #

    def test_collateral_raises_the_limit_by_its_share(self):
        # 100,000 + 50,000 x 50 % = 125,000
        self.profile.group_id = False
        self._set("limited", 100000.0)
        self._collateral(self.first, 50000.0, limit_share=0.5)
        self.assertEqual(self._limit(self.first), 125000.0)
        self.assertEqual(self._core(), 125000.0)

    def test_collateral_stays_within_the_group(self):
        self._set("limited", 1000.0)
        self._collateral(self.first, 400.0)
        self.assertEqual(self._limit(self.first), 1400.0)
        self._collateral(self.first, 400.0)
        self.assertEqual(self._limit(self.first), 1500.0)

    def test_collateral_begins_and_ends_by_itself(self):
        self._set("limited", 1000.0)
        self._collateral(
            self.first,
            400.0,
            date_from=self.today + timedelta(days=2),
            date_to=self.today + timedelta(days=4),
        )
        expected = {1: 1000.0, 2: 1400.0, 4: 1400.0, 5: 1000.0}
        for day, limit in expected.items():
            with freeze_time(self.today + timedelta(days=day)):
                self.profiles._refresh_figures(self.company)
                self.assertEqual(self._limit(self.first), limit, f"day {day}")

    def test_proposed_collateral_does_not_count(self):
        self._set("limited", 1000.0)
        collateral = self._collateral(self.first, 400.0, validate=False)
        self.assertEqual(self._limit(self.first), 1000.0)
        collateral.action_validate()
        self.assertEqual(self._limit(self.first), 1400.0)
        collateral.action_reset()
        self.assertEqual(self._limit(self.first), 1000.0)

    def test_archived_collateral_does_not_count(self):
        self._set("limited", 1000.0)
        self._collateral(self.first, 400.0).active = False
        self.assertEqual(self._limit(self.first), 1000.0)

    def test_collateral_in_another_currency(self):
        # 400 euros at 2 euros per dollar = 200 dollars, 50 % of them
        self._set("limited", 1000.0)
        self._collateral(
            self.first, 400.0, currency_id=self._euro().id, limit_share=0.5
        )
        self.assertEqual(self._limit(self.first), 1100.0)
        self.assertEqual(self.profile.collateral_amount, 200.0)

    def test_collateral_does_not_change_unlimited_credit_or_none(self):
        self._collateral(self.first, 400.0)
        self._set("unlimited")
        self.assertIsNone(self._limit(self.first))
        self._set("none")
        self.assertEqual(self._limit(self.first), 0.0)

    def test_exposure_that_is_not_insured(self):
        self._receivable(self.first, 1000.0)
        self._collateral(self.first, 400.0, limit_share=0.0)
        self.profiles._refresh_figures(self.company)
        self.assertEqual(self.profile.uninsured_amount, 600.0)
        self._collateral(self.first, 700.0)
        self.assertEqual(self.profile.uninsured_amount, 0.0)

    # === EXPIRY === #

    def test_an_expired_limit_does_not_lower_the_limit(self):
        self._set("limited", 1000.0)
        self.profile.limit_expiry_date = self.today - timedelta(days=1)
        self.assertEqual(self._limit(self.first), 1000.0)
        pot = self.company._credit_pot()
        standing = self.profiles._read_standing(
            self.company, self.first.ids, False, pot
        )
        self.assertEqual(
            standing[self.first.id].limit_expiry_date,
            self.today - timedelta(days=1),
        )

    # === IN WORDS === #

    def _origin(self):
        self.profile.invalidate_recordset(["limit_origin"])
        return self.profile.limit_origin.replace("\xa0", " ")

    def test_the_profile_says_where_its_limit_comes_from(self):
        self.assertEqual(self._origin(), "Limit of the group Group: $ 1,500.00")
        self._set("limited", 1000.0)
        self.assertEqual(self._origin(), "Own limit of $ 1,000.00")
        self._collateral(self.first, 100.0)
        self.assertEqual(
            self._origin(), "Own limit of $ 1,000.00 + $ 100.00 collateral"
        )
        self._set("limited", 1600.0)
        self.assertEqual(
            self._origin(),
            "Own limit of $ 1,600.00 + $ 100.00 collateral but the group Group may owe "
            "$ 1,500.00",
        )
        self._set("unlimited")
        self.assertEqual(
            self._origin(), "Unlimited, also beyond the limit of the group"
        )

    def test_the_profile_says_how_long_a_temporary_limit_lasts(self):
        self._temporary(300.0, profile_id=self.profile.id)
        today = fields.Date.to_date(self.today).strftime("%m/%d/%Y")
        self.assertEqual(self._origin(), f"Temporary limit of $ 300.00 until {today}")

    def test_the_profile_says_that_the_company_has_the_limit(self):
        self.profile.group_id = False
        self.assertEqual(self._origin(), "Unlimited by default of the company")
        self.company.write(
            {"credit_default_policy": "limited", "credit_default_limit": 70.0}
        )
        self.assertEqual(self._origin(), "Default of the company: $ 70.00")

    # === AT ANOTHER DATE === #

    def test_the_limit_of_another_day_can_be_asked_for(self):
        self._set("limited", 1000.0)
        self._temporary(1200.0, 2, 4, profile_id=self.profile.id)
        day = self.today + timedelta(days=3)
        credit = self.profiles._collect(self.company, self.first.ids, today=day)
        self.assertEqual(credit[self.first.id].limit, 1200.0)
