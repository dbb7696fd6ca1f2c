from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import freeze_time, tagged

from ...models.events import credit_job_step
from ...tools import planner
from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestProfileFigures(CreditCommon):
    """The stored figures: what a refresh writes, and when there is one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._profile(cls.customer)
        cls.profile.write({"limit_policy": "limited", "credit_limit": 1000.0})

    def _refresh(self, company=None, partners=None):
        return self.profiles._refresh_figures(
            company or self.company, partners and partners.ids
        )

    def _run_cron(self):
        with self._as_job():
            self.profiles.sudo()._cron_refresh()

    # === WHAT IS WRITTEN === #

    def test_all_figures_of_a_customer(self):
        # 100 + 90 - 30 + 20 + 200 - 40 = 340 of 1000
        self._receivable(amount=100.0, due_in=-5)
        self._receivable(amount=50.0, due_in=5)
        self._payment(amount=30.0)
        self._receivable(amount=20.0, post=False)
        self._down_payment(self._confirmed(amount=200.0), amount=40.0)
        self._refresh()
        profile = self.profile
        self.assertEqual(profile.overdue_amount, 100.0)
        self.assertEqual(profile.not_due_amount, 90.0)
        self.assertEqual(profile.unapplied_amount, -30.0)
        self.assertEqual(profile.draft_amount, 20.0)
        self.assertEqual(profile.order_amount, 200.0)
        self.assertEqual(profile.deposit_amount, -40.0)
        self.assertEqual(profile.exposure, 340.0)
        self.assertEqual(profile.available_credit, 660.0)
        self.assertAlmostEqual(profile.limit_used, 0.34)
        self.assertEqual(profile.overdue_days, 5)
        self.assertEqual(profile.oldest_due_date, self.today - timedelta(days=5))
        self.assertTrue(profile.figures_date)

    def test_what_was_paid_is_gone(self):
        invoice = self._receivable(amount=100.0, due_in=-5)
        self._refresh()
        self._payment(amount=100.0, invoices=invoice)
        self._refresh()
        self.assertEqual(self.profile.exposure, 0.0)
        self.assertEqual(self.profile.available_credit, 1000.0)
        self.assertEqual(self.profile.limit_used, 0.0)
        self.assertEqual(self.profile.overdue_days, 0)
        self.assertFalse(self.profile.oldest_due_date)

    def test_an_invoice_gets_overdue_by_time_alone(self):
        self._receivable(amount=100.0, due_in=5)
        self._refresh()
        self.assertEqual(self.profile.overdue_amount, 0.0)
        with freeze_time(self.today + timedelta(days=8)):
            self._refresh()
        self.assertEqual(self.profile.overdue_amount, 100.0)
        self.assertEqual(self.profile.overdue_days, 3)

    # === WHAT IS LEFT ALONE === #

    def test_only_profiles_that_change_are_written(self):
        self._receivable(amount=100.0)
        other = self._profile(self._customer("Other"))
        self._refresh()
        self._receivable(other.partner_id, 50.0)
        self.assertEqual(self._refresh(), other)

    def test_a_refresh_without_news_writes_nothing(self):
        self._receivable(amount=100.0)
        self._refresh()
        self.profile.sudo().figures_date = "2000-01-01"
        self.assertFalse(self._refresh())
        self.assertEqual(
            self.profile.figures_date, fields.Datetime.to_datetime("2000-01-01")
        )

    def test_a_refresh_of_one_customer_leaves_others_alone(self):
        other = self._profile(self._customer("Other"))
        self._receivable(amount=100.0)
        self._receivable(other.partner_id, 50.0)
        self._refresh(partners=self.customer)
        self.assertEqual((self.profile.exposure, other.exposure), (100.0, 0.0))

    def test_a_refresh_of_nobody_writes_nothing(self):
        self._receivable(amount=100.0)
        self.assertFalse(self._refresh(partners=self.env["res.partner"]))
        self.assertEqual(self.profile.exposure, 0.0)

    def test_a_refresh_leaves_no_trace_on_the_partner(self):
        self._receivable(amount=100.0)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT write_date, xmin FROM res_partner WHERE id = %s", [self.customer.id]
        )
        before = self.env.cr.fetchone()
        self._refresh()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT write_date, xmin FROM res_partner WHERE id = %s", [self.customer.id]
        )
        self.assertEqual(self.env.cr.fetchone(), before)

    # === WHEN === #

    def test_opening_a_profile_brings_it_up_to_date(self):
        self._receivable(amount=100.0)
        self.assertEqual(self.profile.exposure, 0.0)
        (shown,) = self.profile.web_read({"exposure": {}, "available_credit": {}})
        self.assertEqual(shown["exposure"], 100.0)
        self.assertEqual(shown["available_credit"], 900.0)

    def test_opening_a_profile_shows_a_picture_up_to_date(self):
        self._receivable(amount=100.0, due_in=5)
        (shown,) = self.profile.web_read({"exposure": {}, "exposure_picture": {}})
        picture = shown["exposure_picture"]
        amounts = {part["name"]: part["amount"] for part in picture["parts"]}
        self.assertEqual(amounts["not_due"], 100.0)
        self.assertEqual(picture["limit"], 1000.0)
        self.assertEqual(picture["exposure"], 100.0)

    def test_a_list_of_profiles_shows_what_is_stored(self):
        self._receivable(amount=100.0)
        both = self.profile + self._profile(self._customer("Other"))
        shown = both.web_read({"exposure": {}})
        self.assertEqual([row["exposure"] for row in shown], [0.0, 0.0])

    def test_opening_a_profile_is_no_work_for_a_read_only_replica(self):
        self.assertFalse(type(self.profiles).web_read._readonly)

    def test_a_salesperson_who_opens_a_profile_brings_it_up_to_date(self):
        self._receivable(amount=100.0)
        profile = self.profile.with_user(self.salesperson)
        (shown,) = profile.web_read({"exposure": {}})
        self.assertEqual(shown["exposure"], 100.0)

    def test_the_button_brings_profiles_up_to_date(self):
        self._receivable(amount=100.0)
        self.profile.with_user(self.salesperson).action_refresh()
        self.assertEqual(self.profile.exposure, 100.0)

    # === NIGHTLY === #

    def test_the_cron_brings_profiles_up_to_date(self):
        self._receivable(amount=100.0)
        self._run_cron()
        self.assertEqual(self.profile.exposure, 100.0)

    def test_the_cron_makes_profiles_of_new_customers(self):
        stranger = self._customer("Stranger")
        self._receivable(stranger, 100.0)
        self._run_cron()
        self.assertEqual(stranger.credit_profile_id.exposure, 100.0)

    def _counted(self):
        """Return how many profiles PostgreSQL plans for, and how many there are."""
        self.env.cr.execute(
            """SELECT reltuples, (SELECT COUNT(*) FROM credit_profile)
                 FROM pg_class WHERE oid = 'credit_profile'::regclass"""
        )
        return self.env.cr.fetchone()

    def test_many_new_profiles_are_counted_at_once(self):
        for number, few in enumerate((True, False)):
            strangers = self._customers([f"{number}.{n}" for n in range(3)])
            for stranger in strangers:
                self._receivable(stranger, 100.0)
            with patch.object(planner, "ANALYZE_FROM", 4 if few else 3):
                self._run_cron()
            planned, known = self._counted()
            with self.subTest(few=few):
                self.assertEqual(planned == known, not few)

    def test_the_cron_leaves_a_busy_company_for_the_next_run(self):
        self._receivable(amount=100.0)
        busy = self._create_company(name="Busy")
        self._profile(self.customer, busy)
        refresh = type(self.profiles)._refresh_figures

        def refresh_figures(profiles, companies=None, partner_ids=None):
            if companies == busy:
                raise SerializationFailure
            return refresh(profiles, companies, partner_ids)

        with (
            patch.object(type(self.profiles), "_refresh_figures", refresh_figures),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            self._run_cron()
        self.assertEqual(rollback.call_count, credit_job_step.TRIES)
        self.assertEqual(self.profile.exposure, 100.0)
        waiting = self.env["credit.job.step"].search(
            [("job", "=", "hour"), ("state", "=", "open")]
        )
        self.assertEqual(waiting.company_id, busy)
