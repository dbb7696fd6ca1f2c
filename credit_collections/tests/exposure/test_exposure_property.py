from collections import Counter
from contextlib import ExitStack, closing
from unittest.mock import patch

from odoo.tests import tagged

from ...engine.exposure.exposure import COMPONENTS, limit_used, overdue_days
from ...models.collector import collection_assignment_rule, credit_profile_priority
from ...models.events import credit_job_step
from ...models.exposure import credit_profile_figures
from ...models.risk import credit_profile, credit_profile_history
from ...sql.hub import pot
from .common import RandomBusiness

POSTED = ("overdue", "not_due", "unapplied")


@tagged("post_install", "-at_install")
class TestExposureProperty(RandomBusiness):
    """What holds for every customer, whatever was booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.profiles._exposure_map(cls.company)

    def _component(self, customer, name):
        return self.rows.get(customer.id, {}).get(name, 0.0)

    def _sum_of_records(self, profile, name):
        model, domain = profile._component_records(name)
        records = self.env[model].search(domain)
        if model == "sale.order":
            return sum(records.mapped(f"credit_{self._field_of(name)}"))
        if name != "draft":
            return sum(records.mapped("amount_residual"))
        return sum(
            move.currency_id._convert(
                sum(items.mapped("amount_residual_currency")),
                self.company.currency_id,
                self.company,
                self.today,
            )
            for move, items in records.grouped("move_id").items()
        )

    def _field_of(self, name):
        return {"order": "open_amount"}.get(name, f"{name}_amount")

    def test_the_business_is_rich_enough(self):
        found = Counter(
            name for row in self.rows.values() for name in COMPONENTS if row[name]
        )
        counted = self.company._credit_components()
        self.assertGreaterEqual(min(found[name] for name in counted), 5, found)

    def test_the_records_behind_each_component_add_up_to_it(self):
        for profile in self.all_profiles:
            for name in COMPONENTS:
                self.assertAlmostEqual(
                    self._sum_of_records(profile, name),
                    self._component(profile.partner_id, name),
                    2,
                    f"{name} of {profile.partner_id.name}",
                )

    def test_the_posted_parts_are_the_balance_of_the_ledger(self):
        self.env.cr.execute(
            """
            SELECT partner.commercial_partner_id, SUM(line.balance)
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND line.company_id = %s
             GROUP BY 1
            """,
            [self.company.id],
        )
        ledger = dict(self.env.cr.fetchall())
        for customer in self.customers:
            posted = sum(self._component(customer, name) for name in POSTED)
            self.assertAlmostEqual(posted, float(ledger.get(customer.id, 0.0)), 2)

    def test_the_posted_parts_are_what_core_calls_credit(self):
        for customer in self.customers:
            posted = sum(self._component(customer, name) for name in POSTED)
            # core sums up contacts for themselves
            family = customer + customer.child_ids
            self.assertAlmostEqual(posted, sum(family.mapped("credit")), 2)

    def test_an_order_and_its_invoices_come_to_the_total_of_the_order(self):
        confirmed = self.orders.filtered(lambda order: order.state == "sale")
        for order in confirmed:
            invoices = order.invoice_ids.filtered(lambda move: move.state != "cancel")
            invoiced = sum(invoices.mapped("amount_total_in_currency_signed"))
            total = (
                order.credit_open_amount
                + order.credit_delivered_amount
                + order.credit_deposit_amount
                + order._credit_convert(invoiced)
            )
            # each line of each document is rounded for itself
            self.assertAlmostEqual(total, order._credit_total(), delta=0.05)

    def test_one_customer_has_the_figures_of_all_customers(self):
        self._assert_alike()

    def test_one_customer_has_them_where_drafts_do_not_count(self):
        self.company.credit_count_draft = False
        self._assert_alike()

    def test_one_customer_has_them_where_deposits_do_not_count(self):
        self.company.credit_count_deposit = False
        self._assert_alike()

    def test_hour_and_night_in_slices_write_what_is_written_at_once(self):
        whole = self._written_by(self._do_at_once)
        sliced = self._written_by(self._do_in_slices)
        self.assertEqual(sliced, whole)
        for name in (
            "exposure",
            "priority",
            "payer_type",
            "collected_amount",
            "risk_score",
            "next_step_id",
        ):
            found = {row[name] for row in whole.values()}
            self.assertGreater(len(found), 1, name)

    def _do_at_once(self):
        profiles = self.profiles.sudo()
        profiles._create_missing(self.company)
        profiles._refresh_figures(self.company)
        profiles._write_priorities(self.company)
        self.env["collection.assignment.rule"]._assign(self.company)
        profiles._write_history(self.company)
        profiles._write_scores(self.company)
        self.env["collection.segment"]._assign(self.company)
        self.env["collection.assignment.rule"]._assign(self.company)
        everybody = profiles.search([("company_id", "=", self.company.id)])
        everybody._write_next_steps(self.company)
        profiles._write_priorities(self.company)

    def _do_in_slices(self):
        modules = (
            collection_assignment_rule,
            credit_job_step,
            credit_profile_figures,
            credit_profile,
            credit_profile_history,
            credit_profile_priority,
        )
        with ExitStack() as stack:
            stack.enter_context(self._as_job())
            for module in modules:
                stack.enter_context(patch.object(module, "BATCH", 7))
            self.profiles.sudo()._cron_refresh()
            self.profiles.sudo()._cron_assign_segments()
        steps = self.env["credit.job.step"].sudo().search([])
        self.assertEqual(set(steps.mapped("state")), {"done"})

    def _written_by(self, do):
        """Return what is stored of each customer when all was done; take it back."""
        with closing(self.env.cr.savepoint()):
            do()
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT * FROM credit_profile WHERE company_id = %s",
                [self.company.id],
            )
            rows = self.env.cr.dictfetchall()
        return {
            row["partner_id"]: {**row, "id": None, "write_date": None} for row in rows
        }

    def _assert_alike(self):
        """Few customers have a statement of their own, so have some, and all and many
        have another."""
        everybody = self.profiles._exposure_map(self.company)
        with patch.object(pot, "FEW_PARTNERS", 0):
            some = self.profiles._exposure_map(self.company, self.customers.ids)
            with patch.object(pot, "SOME_PARTNERS", 0):
                many = self.profiles._exposure_map(self.company, self.customers.ids)
        for customer in self.customers:
            alone = self.profiles._exposure_map(self.company, customer.ids)
            self.assertEqual(alone.get(customer.id), everybody.get(customer.id))
            self.assertEqual(alone.get(customer.id), some.get(customer.id))
            self.assertEqual(alone.get(customer.id), many.get(customer.id))

    def test_the_stored_figures_of_all_are_those_of_the_statement(self):
        self.profiles._refresh_figures(self.company)
        self._assert_stored(self.all_profiles)

    def test_the_stored_figures_of_one_are_those_of_the_statement(self):
        profile = self.all_profiles[7]
        self.profiles._refresh_figures(self.company, profile.partner_id.ids)
        self._assert_stored(profile)

    def test_a_second_refresh_changes_nothing(self):
        self.profiles._refresh_figures(self.company)
        self.assertFalse(self.profiles._refresh_figures(self.company))

    def _assert_stored(self, profiles):
        """The figures of profiles are those of the statement, and of the engine."""
        for profile in profiles:
            row = self.rows.get(profile.partner_id.id, {})
            for name in COMPONENTS:
                self.assertEqual(profile[f"{name}_amount"], row.get(name, 0.0))
            exposure = sum(row.get(name, 0.0) for name in COMPONENTS)
            limit = profile.effective_limit if profile.is_limited else None
            self.assertAlmostEqual(profile.exposure, exposure, 2)
            self.assertAlmostEqual(
                profile.available_credit, limit - exposure if profile.is_limited else 0
            )
            self.assertAlmostEqual(profile.limit_used, limit_used(limit, exposure))
            oldest = row.get("oldest_due")
            self.assertEqual(profile.oldest_due_date or None, oldest)
            self.assertEqual(profile.overdue_days, overdue_days(oldest, self.today))
