from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...hooks import post_init_hook
from ...models.events import credit_job_step
from ...models.exposure import credit_profile_figures
from ..common import CreditCommon

JOB_LOGGER = "odoo.addons.credit_collections.models.events.credit_job_step"
BATCHES = "odoo.addons.credit_collections.tools.batches"


@tagged("post_install", "-at_install")
class TestInstall(CreditCommon):
    """The addon comes into a database with years of data, and limits kept in core."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._create_company(name="Branch", parent_id=cls.company.id)
        cls.owing = cls._customer("Owing")
        cls.ordering = cls._customer("Ordering")
        cls.limited = cls._customer("Limited")
        cls.idle = cls._customer("Idle")
        cls._receivable(cls.owing, 100.0, due_in=-5)
        cls._confirmed(cls.ordering, 50.0)

    def _before_the_install(self, core_limits=(), feature=True):
        """Take the database back to the day before: core's own limits, no profiles.

        :param core_limits: ``[(partner, limit)]`` as core has them
        :param feature: whether core's feature is switched on
        """
        self.company.account_use_credit_limit = feature
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM credit_profile")
        self.env.cr.execute("UPDATE res_partner SET credit_limit = NULL")
        for partner, limit in core_limits:
            self.env.cr.execute(
                """UPDATE res_partner
                      SET credit_limit = jsonb_build_object(%s, %s::numeric)
                    WHERE id = %s""",
                [str(self.company.id), limit, partner.id],
            )
        self.env.invalidate_all()

    def _set_core_default(self, amount):
        self.env["ir.default"].set(
            "res.partner", "credit_limit", amount, company_id=self.company.id
        )

    def _install(self):
        self._hook()
        self._job()

    def _hook(self):
        post_init_hook(self.env(su=True))
        self.env.invalidate_all()

    def _job(self, **options):
        with self._as_job(**options):
            self.profiles.sudo()._cron_refresh()
        self.env.invalidate_all()

    def _waiting(self, **values):
        """Return the steps that are left for the company."""
        steps = self.profiles._get_install_steps()
        waiting = self.env["credit.job.step"].sudo()._find_waiting("install", steps)
        return waiting.filtered(lambda one: one.company_id == self.company)

    def _of(self, partner, company=None):
        """Return the profile of a partner, empty where there is none."""
        return self.profiles.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _policy_of(self, partner):
        profile = self._of(partner)
        return profile.limit_policy, profile.credit_limit

    # === PROFILES === #

    def test_customers_with_receivables_get_a_profile(self):
        self._before_the_install()
        self._install()
        profile = self._of(self.owing)
        self.assertEqual(profile.limit_policy, "default")
        self.assertEqual(profile.exposure, 100.0)
        self.assertEqual(profile.overdue_days, 5)

    def test_customers_with_orders_get_a_profile(self):
        self._before_the_install()
        self._install()
        self.assertEqual(self._of(self.ordering).order_amount, 50.0)

    def test_customers_with_a_limit_alone_get_a_profile(self):
        self._before_the_install([(self.limited, 700)])
        self._install()
        self.assertEqual(self._of(self.limited).effective_limit, 700.0)

    def test_others_get_no_profile(self):
        self._before_the_install()
        self._install()
        self.assertFalse(self._of(self.idle))

    def test_every_root_company_gets_profiles_of_its_own(self):
        other = self.setup_other_company(name="Other")["company"]
        self._receivable(self.owing, 30.0, company_id=other.id)
        self._before_the_install()
        self._install()
        self.assertEqual(self._of(self.owing).exposure, 100.0)
        self.assertEqual(self._of(self.owing, other).exposure, 30.0)
        self.assertFalse(self._of(self.owing, self.branch))

    # === LIMITS OF CUSTOMERS === #

    def test_limits_of_core_are_taken_over(self):
        self._before_the_install([(self.owing, 700)])
        self._install()
        self.assertEqual(self._policy_of(self.owing), ("limited", 700.0))
        self.assertEqual(self._of(self.owing).available_credit, 600.0)

    def test_a_zero_of_one_s_own_is_unlimited_as_it_was_in_core(self):
        self._set_core_default(500.0)
        self._before_the_install([(self.owing, 0)])
        self._install()
        self.assertEqual(self._policy_of(self.owing), ("unlimited", 0.0))

    def test_a_negative_limit_is_unlimited_as_it_was_in_core(self):
        self._before_the_install([(self.owing, -1)])
        self._install()
        self.assertEqual(self._policy_of(self.owing), ("unlimited", 0.0))

    def test_a_policy_that_is_there_already_is_not_overwritten(self):
        """Demo data decides on customers before the take-over does."""
        for policy, limit in (("limited", 900.0), ("unlimited", 0.0), ("none", 0.0)):
            self._before_the_install([(self.owing, 700)])
            profile = self._profile(self.owing)
            self.env.flush_all()
            # past the ORM, which would write the limit into core at once
            self.env.cr.execute(
                """UPDATE credit_profile SET limit_policy = %s, credit_limit = %s
                    WHERE id = %s""",
                [policy, limit, profile.id],
            )
            self._install()
            self.assertEqual(self._policy_of(self.owing), (policy, limit))

    def test_limits_of_core_do_not_bite_where_they_did_not(self):
        self._before_the_install([(self.owing, 700)], feature=False)
        self._install()
        self.assertEqual(self._policy_of(self.owing), ("default", 700.0))
        self.assertFalse(self._of(self.owing).is_limited)

    def test_the_amounts_are_there_for_who_chooses_to_use_them(self):
        self._before_the_install([(self.owing, 700)], feature=False)
        self._install()
        self._of(self.owing).limit_policy = "limited"
        self.assertEqual(self._of(self.owing).effective_limit, 700.0)

    def test_limits_of_contacts_are_not_taken_over(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.idle.id}
        )
        self._before_the_install([(contact, 700)])
        self._install()
        self.assertFalse(self._of(contact))
        self.assertFalse(self._of(self.idle))

    def test_limits_of_core_stay_as_they_were(self):
        self._before_the_install([(self.owing, 700)])
        self._install()
        self.assertEqual(self.owing.credit_limit, 700.0)

    def test_branches_get_the_limits_of_their_root_company(self):
        self._before_the_install([(self.owing, 700)])
        self._install()
        self.assertEqual(self.owing.with_company(self.branch).credit_limit, 700.0)

    # === THE COMPANY'S DEFAULT === #

    def test_the_default_of_core_is_taken_over(self):
        self._set_core_default(500.0)
        self._before_the_install()
        self._install()
        self.assertEqual(self.company.credit_default_policy, "limited")
        self.assertEqual(self.company.credit_default_limit, 500.0)
        self.assertEqual(self._of(self.owing).effective_limit, 500.0)
        self.assertEqual(self._of(self.owing).limit_policy, "default")

    def test_the_default_of_core_does_not_bite_where_it_did_not(self):
        self._set_core_default(500.0)
        self._before_the_install(feature=False)
        self._install()
        self.assertEqual(self.company.credit_default_policy, "unlimited")

    def test_without_a_default_in_core_credit_is_unlimited(self):
        self._before_the_install()
        self._install()
        self.assertEqual(self.company.credit_default_policy, "unlimited")
        self.assertFalse(self._of(self.owing).is_limited)

    # === BETWEEN THE INSTALLATION AND ITS JOB === #

    def test_the_installation_itself_makes_no_profile(self):
        """Core's tables are locked for as long as it takes."""
        self._before_the_install([(self.owing, 700)])
        cron = self.env.ref("credit_collections.ir_cron_refresh")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self._hook()
        self.assertFalse(self.profiles.search([]))
        self.assertTrue(self._waiting())
        self.assertTrue(self.profiles.is_being_filled())
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        )

    def test_the_job_fills_all_that_hour_and_night_do(self):
        self._before_the_install()
        self._hook()
        done = set(self._waiting().mapped("name"))
        asked = self.env["ir.cron.trigger"].search_count
        self._job()
        self.assertFalse(self.profiles.is_being_filled())
        log = self.env["credit.job.step"].sudo().search([("job", "=", "install")])
        # while a job runs, Odoo looks at all rows as they were before it
        left = log.filtered(lambda one: one.state != "done")
        self.assertEqual(left.mapped("name"), ["compact"])
        cron = self.env.ref("credit_collections.ir_cron_refresh")
        self.assertTrue(asked([("cron_id", "=", cron.id)]))
        self._job()
        self.assertEqual(set(log.mapped("state")), {"done"})
        steps = self.profiles._get_hourly_steps() + self.profiles._get_night_steps()
        by_company = {step.name for step in steps if step.unit != "everything"}
        self.assertEqual(done, {"core_limits", *by_company})
        self.assertTrue(self._of(self.owing).segment_id)

    def test_the_default_of_core_counts_at_once(self):
        self._set_core_default(500.0)
        self._before_the_install()
        self._hook()
        self.assertEqual(self.company.credit_default_limit, 500.0)

    def test_a_limit_of_core_counts_for_an_order_at_once(self):
        self._rule("limit_used", limit_share=1.0)
        self._before_the_install([(self.idle, 700), (self.limited, 700)])
        self._hook()
        within = self._order(self.idle, 690.0)
        above = self._order(self.limited, 710.0)
        (within + above).action_confirm()
        self.assertEqual((within.state, above.state), ("sale", "draft"))
        self.assertEqual(self._policy_of(self.limited), ("limited", 700.0))
        self.assertEqual(self._of(self.limited).effective_limit, 700.0)
        self._job()
        self.assertEqual(self._of(self.limited).available_credit, 700.0)

    def test_what_a_manager_decides_before_the_job_stays(self):
        self._before_the_install([(self.owing, 700)])
        self._hook()
        self._profile(self.owing).write({"limit_policy": "default"})
        self._job()
        self.assertEqual(self._of(self.owing).limit_policy, "default")

    def test_the_night_waits_for_the_job(self):
        self._before_the_install()
        self._hook()
        log = self.env["credit.job.step"].sudo()
        log.search([("job", "=", "night")]).unlink()
        with self._as_job():
            self.profiles.sudo()._cron_assign_segments()
        self.assertFalse(log.search([("job", "=", "night")]))
        self._job()
        with self._as_job():
            self.profiles.sudo()._cron_assign_segments()
        self.assertTrue(log.search([("job", "=", "night")]))

    def test_a_job_that_is_cut_off_goes_on(self):
        limits = [(self.idle, 700), (self.limited, 700)]
        self._before_the_install(limits)
        self._hook()
        with (
            patch.object(credit_profile_figures, "BATCH", 1),
            patch.object(credit_job_step, "PATIENCE", 0),
        ):
            # until the first of them has its profile
            self._job(left=lambda: not self._of(self.limited))
            self.assertFalse(self._of(self.idle))
            self.assertIn("core_limits", self._waiting().mapped("name"))
            self._job()
        self.assertEqual(self._policy_of(self.idle), ("limited", 700.0))
        self.assertEqual(self._policy_of(self.limited), ("limited", 700.0))
        self.assertFalse(self._waiting())

    def test_a_step_that_failed_is_done_again_the_day_after(self):
        self._before_the_install([(self.idle, 700)])
        self._hook()
        profiles = type(self.profiles)
        with (
            patch.object(profiles, "_create_limited_in_parts", side_effect=ValueError),
            mute_logger(JOB_LOGGER),
        ):
            self._job()
        self.assertFalse(self._of(self.idle))
        self._job()
        self.assertFalse(self._of(self.idle), "an hour later it would fail as well")
        log = self.env["credit.job.step"].sudo()
        failed = log.search([("job", "=", "install"), ("state", "=", "failed")])
        self.assertEqual(set(failed.mapped("name")), {"core_limits"})
        failed.done_date = fields.Datetime.now() - timedelta(days=1, minutes=1)
        self._job()
        self.assertEqual(self._policy_of(self.idle), ("limited", 700.0))
        self.assertFalse(log.search([("job", "=", "install"), ("state", "!=", "done")]))

    def test_a_backup_that_reads_all_the_time_keeps_no_job_from_its_work(self):
        self._before_the_install()
        self._hook()
        cluster = patch.object(
            type(self.profiles), "_cluster", side_effect=LockNotAvailable("in use")
        )
        self._job()
        with cluster as tried, mute_logger(BATCHES):
            self._job()
        self.assertEqual(tried.call_count, credit_job_step.TRIES)
        self.assertFalse(self.profiles.is_being_filled())
        log = self.env["credit.job.step"].sudo()
        step = log.search([("job", "=", "install"), ("name", "=", "compact")])
        self.assertEqual((step.state, step.error), ("failed", "in use"))
        self._job()
        self.assertTrue(log.search([("job", "=", "hour")]))

    def test_who_may_not_set_limits_does_not_by_core_s_field_before_the_job(self):
        self._before_the_install([(self.owing, 700)])
        self._hook()
        groups = "account.group_account_invoice,base.group_partner_manager"
        clerk = self._user("clerk", groups)
        for partner in (self.owing, self.idle):
            with self.assertRaises(AccessError):
                partner.with_user(clerk).credit_limit = 9000
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(clerk).create(
                {"name": "New", "credit_limit": 9000}
            )
        self._profile(self.owing)
        self.assertEqual(self._policy_of(self.owing), ("limited", 700.0))

    def test_later_core_s_field_decides_on_nobody(self):
        """It is where core keeps what the limit was when a customer was new."""
        self._before_the_install()
        self._install()
        self.env.cr.execute(
            """UPDATE res_partner SET credit_limit = jsonb_build_object(%s, 700)
                WHERE id = %s""",
            [str(self.company.id), self.idle.id],
        )
        self.idle.invalidate_recordset()
        self.assertEqual(self._profile(self.idle).limit_policy, "default")

    # === AGAIN === #

    def _everything(self):
        """Return all that an install writes."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT partner_id, company_id, limit_policy, credit_limit, effective_limit,
                   is_limited, exposure, available_credit, limit_used, overdue_days,
                   figures_date
              FROM credit_profile ORDER BY 1, 2
            """
        )
        profiles = self.env.cr.fetchall()
        self.env.cr.execute(
            """SELECT id, credit_limit FROM res_partner
                WHERE credit_limit IS NOT NULL ORDER BY 1"""
        )
        default = self.company.credit_default_policy, self.company.credit_default_limit
        return profiles, self.env.cr.fetchall(), default

    def _assert_twice_is_once(self):
        self._install()
        once = self._everything()
        self._install()
        self.assertEqual(self._everything(), once)

    def test_a_second_run_changes_nothing(self):
        self._set_core_default(500.0)
        self._before_the_install([(self.owing, 700), (self.limited, 0)])
        self._assert_twice_is_once()

    def test_a_second_run_changes_nothing_where_limits_do_not_bite(self):
        self._set_core_default(500.0)
        self._before_the_install([(self.owing, 700)], feature=False)
        self._assert_twice_is_once()
