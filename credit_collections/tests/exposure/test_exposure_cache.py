from contextlib import closing
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureCache(CreditCommon):
    """Rates, accounts and policy are kept in the server's cache; the figures follow
    every change of them at once.

    One unit of the company's currency is 2 EUR.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        euros = cls.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": cls.euro.id}
        )
        cls._confirmed(amount=1000.0, pricelist_id=euros.id)

    def setUp(self):
        super().setUp()
        self.assertEqual(self._exposure(), {"order": 500.0})

    def _rate_of_today(self, rate):
        return self.env["res.currency.rate"].create(
            {
                "name": self.today,
                "rate": rate,
                "currency_id": self.euro.id,
                "company_id": self.company.id,
            }
        )

    # === RATES === #

    def test_a_rate_that_comes_in(self):
        self._rate_of_today(4.0)
        self.assertEqual(self._exposure(), {"order": 250.0})

    def test_a_rate_that_is_corrected(self):
        rate = self._rate_of_today(4.0)
        self.assertEqual(self._exposure(), {"order": 250.0})
        rate.rate = 5.0
        self.assertEqual(self._exposure(), {"order": 200.0})

    def test_a_rate_that_is_deleted(self):
        rate = self._rate_of_today(4.0)
        self.assertEqual(self._exposure(), {"order": 250.0})
        rate.unlink()
        self.assertEqual(self._exposure(), {"order": 500.0})

    def test_a_rate_as_good_as_none(self):
        self._rate_of_today(1.0)
        self.assertEqual(self._exposure(), {"order": 1000.0})

    def test_a_rate_of_the_currency_of_the_company(self):
        # 1 own = 2 EUR against a third currency of which 1 unit = 4 own: 1000 / 2 * 4
        self.env["res.currency.rate"].create(
            {
                "name": self.today,
                "rate": 4.0,
                "currency_id": self.company.currency_id.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._exposure(), {"order": 2000.0})

    def test_the_rates_of_another_day(self):
        self._rate_of_today(4.0)
        yesterday = fields.Date.subtract(self.today, days=1)
        for day, amount in ((self.today, 250.0), (yesterday, 500.0)):
            rows = self.profiles._exposure_map(self.company, self.customer.ids, day)
            self.assertEqual(rows[self.customer.id]["order"], amount)

    def test_the_rounding_of_the_currency(self):
        self._rate_of_today(3.0)
        # 1000 / 3 = 333.333…, which 333.35 is closest to in steps of five cents
        self.assertEqual(self._exposure(), {"order": 333.33})
        self.company.currency_id.rounding = 0.05
        self.assertEqual(self._exposure(), {"order": 333.35})

    # === ACCOUNTS AND COMPANIES === #

    def test_an_account_that_becomes_receivable(self):
        account = self.company_data["default_account_receivable"].copy()
        customer = self._customer(
            "On another account", property_account_receivable_id=account.id
        )
        self._receivable(customer, 70.0)
        self.assertEqual(self._exposure(customer), {"not_due": 70.0})

    def test_a_branch_that_is_founded(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self._receivable(amount=70.0, company_id=branch.id)
        self.assertEqual(self._exposure(), {"not_due": 70.0, "order": 500.0})

    # === WHAT IS FORGOTTEN === #

    def _assert_odoo_forgets_nothing(self, change):
        """What Odoo keeps is kept, and what we keep of other models too."""
        self.env.ref("base.main_company")
        self._exposure()
        with patch.object(type(self.registry), "clear_cache") as clear_cache:
            change()
            self.env.flush_all()
        clear_cache.assert_not_called()
        with self.assertQueryCount(0):
            self.env["ir.model.data"]._xmlid_lookup("base.main_company")
            self.company._credit_scope(self.company.id)

    def test_a_rate_makes_odoo_forget_nothing(self):
        self._assert_odoo_forgets_nothing(lambda: self._rate_of_today(4.0))

    def test_an_account_makes_odoo_forget_nothing(self):
        account = self.company_data["default_account_receivable"]

        def change():
            account.write({"account_type": account.account_type})

        self._assert_odoo_forgets_nothing(change)

    def test_payment_terms_make_odoo_forget_nothing(self):
        terms = self.env["account.payment.term"].create({"name": "Soon"})
        days = terms.line_ids

        def change():
            days.nb_days = 3

        self.assertEqual(terms._credit_terms(terms.id).days, 0)
        self._assert_odoo_forgets_nothing(change)
        self.assertEqual(terms._credit_terms(terms.id).days, 3)

    def test_a_change_is_counted_for_its_model_alone(self):
        before = self._changes()
        self._rate_of_today(4.0)
        rates = "res.currency.rate"
        self.assertEqual(self._changes(), before | {rates: before.get(rates, 0) + 1})

    def test_many_changes_are_put_together(self):
        self._rate_of_today(4.0).rate = 5.0
        before = self._changes()
        changes = self.env["credit.cache.change"]
        changes._gc_changes()
        self.assertEqual(self._changes(), before)
        self.assertEqual(changes.search_count([]), len(before))

    def _changes(self):
        groups = self.env["credit.cache.change"]._read_group(
            [], ["model"], ["amount:sum"]
        )
        return dict(groups)

    def test_a_change_that_is_undone(self):
        with closing(self.cr.savepoint()):
            self._rate_of_today(4.0)
            self.assertEqual(self._exposure(), {"order": 250.0})
        self.assertEqual(self._exposure(), {"order": 500.0})

    # === POLICY === #

    def test_a_component_that_no_longer_counts(self):
        self.company.credit_count_order = False
        self.assertEqual(self._exposure(), {})
        self.company.credit_count_order = True
        self.assertEqual(self._exposure(), {"order": 500.0})

    def test_a_horizon_that_is_set(self):
        order = self._confirmed(amount=40.0)
        order.commitment_date = fields.Datetime.add(fields.Datetime.now(), days=20)
        self.assertEqual(self._exposure(), {"order": 540.0})
        self.company.credit_order_horizon_days = 10
        self.assertEqual(self._exposure(), {"order": 500.0})

    # === THE DAY === #

    def test_the_day_is_that_of_the_company_for_every_user(self):
        # 23:30 in London is half past midnight of the next day in Paris, in winter
        self.company.partner_id.tz = "Europe/Paris"
        self.salesperson.tz = "Europe/London"
        company = self.company.with_user(self.salesperson)
        with freeze_time("2024-01-31 23:30:00"):
            for zone in (False, "Europe/London", "Asia/Tokyo"):
                day = company.with_context(tz=zone)._credit_today()
                self.assertEqual(day, fields.Date.to_date("2024-02-01"))

    def test_the_day_of_a_company_without_a_time_zone(self):
        self.company.partner_id.tz = self.company.credit_timezone = False
        self.salesperson.tz = "Asia/Tokyo"
        company = self.company.with_user(self.salesperson)
        with freeze_time("2024-01-31 23:30:00"):
            self.assertEqual(company._credit_today(), fields.Date.to_date("2024-01-31"))
