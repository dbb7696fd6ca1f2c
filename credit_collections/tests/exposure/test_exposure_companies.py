from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureCompanies(CreditCommon):
    """Each root company has its own pot; its branches share it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._create_company(name="Branch", parent_id=cls.company.id)
        cls.twig = cls._create_company(name="Twig", parent_id=cls.branch.id)
        cls.other = cls.setup_other_company(name="Other")["company"]
        cls.tree = cls.company + cls.branch + cls.twig

    def _switched_to(self, companies):
        """Return profiles as a user sees them who has switched these companies on."""
        return self.profiles.with_context(allowed_company_ids=companies.ids)

    def _in_two_companies(self):
        self._receivable(amount=100.0, due_in=-1)
        self._receivable(amount=30.0, due_in=-1, company_id=self.other.id)
        self._confirmed(amount=50.0)
        self._confirmed(amount=7.0, company_id=self.other.id)

    # === TWO ROOT COMPANIES === #

    def test_each_company_counts_its_own_records(self):
        self._in_two_companies()
        self.assertEqual(self._exposure(), {"overdue": 100.0, "order": 50.0})
        self.assertEqual(
            self._exposure(company=self.other), {"overdue": 30.0, "order": 7.0}
        )

    def test_the_company_switcher_changes_no_figure(self):
        self._in_two_companies()
        both = self.other + self.company
        for active in (self.company, self.other, both, self.branch):
            profiles = self._switched_to(active)
            row = profiles._exposure_map(self.company, self.customer.ids)
            parts = row[self.customer.id]
            self.assertEqual((parts["overdue"], parts["order"]), (100.0, 50.0))

    def test_the_company_switcher_changes_no_stored_figure(self):
        self._in_two_companies()
        here = self._profile(self.customer)
        there = self._profile(self.customer, self.other)
        for active in (self.company, self.other, self.other + self.company):
            self._switched_to(active)._refresh_figures()
            self.assertEqual((here.exposure, there.exposure), (150.0, 37.0))

    def test_both_companies_are_refreshed_in_one_go(self):
        self._in_two_companies()
        here = self._profile(self.customer)
        there = self._profile(self.customer, self.other)
        changed = self.profiles._refresh_figures(self.company + self.other)
        self.assertLessEqual(here + there, changed)

    def test_a_refresh_of_one_company_leaves_the_other_alone(self):
        self._in_two_companies()
        there = self._profile(self.customer, self.other)
        self.profiles._refresh_figures(self.company)
        self.assertEqual(there.exposure, 0.0)

    def test_a_limit_holds_in_its_company_alone(self):
        self._profile(self.customer).write(
            {"limit_policy": "limited", "credit_limit": 500.0}
        )
        here = self.profiles._collect(self.company, self.customer.ids)
        there = self.profiles._collect(self.other, self.customer.ids)
        self.assertEqual(here[self.customer.id].limit, 500.0)
        self.assertIsNone(there[self.customer.id].limit)

    def test_the_same_profile_is_found_whatever_company_is_active(self):
        profile = self._profile(self.customer)
        for active in (self.other, self.branch):
            found = self._switched_to(active)._ensure(self.company, self.customer.ids)
            self.assertEqual(found, profile)

    def test_the_partner_shows_the_profile_of_the_active_company(self):
        here = self._profile(self.customer)
        there = self._profile(self.customer, self.other)
        partner = self.customer.with_company(self.company)
        self.assertEqual(partner.credit_profile_id, here)
        partner = self.customer.with_company(self.other)
        self.assertEqual(partner.credit_profile_id, there)

    # === BRANCHES === #

    def test_branches_share_the_pot_of_their_root_company(self):
        # 100 + 20 + 3 overdue, 50 + 5 ordered
        self._receivable(amount=100.0, due_in=-1)
        self._receivable(amount=20.0, due_in=-1, company_id=self.branch.id)
        self._receivable(amount=3.0, due_in=-1, company_id=self.twig.id)
        self._confirmed(amount=50.0)
        self._confirmed(amount=5.0, company_id=self.twig.id)
        for company in self.tree:
            self.assertEqual(
                self._exposure(company=company), {"overdue": 123.0, "order": 55.0}
            )

    def test_branches_share_one_profile(self):
        profile = self._profile(self.customer)
        self.assertEqual(self._profile(self.customer, self.branch), profile)
        self.assertEqual(self._profile(self.customer, self.twig), profile)

    def test_an_archived_branch_still_has_its_receivables(self):
        self._receivable(amount=20.0, due_in=-1, company_id=self.branch.id)
        self.branch.active = False
        self.assertEqual(self._exposure(), {"overdue": 20.0})

    def test_a_new_branch_is_in_the_pot_at_once(self):
        self._exposure()
        new = self._create_company(name="New", parent_id=self.company.id)
        self._receivable(amount=20.0, due_in=-1, company_id=new.id)
        self.assertEqual(self._exposure(), {"overdue": 20.0})

    def test_a_branch_follows_the_switches_of_its_root_company(self):
        self.company.credit_count_order = False
        self._confirmed(amount=50.0, company_id=self.branch.id)
        self.assertEqual(self._exposure(company=self.branch), {})

    def test_somebody_who_may_open_a_branch_alone_sees_the_whole_pot(self):
        self._receivable(amount=100.0, due_in=-1)
        self._confirmed(amount=5.0, company_id=self.branch.id)
        clerk = self._user("clerk", "sales_team.group_sale_salesman")
        clerk.write(
            {
                "company_ids": [Command.set(self.branch.ids)],
                "company_id": self.branch.id,
            }
        )
        rows = self.profiles.with_user(clerk)._exposure_map(
            self.branch.with_user(clerk), self.customer.ids
        )
        row = rows[self.customer.id]
        self.assertEqual((row["overdue"], row["order"]), (100.0, 5.0))

    def test_a_branch_uses_the_limit_of_its_root_company(self):
        self._profile(self.customer).write(
            {"limit_policy": "limited", "credit_limit": 500.0}
        )
        credit = self.profiles._collect(self.twig, self.customer.ids)
        self.assertEqual(credit[self.customer.id].limit, 500.0)

    def test_the_records_behind_a_figure_include_those_of_branches(self):
        invoice = self._receivable(amount=20.0, due_in=-1, company_id=self.branch.id)
        self._receivable(amount=7.0, due_in=-1, company_id=self.other.id)
        model, domain = self._profile(self.customer)._component_records("overdue")
        self.assertEqual(self.env[model].search(domain).move_id, invoice)

    # === AGE === #

    def test_the_oldest_due_date_is_that_of_the_company(self):
        self._receivable(amount=1.0, due_in=-5)
        self._receivable(amount=1.0, due_in=-50, company_id=self.other.id)
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertEqual(credit[self.customer.id].overdue_days, 5)

    def test_a_branch_can_have_the_oldest_due_item(self):
        self._receivable(amount=1.0, due_in=-5)
        self._receivable(amount=1.0, due_in=-50, company_id=self.twig.id)
        row = self.profiles._exposure_map(self.company, self.customer.ids)
        self.assertEqual(
            row[self.customer.id]["oldest_due"], self.today - timedelta(days=50)
        )

    def test_accounts_of_other_companies_are_not_looked_at(self):
        mine = self.company._credit_pot().account_ids
        theirs = self.other._credit_pot().account_ids
        self.assertTrue(mine)
        self.assertTrue(theirs)
        self.assertFalse(set(mine) & set(theirs))
