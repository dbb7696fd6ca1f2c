from collections import Counter
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ...sql import group as statements
from ...sql.exposure.exposure import exposure
from ..exposure.common import RandomBusiness

LEFTOVER = 250.0
ENOUGH = 10**9
#: As few members, as some, as many.
WAYS = ((ENOUGH, ENOUGH), (0, ENOUGH), (0, 0))


@tagged("post_install", "-at_install")
class TestGroupSums(RandomBusiness):
    """What members owe together is the sum of what each of them owes, to the cent,
    whichever way PostgreSQL reads it."""

    size = 0.4

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Other")["company"]
        cls.other.currency_id = cls.euro
        for number, customer in enumerate(cls.customers[5:35], start=1):
            cls._receivable(
                customer, 100.01 * number, due_in=-number, company_id=cls.other.id
            )
        cls.one, cls.two = cls.env["credit.group"].create(
            [{"name": "One", "credit_limit": 1e6}, {"name": "Two", "credit_limit": 1e6}]
        )
        cls._profile(cls.customers[:15]).group_id = cls.one
        cls._profile(cls.customers[15:30]).group_id = cls.two
        cls._profile(cls.customers[5:10], cls.other).group_id = cls.one
        cls._profile(cls.customers[3], cls.company).active = False
        cls.member, cls.loner = cls.customers[7], cls.customers[33]

    @contextmanager
    def _read_as(self, few, some):
        """Take no more than so many members for few, and for some."""
        with (
            self.subTest(few=few, some=some),
            patch.object(statements, "FEW_PARTNERS", few),
            patch.object(statements, "SOME_PARTNERS", some),
        ):
            yield

    def _rows(self, company, customers, **options):
        """Return what each customer owes, how much of it is late, and the whole row."""
        pot = company._credit_pot()
        rows = self.env.execute_query(exposure(pot, customers.ids, **options))
        return {
            partner_id: (sum(values[: len(pot.columns)]), values[-2], values)
            for partner_id, *values in rows
        }

    def _assert_sums(self, company, groups, orders=()):
        """Compare sums of groups and the rows of those who are asked for with the row
        of each customer."""
        pot = company._credit_pot()
        options = {"without_orders": orders, "leftover": LEFTOVER}
        each = self._rows(company, self.customers, **options)
        sizes = {group.id: len(members) for group, members in groups.items()}
        asked = {self.member.id: self.one.id, self.loner.id: False}
        found = Counter()
        own = {}
        for group_id, partner_id, *values in self.env.execute_query(
            statements.exposure_of_members(pot, sizes, asked, **options)
        ):
            found[group_id] += sum(values[: len(pot.columns)])
            if partner_id:
                own[partner_id] = values
        together = {
            group_id: (amount, late)
            for company_id, group_id, amount, late in self.env.execute_query(
                statements.owed_by_groups([(pot, sizes)], **options)
            )
        }
        for group, members in groups.items():
            rows = [each[one.id] for one in members if one.id in each]
            owed, late = (sum(column) for column in list(zip(*rows, strict=True))[:2])
            self.assertTrue(owed and late)
            self.assertAlmostEqual(found[group.id], owed, 6)
            self.assertAlmostEqual(together[group.id][0], owed, 6)
            self.assertAlmostEqual(together[group.id][1], late, 6)
        for customer in (self.member, self.loner):
            self.assertEqual(own[customer.id], each[customer.id][2])

    def test_sums_are_those_of_the_rows(self):
        groups = {self.one: self.customers[:15], self.two: self.customers[15:30]}
        for way in WAYS:
            with self._read_as(*way):
                self._assert_sums(self.company, groups)

    def test_sums_where_a_small_group_is_beside_a_big_one(self):
        self._profile(self.customers[2:15]).group_id = False
        groups = {self.one: self.customers[:2], self.two: self.customers[15:30]}
        self._profile(self.member).group_id = self.one
        groups[self.one] += self.member
        with self._read_as(few=5, some=ENOUGH):
            self._assert_sums(self.company, groups)

    def test_sums_where_not_all_counts(self):
        groups = {self.one: self.customers[:15], self.two: self.customers[15:30]}
        for name in ("not_due", "draft", "deposit"):
            self.company[f"credit_count_{name}"] = False
            for way in WAYS:
                with self._read_as(*way):
                    self._assert_sums(self.company, groups)

    def test_sums_without_orders(self):
        orders = self.orders[::2].ids
        groups = {self.one: self.customers[:15]}
        for way in WAYS:
            with self._read_as(*way):
                self._assert_sums(self.company, groups, orders)

    def test_sums_of_another_company(self):
        for way in WAYS:
            with self._read_as(*way):
                self._assert_sums(self.other, {self.one: self.customers[5:10]})

    def test_decisions_are_the_same_each_way(self):
        orders = self.orders.ids[::3]
        here, there = (
            sum(
                owed
                for owed, *_more in self._rows(
                    company, members, without_orders=orders
                ).values()
            )
            for company, members in (
                (self.company, self.customers[:15]),
                (self.other, self.customers[5:10]),
            )
        )
        # the group's limit is in the currency of the first company
        rate = self.other._credit_pot().worth(self.company.currency_id.id)
        expected = here + there / float(rate)
        for way in WAYS:
            with self._read_as(*way):
                credits = self.profiles._collect(
                    self.company,
                    (self.member + self.loner).ids,
                    without_orders=orders,
                )
                self.assertAlmostEqual(
                    credits[self.member.id].group_exposure, expected, 2
                )
                self.assertEqual(credits[self.loner.id].group_exposure, 0.0)

    def test_what_the_form_shows_is_the_same_each_way(self):
        self.profiles._refresh_figures(self.company + self.other)
        self.one._refresh_figures()
        for way in WAYS:
            with self._read_as(*way):
                figures = self.one._get_live_figures()
                for name in ("exposure", "overdue_amount"):
                    self.assertAlmostEqual(figures[name], self.one[name], 2, name)
