"""One change of configuration and several transactions that have kept what it was."""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

DAY = date(2026, 1, 15)


@tagged("post_install", "-at_install")
class TestVersioned(BaseCase):
    """A rate of 2, kept by everybody, that becomes 4.

    Works on committed data, and takes it away afterwards.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # a process of its own: the cursors of other tests share one connection, and saw
        # changes that were never committed
        known = vars(self.registry).pop("_credit_versions", None)
        if known:
            self.addCleanup(vars(self.registry).update, _credit_versions=known)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            self.currency_id = env.ref("base.ISK").id
            self.company_id = env.ref("base.main_company").id
            rate = {"name": "2000-01-01", "rate": 2.0, "company_id": self.company_id}
            rate = env["res.currency.rate"].create(
                {**rate, "currency_id": self.currency_id}
            )
            self.rate_id = rate.id
        self.addCleanup(self._clean_up)
        self._assert_factor(0.5)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            self._env(cr)["res.currency.rate"].browse(self.rate_id).unlink()

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _factor(self, cr):
        """Return what one unit of the currency is worth for this transaction."""
        env = self._env(cr)
        own_id = env["res.company"].browse(self.company_id).currency_id.id
        pairs, _other = env["res.currency"]._credit_factors(
            self.company_id, own_id, DAY
        )
        return dict(pairs)[self.currency_id]

    def _assert_factor(self, factor, cr=None):
        if cr:
            self.assertEqual(self._factor(cr), Decimal(str(factor)))
            return
        with self.registry.cursor() as new:
            self._assert_factor(factor, new)

    def _change(self, cr, rate=4.0):
        self._env(cr)["res.currency.rate"].browse(self.rate_id).rate = rate

    def test_others_see_it_from_the_commit_on(self):
        with self.registry.cursor() as cr:
            self._change(cr)
            self._assert_factor(0.25, cr)
            self._assert_factor(0.5)
            cr.commit()
            self._assert_factor(0.25, cr)
            self._assert_factor(0.25)
        self._assert_factor(0.25)

    def test_nobody_sees_it_after_a_rollback(self):
        with self.registry.cursor() as cr:
            self._change(cr)
            self._assert_factor(0.25, cr)
            cr.rollback()
            self._assert_factor(0.5, cr)
        self._assert_factor(0.5)

    def test_part_of_a_transaction_is_undone(self):
        with self.registry.cursor() as cr:
            self._change(cr, 4.0)
            savepoint = cr.savepoint()
            self._change(cr, 8.0)
            self._assert_factor(0.125, cr)
            savepoint.close(rollback=True)
            self._assert_factor(0.25, cr)
        self._assert_factor(0.25)

    def test_an_old_transaction_does_not_bring_old_values_back(self):
        """Neither one that looks before others know of the change, nor one after."""
        with self.registry.cursor() as early, self.registry.cursor() as late:
            for old in (early, late):
                old.execute("SELECT 1 FROM res_currency_rate LIMIT 1")  # it begins here
            with self.registry.cursor() as cr:
                self._change(cr)
                self._assert_factor(0.25, cr)
                self._assert_factor(0.5, early)
            self._assert_factor(0.5, late)
            self._assert_factor(0.25)
            self._assert_factor(0.5, late)
        self._assert_factor(0.25)

    def test_two_changes_at_once(self):
        """The one that is committed last is seen, though it began first."""
        with self.registry.cursor() as first:
            self._change(first)
            with self.registry.cursor() as second:
                self._env(second)["res.currency.rate"]._credit_forget()
            self._assert_factor(0.5)
        self._assert_factor(0.25)

    def test_another_process_sees_it_with_its_next_signals(self):
        of_this_process = vars(self.registry)
        with patch.dict(of_this_process):
            del of_this_process["_credit_versions"]  # a process of its own
            with self.registry.cursor() as cr:
                self._change(cr)
        self._assert_factor(0.5)
        self.registry.check_signaling()
        self._assert_factor(0.25)

    def test_a_process_that_begins_knows_it(self):
        with self.registry.cursor() as cr:
            self._change(cr)
        with patch.dict(vars(self.registry)):
            del vars(self.registry)["_credit_versions"]
            self._assert_factor(0.25)

    def test_what_is_known_takes_no_query(self):
        with self.registry.cursor() as cr:
            self._change(cr)
        self._assert_factor(0.25)
        with self.registry.cursor() as cr:
            company = self._env(cr)["res.company"].browse(self.company_id)
            own_id = company.currency_id.id
            before = cr.sql_log_count
            company.env["res.currency"]._credit_factors(self.company_id, own_id, DAY)
            self.assertEqual(cr.sql_log_count, before)

    def test_without_the_addon_signals_are_still_read(self):
        """Between the end of its table and the loading of the registry anew."""
        with self.registry.cursor() as cr:
            cr.execute("ALTER TABLE credit_cache_change RENAME TO credit_cache_gone")
            self.registry.get_sequences(cr)
            cr.execute("SELECT 1")
            cr.rollback()
