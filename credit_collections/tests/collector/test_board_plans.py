import re

from odoo.tests import tagged
from odoo.tools import SQL

from .common import AssignmentCommon

OVERDUE = "credit_profile_board_idx"
COLLECTED = "credit_profile_collected_idx"
MATCHED = "account_partial_reconcile_credit_max_date_idx"
NEWEST = "account_partial_reconcile_pkey"
CUSTOMERS = 400


@tagged("post_install", "-at_install")
class TestBoardPlans(AssignmentCommon):
    """Neither what was paid long ago nor customers who owe nothing are read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customer = cls._customer("Payer")
        cls._payment(customer, 100.0, cls._receivable(customer, 100.0))
        cls.env.flush_all()
        cls.env.cr.execute(
            """
            INSERT INTO account_partial_reconcile
                   (debit_move_id, credit_move_id, amount, max_date)
            SELECT debit_move_id, credit_move_id, amount, max_date - 40
              FROM generate_series(1, 5000), (
                SELECT * FROM account_partial_reconcile ORDER BY id DESC LIMIT 1) last
            """
        )
        cls._owe_to_many()
        cls.env.cr.execute("ANALYZE account_partial_reconcile, credit_profile")

    @classmethod
    def _owe_to_many(cls):
        """Let each of many collectors have a few of hundreds of customers, of whom some
        are overdue and some others have paid."""
        customers = cls._customers([f"No. {number}" for number in range(CUSTOMERS)])
        profiles = cls.profiles._ensure(cls.company, customers.ids)
        cls.env.flush_all()
        cls.env.cr.execute(
            """
            UPDATE credit_profile
               SET overdue_amount = CASE WHEN id %% 7 = 0 THEN 5 END,
                   collected_amount = CASE WHEN id %% 7 = 1 THEN 5 END,
                   collector_id = (SELECT array_agg(id) FROM res_users)[1 + id %% (
                       SELECT count(*) FROM res_users)]
             WHERE id = ANY(%s)
            """,
            [profiles.ids],
        )
        cls.env.invalidate_all()

    def _plan(self, condition="TRUE"):
        board = self.env["collection.board"]._table_query
        statement = SQL(
            "EXPLAIN SELECT * FROM (%s) board WHERE %s", board, SQL(condition)
        )
        return "\n".join(row for (row,) in self.env.execute_query(statement))

    def _plan_of_many(self, condition="TRUE"):
        """Return the plan where there are too many profiles to look at all of them."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        return self._plan(condition)

    def test_matched_items_are_those_since_the_night(self):
        companies = self.env["res.company"].sudo().search([])
        newest = self.env["account.partial.reconcile"].search(
            [], limit=1, order="id desc"
        )
        companies.collected_up_to = newest.id
        plan = self._plan()
        self.assertRegex(plan, rf"{NEWEST} .*\n +Index Cond: .id > {newest.id}\)")
        self.assertNotIn(MATCHED, plan)
        self.assertNotIn("Seq Scan on account_partial_reconcile", plan)

    def test_before_the_first_night_they_are_found_by_their_day(self):
        plan = self._plan()
        self.assertRegex(plan, rf"{MATCHED}.*\n +Index Cond: .max_date")
        self.assertNotIn("Seq Scan on account_partial_reconcile", plan)

    def test_overdue_customers_are_read_from_their_index(self):
        self.assertIn(OVERDUE, self._plan_of_many())

    def test_what_was_collected_until_the_night_is_read_from_its_index(self):
        self.assertIn(COLLECTED, self._plan_of_many())

    def test_the_row_of_one_collector_needs_his_customers_alone(self):
        plan = self._plan_of_many(f"user_id = {self.ann.id}")
        self.assertRegex(
            plan, rf"{OVERDUE}.*\n +Index Cond: .collector_id = {self.ann.id}"
        )
        # and nobody else's customers are looked at on any way
        scans = re.findall(
            r"on credit_profile profile.*\n((?: +(?:Index Cond|Filter): .*\n)+)", plan
        )
        self.assertGreaterEqual(len(scans), 3)
        for conditions in scans:
            self.assertIn(f"collector_id = {self.ann.id}", conditions)
