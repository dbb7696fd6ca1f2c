from odoo.tests import tagged

from ..common import CreditCommon

MANY = 100


@tagged("post_install", "-at_install")
class TestExposureQueries(CreditCommon):
    """The figures of a hundred customers cost as many statements as those of one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"No. {n}", "is_company": True} for n in range(MANY)]
        )
        cls.profiles_of_all = cls._profile(cls.customers)
        for customer in cls.customers[:3]:
            cls._receivable(customer, 50.0, due_in=-3)
            cls._confirmed(customer, 20.0)
        cls._receivable(cls.customers[4], 50.0, post=False)

    def _count(self, function, *arguments, **options):
        """Return the number of queries of a call, with warm caches."""
        function(*arguments, **options)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        function(*arguments, **options)
        return self.env.cr.sql_log_count - before

    def _assert_flat(self, function, at_most, **options):
        """One, all of a list and all there are: the same number of queries."""
        one = self._count(function, self.company, self.customers[:1].ids, **options)
        many = self._count(function, self.company, self.customers.ids, **options)
        self.assertEqual(one, many)
        self.assertLessEqual(many, at_most)

    def test_the_statement_is_one_query(self):
        self._assert_flat(self.profiles._exposure_map, 1)

    def test_the_statement_of_everybody_is_one_query(self):
        self.assertEqual(self._count(self.profiles._exposure_map, self.company), 1)

    def test_a_decision_takes_two_queries(self):
        self._assert_flat(self.profiles._collect, 2)

    def test_a_decision_that_locks_takes_two_queries(self):
        self._assert_flat(self.profiles._collect, 2, lock=True)

    def test_a_refresh_is_one_query(self):
        self._assert_flat(self.profiles._refresh_figures, 1)

    def test_a_refresh_of_everybody_is_three_queries(self):
        # put the figures that change aside, write them, clean up
        self.assertEqual(self._count(self.profiles._refresh_figures, self.company), 3)

    def test_a_refresh_that_writes_is_three_queries(self):
        self.profiles._refresh_figures(self.company)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_profile SET exposure = -1 WHERE company_id = %s",
            [self.company.id],
        )
        before = self.env.cr.sql_log_count
        changed = self.profiles._refresh_figures(self.company)
        self.assertEqual(self.env.cr.sql_log_count - before, 3)
        self.assertGreaterEqual(len(changed), MANY)

    def test_profiles_of_many_customers_are_made_at_once(self):
        one, *others = self.env["res.partner"].create(
            [{"name": f"New {n}", "is_company": True} for n in range(MANY + 1)]
        )
        self._profile(self.customer)
        self.env.flush_all()
        counts = []
        for ids in (one.ids, [other.id for other in others]):
            before = self.env.cr.sql_log_count
            self.profiles._ensure(self.company, ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
