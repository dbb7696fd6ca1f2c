from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionBank(CollectionCommon):
    """Runs wait for the bank, and no company waits for another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_bank_days = 3
        cls.bank = cls.company_data["default_journal_bank"]
        cls.debtor = cls._debtor("Debtor", (100.0, 10))

    def _line(self, days, is_reconciled=True):
        """Make a statement line of so many days ago."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.today - timedelta(days=days),
                "payment_ref": "Payment",
                "amount": 10.0,
            }
        )
        if is_reconciled:
            _liquidity, suspense, _others = line._seek_for_lines()
            suspense.account_id = self.company_data["default_account_revenue"]
        return line

    def _reason(self, **values):
        return self._action(self._plan(**values), self.debtor).skip_reason

    def test_a_bank_that_is_reconciled_stands_against_nothing(self):
        self._line(5)
        self._line(3)
        self.assertFalse(self._reason())

    def test_a_line_missing_since_too_long_stops_the_run(self):
        self._line(4)
        self.assertEqual(self._reason(), "bank_not_reconciled")
        run = self._plan()
        self.assertIn(self.bank.name, run.bank_message)

    def test_a_line_that_is_not_reconciled_stops_the_run(self):
        self._line(0)
        open_line = self._line(3, is_reconciled=False)
        self.assertFalse(self._reason())
        open_line.move_id.button_draft()
        open_line.date = self.today - timedelta(days=4)
        open_line.move_id.action_post()
        self.assertEqual(self._reason(), "bank_not_reconciled")

    def test_a_company_that_does_not_want_it_does_not_wait(self):
        self._line(40)
        self.company.collection_bank_days = 0
        self.assertFalse(self._reason())

    def test_a_journal_without_any_line_does_not_count(self):
        self.assertFalse(self._reason())

    def test_a_manager_may_go_on_all_the_same(self):
        self._line(40)
        self.assertFalse(self._reason(is_bank_ignored=True))

    def test_a_hundred_runs_ask_the_bank_as_often_as_one(self):
        self._line(4)
        dates = [self.today + timedelta(days=day) for day in range(100)]
        runs = self.env["collection.run"].create(
            [{"company_id": self.company.id, "date": date} for date in dates]
        )

        def count(some):
            self.env.flush_all()
            some.invalidate_recordset()
            before = self.env.cr.sql_log_count
            messages = some.mapped("bank_message")
            return messages, self.env.cr.sql_log_count - before

        count(runs[:1])  # fills the caches
        _messages, one = count(runs[:1])
        messages, hundred = count(runs)
        # the last line is four days old today, and a day more for each day to come
        self.assertEqual([bool(message) for message in messages], [True] * 100)
        self.assertEqual(hundred, one)

    def test_the_days_are_not_negative(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.company.collection_bank_days = -1
            self.env.flush_all()

    # === NIGHT === #

    def _nightly(self, name="_cron_run"):
        with self._as_job():
            getattr(self.env["collection.run"].sudo(), name)()
        return self.env["collection.run"].search(
            [("company_id", "=", self.company.id), ("is_automatic", "=", True)]
        )

    def test_the_run_of_the_night_waits_for_the_bank(self):
        self._line(4)
        run = self._nightly()
        self.assertEqual(run.state, "planned")
        self.assertEqual(run.action_ids.skip_reason, "bank_not_reconciled")
        self._line(0)
        self.assertEqual(self._nightly("_cron_send"), run)
        self.assertEqual(run.state, "done")
        self.assertEqual(run.action_ids.state, "queued")

    def test_a_company_that_fails_does_not_stop_the_others(self):
        other = self.setup_other_company()["company"]
        plan = type(self.env["collection.run"])._plan

        def fail(run):
            if run.company_id != self.company:
                raise ValueError("No chart of accounts")
            return plan(run)

        with (
            patch.object(type(self.env["collection.run"]), "_plan", fail),
            mute_logger(
                "odoo.addons.credit_collections.models.run.collection_run_batch"
            ),
        ):
            run = self._nightly()
        self.assertEqual(run.state, "done")
        failed = self.env["collection.run"].search([("company_id", "=", other.id)])
        self.assertEqual(failed.state, "draft")
        self.assertIn("No chart of accounts", failed.message_ids[0].body)
