from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.run import collection_run
from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionRun(CollectionCommon):
    """Who is contacted about what, by which step, and who is not and why."""

    def _one(self, *items, **values):
        customer = self._debtor("Debtor", *items, **values)
        return self._action(self._plan(), customer)

    # === STEPS === #

    def test_the_oldest_item_leads_and_all_overdue_ones_are_listed(self):
        action = self._one((100.0, 12), (50.0, 1), (25.0, 0))
        self.assertEqual(action.step_id.name, "First")
        self.assertEqual([item[0] for item in self._listed(action)], [100.0, 50.0])
        self.assertEqual((action.item_count, action.amount), (2, 150.0))

    def test_nobody_is_contacted_before_the_first_step(self):
        self.assertFalse(self._one((100.0, 4)))

    def test_on_its_day_the_first_step_is_planned(self):
        self.assertEqual(self._one((100.0, 5)).level, 1)

    def test_a_step_that_was_done_is_not_repeated(self):
        customer = self._debtor("Debtor")
        move = self._receivable(customer, 100.0, due_in=-7)
        self._set_level(move, 1)
        self.assertFalse(self._action(self._plan(), customer))

    def test_the_latest_step_is_gone_to_where_the_strategy_says_so(self):
        self.strategy.catch_up = "latest"
        self.assertEqual(self._one((100.0, 30)).step_id.name, "Call")

    def test_a_newer_item_keeps_its_own_level(self):
        self.strategy.catch_up = "latest"
        action = self._one((100.0, 30), (50.0, 6), (20.0, 2))
        self.assertEqual([item[1] for item in self._listed(action)], [3, 1, 0])

    def test_an_item_whose_strategy_has_ended_leaves_the_lead_to_the_next(self):
        customer = self._debtor("Debtor", (50.0, 6))
        self._set_level(self._receivable(customer, 100.0, due_in=-90), 4)
        action = self._action(self._plan(), customer)
        self.assertEqual(action.level, 1)
        self.assertEqual(sorted(item[1] for item in self._listed(action)), [1, 4])

    def test_a_step_before_the_due_date_lists_what_falls_due(self):
        self.strategy.step_ids[0].days = -3
        action = self._one((100.0, -3), (50.0, -4))
        self.assertEqual([item[0] for item in self._listed(action)], [100.0])
        self.assertEqual((action.item_count, action.amount), (1, 100.0))

    def test_instalments_are_reminded_one_by_one(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 60)
                ],
            }
        )
        customer = self._debtor("Debtor")
        self._receivable(
            customer,
            100.0,
            invoice_payment_term_id=term.id,
            invoice_date=self.today - timedelta(days=10),
        )
        action = self._action(self._plan(), customer)
        self.assertEqual([item[0] for item in self._listed(action)], [50.0])

    # === WHY NOT === #

    def _assert_skipped(self, customer, reason):
        action = self._action(self._plan(), customer)
        self.assertEqual((action.state, action.skip_reason), ("skipped", reason))
        self.assertFalse(action.planned_item_ids)

    def test_an_account_in_credit_is_left_alone(self):
        customer = self._debtor("Debtor", (100.0, 10))
        self._payment(customer, 100.0)
        self._assert_skipped(customer, "net_credit")

    def test_unapplied_credit_lowers_the_amount(self):
        customer = self._debtor("Debtor", (100.0, 10))
        self._receivable(customer, -30.0)
        action = self._action(self._plan(), customer)
        self.assertEqual((action.amount, action.credit_amount), (70.0, 30.0))

    def test_excluded_items_are_left_out_until_their_day(self):
        customer = self._debtor("Debtor", (100.0, 10), (50.0, 8))
        item = self._open_items(customer.invoice_ids).filtered("amount_residual")[0]
        item.sudo().collection_excluded_until = self.today + timedelta(days=1)
        action = self._action(self._plan(), customer)
        self.assertEqual(len(action.planned_item_ids), 1)
        item.sudo().collection_excluded_until = self.today
        self.assertEqual(len(self._action(self._plan(), customer).planned_item_ids), 2)

    def test_a_customer_whose_items_are_all_excluded_is_not_forgotten(self):
        customer = self._debtor("Debtor", (100.0, 10))
        self._open_items(customer.invoice_ids).no_followup = True
        self._assert_skipped(customer, "excluded")

    def test_below_the_minimum_nobody_is_contacted(self):
        self.strategy.minimum_amount = 100.0
        self._assert_skipped(self._debtor("Less", (99.99, 10)), "below_minimum")
        enough = self._debtor("Enough", (100.0, 10))
        self.assertEqual(self._action(self._plan(), enough).state, "planned")

    def test_quiet_days_are_kept(self):
        customer = self._debtor("Debtor", (100.0, 10))
        profile = self._profile(customer).sudo()
        profile.last_contact_date = self.today - timedelta(days=4)
        self._assert_skipped(customer, "quiet_days")
        profile.last_contact_date = self.today - timedelta(days=5)
        self.assertEqual(self._action(self._plan(), customer).state, "planned")

    def test_without_an_address_nobody_is_contacted(self):
        self._assert_skipped(self._debtor("D", (100.0, 10), email=False), "no_address")

    def test_customers_not_to_be_contacted_are_not(self):
        customer = self._debtor("Debtor", (100.0, 10))
        self._profile(customer).do_not_contact_until = self.today + timedelta(days=1)
        self._assert_skipped(customer, "do_not_contact")

    def test_customers_in_legal_hands_are_left_to_the_lawyers(self):
        customer = self._debtor("Debtor", (100.0, 10))
        self._profile(customer).is_legal = True
        self._assert_skipped(customer, "legal")

    # === WHO === #

    def test_items_of_contacts_are_in_the_letter_of_their_company(self):
        customer = self._debtor("Debtor", (100.0, 10))
        contact = self._customer("Contact", parent_id=customer.id, is_company=False)
        self._receivable(contact, 50.0, due_in=-8)
        action = self._action(self._plan(), customer)
        self.assertEqual(action.amount, 150.0)

    def test_the_contact_for_invoices_is_written_to(self):
        customer = self._debtor("Debtor", (100.0, 10))
        books = self._customer("Books", parent_id=customer.id, type="invoice")
        books.is_company = False
        self.assertEqual(self._action(self._plan(), customer).partner_id, books)
        books.email = False
        self.assertEqual(self._action(self._plan(), customer).partner_id, customer)

    def test_each_company_writes_about_its_own_items(self):
        other = self.setup_other_company()["company"]
        customer = self._debtor("Debtor", (100.0, 10))
        self._profile(customer, other)
        self.assertEqual(self._action(self._plan(), customer).amount, 100.0)
        self.assertFalse(self._plan(other).action_ids)

    def test_items_of_branches_are_in_the_run_of_their_root(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        customer = self._debtor("Debtor")
        self._receivable(customer, 40.0, due_in=-10, company_id=branch.id)
        self.assertEqual(self._action(self._plan(), customer).amount, 40.0)
        with self.assertRaises(ValidationError):
            self.env["collection.run"].create({"company_id": branch.id})

    def test_credit_in_one_currency_does_not_cover_another(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        customer = self._debtor("Debtor", (100.0, 10))
        self._receivable(customer, 40.0, due_in=-10, currency_id=euro.id)
        self._receivable(customer, -300.0, currency_id=euro.id)
        action = self._about_to_be_done(self._action(self._plan(), customer))
        # EUR 40 = 20, covered by the credit note of EUR 300; the 100 are not
        self.assertEqual((action.credit_amount, action.amount), (20.0, 100.0))
        self.assertEqual(dict(action._get_totals())[euro], 40.0)

    # === THE RUN === #

    def test_planning_again_takes_what_has_changed(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        self._payment(customer, 100.0, customer.invoice_ids)
        run.action_plan()
        self.assertFalse(run.action_ids)

    def test_a_run_that_has_begun_is_neither_planned_again_nor_deleted(self):
        self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        run.action_start()
        with self.assertRaises(UserError):
            run.action_plan()
        with self.assertRaises(UserError):
            run.unlink()

    def test_a_run_of_a_day_to_come_does_not_start(self):
        run = self._plan(date=self.today + timedelta(days=1))
        with self.assertRaises(UserError):
            run.action_start()

    def test_the_form_shows_the_first_actions_alone(self):
        names = [f"Debtor {n}" for n in range(4)]
        debtors = [
            self._debtor(name, (amount, 10))
            for name, amount in zip(names, (100.0, 300.0, 200.0, 400.0), strict=True)
        ]
        run = self._plan()
        self._action(run, debtors[0]).action_drop()
        expected = [debtors[n].id for n in (0, 3, 1, 2)]
        for shown, has_more in ((3, True), (4, False)):
            with (
                self.subTest(shown),
                patch.object(collection_run, "SHOWN", shown),
            ):
                run.invalidate_recordset()
                seen = run.with_user(self.collector)
                customers = seen.shown_action_ids.commercial_partner_id
                self.assertEqual(customers.ids, expected[:shown])
                self.assertEqual(seen.has_more_actions, has_more)

    def test_planning_takes_as_many_statements_for_a_hundred_customers(self):
        def count():
            run = self._plan()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            run._plan()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._debtor("Debtor", (100.0, 10))
        count()
        one = count()
        self._debtors([f"Debtor {n}" for n in range(99)], (100.0, 10))
        self.assertEqual(count(), one)
