"""No test leaves behind what makes PostgreSQL plan badly for the next ones."""

from odoo.modules.registry import Registry
from odoo.tests import BaseCase, TransactionCase, get_db_name, tagged

from odoo.addons.credit_collections.tests import planner, prepared

ROWS = 3000


def filling(*bases):
    """Return a class that fills a table and analyzes it, as tests of plans do."""

    @tagged("-standard")
    class Filling(*bases):
        def runTest(self):
            raise NotImplementedError

        @classmethod
        def fill(cls):
            cls.env.cr.execute(
                "INSERT INTO credit_group (name, credit_limit, currency_id, active) "
                "SELECT 'No. ' || n, 1000, %s, true FROM generate_series(1, %s) n",
                [cls.env.company.currency_id.id, ROWS],
            )
            cls.env.cr.execute("ANALYZE credit_group")

    return Filling


@tagged("post_install", "-at_install")
class TestPlanner(BaseCase):
    def setUp(self):
        super().setUp()
        planner.clean(["credit_group"])  # others may have left empty pages

    def _one(self, query):
        with Registry(get_db_name()).cursor() as cr:
            cr.execute(query)
            return cr.fetchone()[0]

    def _fill(self, test_class):
        """Let a class run that fills a table; return what is known within it."""
        try:
            test_class.setUpClass()
            test_class.fill()
            return planner.sizes()["credit_group"][0]
        finally:
            test_class.doClassCleanups()

    def _known(self):
        return planner.sizes()["credit_group"]

    def test_what_a_class_analyzed_and_rolled_back_is_forgotten(self):
        before = self._known()
        known = self._fill(filling(planner.SteadyPlanner, TransactionCase))
        self.assertEqual(known, before[0] + ROWS)
        self.assertEqual(self._known(), before)

    def test_postgresql_does_not_forget_by_itself(self):
        """Otherwise the test above would show nothing."""
        before = planner.sizes()
        known = self._fill(filling(TransactionCase))
        rows, pages, real_pages = self._known()
        self.assertEqual(rows, known)
        self.assertEqual(pages, real_pages)
        self.assertGreater(pages, before["credit_group"][1])
        planner.restore(before)
        self.assertEqual(self._known(), before["credit_group"])

    def test_a_table_full_of_what_is_gone_would_be_taken_for_empty(self):
        """Why the pages have to go too: rows that come later would not count."""
        before = planner.sizes()
        self._fill(filling(TransactionCase))
        with Registry(get_db_name()).cursor() as cr:
            cr.execute("ANALYZE credit_group")
        rows, pages, _real_pages = self._known()
        self.assertEqual(rows, before["credit_group"][0])
        self.assertGreater(pages, before["credit_group"][1])
        planner.restore(before)
        self.assertEqual(self._known(), before["credit_group"])

    def test_nobody_counts_rows_while_tests_run(self):
        if not prepared.is_prepared():
            self.skipTest("a database that ./cc test did not make")
        self.assertFalse(
            self._one(
                "SELECT count(*) FROM pg_class WHERE relkind = 'r' "
                "AND relnamespace = 'public'::regnamespace "
                "AND NOT 'autovacuum_enabled=off' = ANY(reloptions)"
            )
        )
