from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ...models.risk import credit_profile_history
from .common import AssignmentCommon


@tagged("post_install", "-at_install")
class TestCollectionBoard(AssignmentCommon):
    """Load and results per collector, in the currency of each company."""

    def _row(self, user, company=None):
        self.env.flush_all()
        self.env.invalidate_all()
        company = company or self.company
        return self.env["collection.board"].search(
            [("user_id", "=", user.id), ("company_id", "=", company.id)]
        )

    # === LOAD === #

    def test_customers_and_overdue_amounts_are_summed(self):
        self._overdue("One", 100.0, self.ann)
        self._overdue("Two", 50.5, self.ann)
        paid = self._profile(self._customer("Paid"))
        paid.collector_id = self.ann
        row = self._row(self.ann)
        self.assertEqual(row.customer_count, 2)
        self.assertEqual(row.overdue_amount, 150.5)
        self.assertEqual(row.oldest_days, 10)
        self.assertEqual(row.currency_id, self.company.currency_id)

    def test_the_use_of_the_capacity_is_shown(self):
        self._member(self.ann).capacity = 4
        self._overdue("One", collector=self.ann)
        row = self._row(self.ann)
        self.assertEqual((row.capacity, row.capacity_used), (4, 0.25))
        self.assertFalse(self._row(self.ben).is_limited)

    def test_the_capacity_is_used_by_customers_of_all_companies(self):
        other = self.setup_other_company(name="Other")["company"]
        self.ann.company_ids += other
        self._member(self.ann).capacity = 4
        self._overdue("One", collector=self.ann)
        abroad = self.profiles._ensure(other, self._customer("Two").ids)
        abroad.sudo().write({"overdue_amount": 5.0, "collector_id": self.ann.id})
        row = self._row(self.ann)
        self.assertEqual((row.customer_count, row.capacity_used), (1, 0.5))

    def test_members_without_customers_and_customers_without_collector_have_rows(self):
        self._overdue("Nobody's", 70.0)
        self.assertEqual(self._row(self.ben).customer_count, 0)
        self.assertEqual(self._row(self.ben).team_id, self.team)
        self.assertEqual(self._row(self.env["res.users"]).overdue_amount, 70.0)

    def test_who_was_not_contacted_for_long_is_counted(self):
        # 14 days allowed: 14 days ago is fine, 15 is not, never is not
        self.company.collection_silence_days = 14
        profiles = [self._overdue(f"C{n}", collector=self.ann) for n in range(3)]
        for profile, days in zip(profiles, (14, 15), strict=False):
            day = self.today - timedelta(days=days)
            profile.sudo().last_contact_date = day
        self.assertEqual(self._row(self.ann).not_contacted_count, 2)
        found = self.profiles.search(
            [("is_silent", "=", True), ("collector_id", "=", self.ann.id)]
        )
        self.assertEqual(found, profiles[1] + profiles[2])
        self.assertEqual([one.is_silent for one in profiles], [False, True, True])

    # === RESULTS === #

    def _paid(self, due_in, day, amount=100.0, **values):
        customer = self._customer("Payer")
        invoice = self._receivable(customer, 100.0, due_in=due_in)
        self._profile(customer).sudo().collector_id = self.ann
        self._payment(
            customer, amount, invoice, date=self.today + timedelta(days=day), **values
        )
        return self._row(self.ann).collected_amount

    def test_money_for_overdue_items_counts(self):
        self.assertEqual(self._paid(due_in=-10, day=0, amount=40.0), 40.0)

    def test_money_in_time_does_not_count(self):
        self.assertEqual(self._paid(due_in=-10, day=-10), 0.0)

    def test_money_one_day_late_counts(self):
        self.assertEqual(self._paid(due_in=-10, day=-9), 100.0)

    def test_money_of_thirty_days_ago_does_not_count_any_more(self):
        self.assertEqual(self._paid(due_in=-50, day=-30), 0.0)

    def test_money_of_twenty_nine_days_ago_counts(self):
        self.assertEqual(self._paid(due_in=-50, day=-29), 100.0)

    def test_credit_notes_are_no_money(self):
        customer = self._customer("Credited")
        invoice = self._receivable(customer, 100.0, due_in=-10)
        refund = self._receivable(customer, -100.0)
        self._open_items(invoice + refund).reconcile()
        self._profile(customer).sudo().collector_id = self.ann
        self.assertEqual(self._row(self.ann).collected_amount, 0.0)

    # === SINCE LAST NIGHT === #

    def _night(self):
        for _part in self.profiles.sudo()._write_history_in_parts(self.company):
            pass
        self.env.invalidate_all()

    def _one_debt(self):
        customer = self._customer("Payer")
        invoice = self._receivable(customer, 100.0, due_in=-10)
        profile = self._profile(customer).sudo()
        profile.collector_id = self.ann
        return customer, invoice, profile

    def test_what_was_matched_since_the_night_is_added_to_that_of_the_night(self):
        customer, invoice, profile = self._one_debt()
        self._payment(customer, 30.0, invoice)
        self.assertEqual(self._row(self.ann).collected_amount, 30.0)
        self._night()
        self.assertEqual(profile.collected_amount, 30.0)
        self.assertEqual(self._row(self.ann).collected_amount, 30.0)
        self._payment(customer, 25.0, invoice)
        self.assertEqual(self._row(self.ann).collected_amount, 55.0)
        self.assertEqual(profile.collected_amount, 30.0)
        self._night()
        self.assertEqual(profile.collected_amount, 55.0)
        self.assertEqual(self._row(self.ann).collected_amount, 55.0)

    def test_a_customer_whose_figures_are_newer_than_the_night_counts_once(self):
        customer, invoice, profile = self._one_debt()
        self._night()
        self._payment(customer, 30.0, invoice)
        profile._write_history_of(self.company)
        self.assertEqual(profile.collected_amount, 30.0)
        self.assertEqual(self._row(self.ann).collected_amount, 30.0)

    def test_a_customer_whom_the_night_did_not_come_to_counts_in_full(self):
        customer, invoice, profile = self._one_debt()
        self._payment(customer, 30.0, invoice)
        other, more, _profile = self._one_debt()
        self._payment(other, 5.0, more)
        parts = self.profiles.sudo()._write_history_in_parts(self.company)
        with patch.object(credit_profile_history, "BATCH", 1):
            while not profile.collected_amount:
                next(parts)
                profile.invalidate_recordset()
        self.assertFalse(_profile.collected_amount)
        self.assertEqual(self._row(self.ann).collected_amount, 35.0)

    def test_a_match_that_is_undone_and_done_again_counts_once(self):
        customer, invoice, profile = self._one_debt()
        payment = self._payment(customer, 30.0, invoice)
        self._night()
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self._row(self.ann).collected_amount, 0.0)
        self.assertEqual(profile.collected_amount, 0.0)
        self._open_items(invoice + payment.move_id).reconcile()
        self.assertEqual(self._row(self.ann).collected_amount, 30.0)

    def test_the_night_lets_go_of_what_is_older_than_thirty_days(self):
        customer, invoice, profile = self._one_debt()
        self._payment(customer, 30.0, invoice)
        self._night()
        with freeze_time(self.today + timedelta(days=29)):
            self._night()
            self.assertEqual(profile.collected_amount, 30.0)
        with freeze_time(self.today + timedelta(days=30)):
            self._night()
            self.assertEqual(profile.collected_amount, 0.0)
            self.assertEqual(self._row(self.ann).collected_amount, 0.0)

    def test_the_night_notes_what_was_matched_a_day_before_it(self):
        """Whoever matched something since may still be at it."""
        customer, invoice, _profile = self._one_debt()
        for amount in (30.0, 5.0):
            self._payment(customer, amount, invoice)
        items = self._open_items(invoice)
        old, new = items.matched_credit_ids.sorted("id")
        day = timedelta(days=1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET create_date = %s - %s WHERE id < %s",
            [self.env.cr.now(), 2 * day, new.id],
        )
        self._night()
        self.assertEqual(self.company.sudo().collected_up_to, old.id)

    def test_salespeople_do_not_see_what_was_collected(self):
        profile = self._profile(self._customer("Payer"))
        auditor = self._user("auditor", "account.group_account_readonly")
        for user in (self.collector, auditor, self.manager):
            profile.with_user(user).read(["collected_amount"])
        with self.assertRaises(AccessError):
            profile.with_user(self.salesperson).read(["collected_amount"])

    def test_contacts_and_calls_of_this_month_are_counted(self):
        profile = self._profile(self._debtor("Late", (100.0, 25)))
        profile.collector_id = self.ann
        self.strategy.catch_up = "latest"
        run = self._plan()
        run.action_start()
        self.assertEqual(self._row(self.ann).call_count, 0)  # not called yet
        profile.activity_ids.with_user(self.ann).sudo().action_done()
        row = self._row(self.ann)
        self.assertEqual((row.action_count, row.call_count), (1, 1))
        month = fields.Date.start_of(self.today, "month")
        profile.interaction_ids.sudo().date = month - timedelta(days=1)
        self.env.invalidate_all()
        self.assertEqual(self._row(self.ann).action_count, 0)

    # === RECORDS BEHIND, RIGHTS, COMPANIES === #

    def test_a_row_is_that_of_its_collector_whoever_comes_before(self):
        (self._member(self.ann) + self._member(self.ben)).active = False
        self._overdue("One", 100.0, self.ben)
        row = self._row(self.ben)
        self._overdue("Two", 50.0, self.ann)
        self._overdue("Nobody's", 70.0)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((row.user_id, row.overdue_amount), (self.ben, 100.0))

    def test_the_records_add_up_to_the_figures(self):
        profiles = self._overdue("One", 100.0, self.ann)
        profiles += self._overdue("Two", 50.0, self.ann)
        action = self._row(self.ann).action_open_customers()
        found = self.profiles.search(action["domain"])
        self.assertEqual(found, profiles)
        action = self._row(self.ann).action_open_not_contacted()
        self.assertIn("search_default_not_contacted", action["context"])

    def test_collectors_and_auditors_see_the_board_and_salespeople_do_not(self):
        auditor = self._user("auditor", "account.group_account_readonly")
        for user in (self.collector, auditor, self.manager):
            rows = self.env["collection.board"].with_user(user).search([])
            self.assertIn(self.ann, rows.user_id)
        with self.assertRaises(AccessError):
            self.env["collection.board"].with_user(self.salesperson).search([])

    def test_each_company_has_rows_of_its_own(self):
        other = self.setup_other_company(name="Other")["company"]
        self._overdue("One", collector=self.ann)
        rows = self.env["collection.board"].with_user(self.manager)
        self.assertEqual(rows.search([]).company_id, self.company)
        self.ann.company_ids += other
        self._team(self.ann, company_id=other.id)
        self.assertEqual(self._row(self.ann, other).customer_count, 0)
        self.assertEqual(self._row(self.ann).customer_count, 1)
