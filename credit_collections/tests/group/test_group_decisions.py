from odoo.fields import Command
from odoo.tests import tagged

from .common import GroupCommon

MANY = 60


@tagged("post_install", "-at_install")
class TestGroupDecisions(GroupCommon):
    """Orders of members take the credit of the group. The first member owes 1,000 of
    the 1,500 that both may owe together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._receivable(cls.first, 1000.0, due_in=5)
        cls.other = cls.setup_other_company(name="Other")["company"]
        cls._set_rates()

    @classmethod
    def _set_rates(cls):
        """One euro is worth two dollars in both companies, whichever is whose."""
        cls.euro = cls.env.ref("base.EUR")
        cls.dollar = cls.company.currency_id
        (cls.euro + cls.dollar).active = True
        cls.other.currency_id = cls.euro
        rates = cls.env["res.currency.rate"]
        rates.search([]).unlink()
        rates.create(
            [
                {
                    "currency_id": cls.euro.id,
                    "name": "2020-01-01",
                    "rate": 0.5,
                    "company_id": cls.company.id,
                },
                {
                    "currency_id": cls.dollar.id,
                    "name": "2020-01-01",
                    "rate": 2.0,
                    "company_id": cls.other.id,
                },
            ]
        )

    def _credit(self, customer, company=None):
        company = company or self.company
        return self.profiles._collect(company, customer.ids)[customer.id]

    # === IN ONE COMPANY === #

    def test_what_a_member_owes_takes_of_the_others_credit(self):
        credit = self._credit(self.second)
        self.assertEqual((credit.limit, credit.exposure), (1500.0, 0.0))
        self.assertEqual(credit.group_exposure, 1000.0)
        self.assertEqual(credit.available, 500.0)

    def test_an_order_within_the_group_passes(self):
        order = self._confirmed(self.second, 500.0)
        self.assertEqual(order.state, "sale")

    def test_an_order_beyond_the_group_is_held_and_says_so(self):
        order = self._confirmed(self.second, 500.01)
        self.assertEqual(order.credit_hold_state, "held")
        line = order.credit_hold_id.line_ids
        self.assertEqual(
            line.message.replace("\xa0", " "),
            "With this order the group Group owes $ 1,500.01, 100 % of the limit of "
            "$ 1,500.00 that its members share (allowed: 100 %). It is $ 0.01 too "
            "much.",
        )
        self.assertEqual(line.missing_amount, 0.01)
        self.assertEqual(order.credit_hold_id.amount_over, 0.01)

    def test_a_member_with_a_lower_limit_of_its_own_has_that(self):
        self._profile(self.second).write(
            {"limit_policy": "limited", "credit_limit": 200.0}
        )
        self.assertEqual(self._confirmed(self.second, 200.0).state, "sale")
        held = self._confirmed(self.second, 1.0)
        self.assertIn("of the limit of", held.credit_hold_id.line_ids.message)
        self.assertNotIn("group", held.credit_hold_id.line_ids.message)

    def test_unlimited_credit_is_unlimited_in_a_group_and_counts_for_the_others(self):
        self._profile(self.second).limit_policy = "unlimited"
        self.assertEqual(self._confirmed(self.second, 5000.0).state, "sale")
        self.assertEqual(self._credit(self.first).group_exposure, 6000.0)

    def test_two_members_ordering_in_one_go_share_what_is_left(self):
        orders = self._order(self.first, 300.0) + self._order(self.second, 300.0)
        orders.action_confirm()
        states = sorted(orders.mapped("state"))
        self.assertEqual(states, ["draft", "sale"])

    def test_members_of_other_groups_do_not_share(self):
        third = self._customer("Third")
        self._group("Other Group", 400.0, third)
        orders = self._order(self.second, 400.0) + self._order(third, 400.0)
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])

    def test_the_panel_tells_that_the_group_leaves_less(self):
        panel = self._order(self.second, 200.0).credit_panel
        self.assertEqual(panel["available"], 500.0)
        self.assertEqual(panel["available_after"], 300.0)
        self.assertEqual(panel["group"], {"name": "Group", "available": 500.0})

    def test_the_panel_is_silent_about_a_group_that_leaves_more(self):
        self._profile(self.second).write(
            {"limit_policy": "limited", "credit_limit": 200.0}
        )
        self.assertFalse(self._order(self.second, 100.0).credit_panel["group"])

    def test_branches_share_the_pot_of_their_root(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        credit = self._credit(self.second, branch)
        self.assertEqual(credit.group_exposure, 1000.0)

    # === IN SEVERAL COMPANIES === #

    def _join_elsewhere(self, customer):
        profile = self._profile(customer, self.other)
        profile.group_id = self.group
        return profile

    def test_what_is_owed_in_another_company_counts_in_ones_own_currency(self):
        # 1,000 dollars here and 100 euros = 200 dollars there
        self._join_elsewhere(self.second)
        self._receivable(self.second, 100.0, company_id=self.other.id)
        self.assertEqual(self._credit(self.first).group_exposure, 1200.0)
        # the other company sees the same in euros: 1,500 dollars, 1,200 dollars
        there = self._credit(self.second, self.other)
        self.assertEqual((there.group_limit, there.group_exposure), (750.0, 600.0))
        self.assertEqual(there.available, 150.0)

    def test_the_stored_figures_of_the_group_are_in_its_currency(self):
        # 1,000 dollars are 500 euros, 100 euros there; 900 may be owed
        self._join_elsewhere(self.second)
        self._receivable(self.second, 100.0, company_id=self.other.id)
        self.group.write({"currency_id": self.euro.id, "credit_limit": 900.0})
        self.profiles._refresh_figures(self.company + self.other)
        self.assertEqual(self.group.exposure, 600.0)
        self.assertEqual(self.group.available_credit, 300.0)
        self.assertAlmostEqual(self.group.limit_used, 2 / 3)
        # 300 euros left are 600 dollars here
        self.assertEqual(self._profile(self.second).available_credit, 600.0)
        self.assertEqual(self._credit(self.second).available, 600.0)

    def test_orders_of_two_companies_in_one_go_share_what_is_left(self):
        # 500 dollars left: 300 pass here, another 300 do not there
        self._join_elsewhere(self.second)
        self._rule("limit_used", limit_share=1.0, company_id=self.other.id)
        here = self._order(self.second, 300.0)
        there = self._order(self.second, 300.0, company_id=self.other.id)
        (here + there).action_confirm()
        self.assertEqual(here.state, "sale")
        self.assertEqual(there.credit_hold_state, "held")

    # === STORED FIGURES === #

    def test_what_a_member_owes_changes_what_is_left_to_the_others(self):
        self.profiles._refresh_figures(self.company)
        second = self._profile(self.second)
        self.assertEqual(second.available_credit, 500.0)
        self._receivable(self.first, 200.0)
        self.profiles._refresh_figures(self.company, self.first.ids)
        self.assertEqual(self.group.exposure, 1200.0)
        self.assertEqual(second.available_credit, 300.0)
        self.assertFalse(self.profiles._refresh_figures(self.company))

    def test_the_group_is_over_its_limit(self):
        self.profiles._refresh_figures(self.company)
        self.group.credit_limit = 800.0
        self.assertEqual(self.group.available_credit, -200.0)
        self.assertEqual(self.group.limit_used, 1.25)
        self.assertEqual(self._profile(self.second).available_credit, -200.0)

    # === SPEED === #

    def _count_decision(self, company, customer):
        collect = self.profiles._collect
        collect(company, customer.ids, lock=True)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        collect(company, customer.ids, lock=True)
        return self.env.cr.sql_log_count - before

    def test_a_decision_takes_two_queries_in_a_group_of_any_size(self):
        few = self._count_decision(self.company, self.second)
        customers = self.env["res.partner"].create(
            [{"name": f"No. {n}", "is_company": True} for n in range(MANY)]
        )
        self._profile(customers).group_id = self.group
        self.assertEqual(self._count_decision(self.company, self.second), few)
        self.assertEqual(few, 2)

    def test_members_in_other_companies_take_one_query_more(self):
        self._join_elsewhere(self.second)
        self.assertEqual(self._count_decision(self.company, self.second), 3)

    def test_many_members_join_at_once(self):
        customers = self.env["res.partner"].create(
            [{"name": f"No. {n}", "is_company": True} for n in range(MANY + 2)]
        )
        profiles = self._profile(customers)
        group = self._group("Big", 1000.0)
        counts = []
        # the first one fills the caches
        for members in (profiles[:1], profiles[1:2], profiles[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            group.write({"profile_ids": [Command.link(one.id) for one in members]})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(group.profile_ids, profiles)
        _first, one, many = counts
        self.assertEqual(many, one)
