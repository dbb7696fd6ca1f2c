from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestReleaseOutcome(LimitedCommon):
    """Released orders whose invoices went bad, with who released them and why."""

    def _released(self, amount=1500.0, due_in=None):
        """Return a released order, invoiced and due in so many days where given."""
        order = self._order(self.limited, amount)
        order.with_user(self.salesperson).action_confirm()
        order.credit_hold_id.with_user(self.manager)._release(self.release_reason)
        if due_in is not None:
            due = self.today + timedelta(days=due_in)
            self._invoice(
                order, invoice_date=min(due, self.today), invoice_date_due=due
            )
        return order

    def _row_of(self, order):
        self.env.flush_all()
        self.env.invalidate_all()
        outcomes = self.env["credit.release.outcome"].with_user(self.manager)
        return outcomes.search([("order_id", "=", order.id)])

    def test_an_order_is_bad_when_its_invoice_is_overdue_for_longer_than_allowed(self):
        self.company.credit_gone_bad_days = 30
        for days, outcome in ((29, "open"), (30, "open"), (31, "late")):
            order = self._released(due_in=-days)
            row = self._row_of(order)
            self.assertEqual((row.outcome, row.late_days), (outcome, days))
            self.assertEqual(row.open_amount, 1500.0)

    def test_the_row_says_who_released_how_much_and_why(self):
        order = self._released(due_in=-60)
        self.assertRecordValues(
            self._row_of(order),
            [
                {
                    "hold_id": order.credit_hold_id.id,
                    "released_by_id": self.manager.id,
                    "release_reason_id": self.release_reason.id,
                    "released_amount": 1500.0,
                    "amount_over": 500.0,
                    "partner_id": self.limited.id,
                    "salesperson_id": self.salesperson.id,
                    "late_amount": 1500.0,
                    "invoice_count": 1,
                }
            ],
        )

    def test_one_that_was_paid_much_too_late_stays_bad(self):
        order = self._released(due_in=-60)
        self._payment(self.limited, 1500.0, invoices=order.invoice_ids)
        row = self._row_of(order)
        self.assertEqual((row.outcome, row.late_days), ("late", 60))
        self.assertEqual((row.open_amount, row.late_amount), (0.0, 1500.0))

    def test_one_that_was_paid_in_time_is_paid(self):
        order = self._released(due_in=5)
        self._payment(self.limited, 1500.0, invoices=order.invoice_ids)
        row = self._row_of(order)
        self.assertEqual((row.outcome, row.late_days), ("paid", 0))

    def test_one_that_is_not_invoiced_yet_is_open(self):
        row = self._row_of(self._released())
        self.assertEqual((row.outcome, row.invoice_count), ("open", 0))

    def test_what_was_written_off_shows(self):
        order = self._released(due_in=-5)
        item = self._open_items(order.invoice_ids)
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": item.account_id.id,
                            "partner_id": self.limited.id,
                            "credit": 400.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 400.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self._open_items(entry + order.invoice_ids).reconcile()
        row = self._row_of(order)
        self.assertEqual((row.outcome, row.written_off_amount), ("written_off", 400.0))

    def test_a_credit_note_is_nothing_bad(self):
        order = self._released(due_in=-5)
        note = self._receivable(self.limited, -1500.0)
        self._open_items(note + order.invoice_ids).reconcile()
        row = self._row_of(order)
        self.assertEqual((row.outcome, row.written_off_amount), ("paid", 0.0))

    def test_what_is_disputed_shows(self):
        order = self._released(due_in=5)
        item = self._open_items(order.invoice_ids)
        reason = self.env.ref("credit_collections.credit_reason_dispute_price")
        values = {"reason_id": reason.id, "department_id": reason.department_id.id}
        lines = [{"move_line_id": item.id, "amount": 1500.0}]
        dispute = item.with_user(self.manager)._open_dispute(values, lines)
        row = self._row_of(order)
        self.assertEqual((row.outcome, row.disputed_amount), ("disputed", 1500.0))
        dispute.sudo().state = "withdrawn"
        self.assertEqual(self._row_of(order).outcome, "open")

    def test_of_an_order_released_twice_the_last_release_counts(self):
        order = self._released(due_in=None)
        order.order_line.price_unit = 5000.0
        second = order.credit_hold_id
        second.with_user(self.manager)._release(self.release_reason)
        self.assertEqual(self._row_of(order).hold_id, second)

    def test_the_report_leads_to_the_release_and_to_the_invoices(self):
        order = self._released(due_in=-60)
        row = self._row_of(order)
        self.assertEqual(row.action_open_hold()["res_id"], order.credit_hold_id.id)
        domain = row.action_open_invoices()["domain"]
        self.assertEqual(self.env["account.move"].search(domain), order.invoice_ids)

    # === WHO === #

    def test_who_reads_it(self):
        order = self._released(due_in=-60)
        outcomes = self.env["credit.release.outcome"]
        for login, group in (
            ("outcome_collector", "credit_collections.group_collector"),
            ("outcome_auditor", "account.group_account_readonly"),
        ):
            user = self._user(login, group)
            rows = outcomes.with_user(user).search([("order_id", "=", order.id)])
            self.assertEqual(rows.outcome, "late")
        with self.assertRaises(AccessError):
            outcomes.with_user(self.salesperson).search([])

    def test_nobody_reads_that_of_another_company(self):
        order = self._released(due_in=-60)
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(self._row_of(order))

    def test_it_is_one_statement_for_any_number_of_orders(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = self.env["credit.release.outcome"].search([])
            rows.mapped("late_amount")
            return self.cr.sql_log_count - before

        self._released(due_in=-60)
        count()
        one = count()
        for _n in range(4):
            self._released(due_in=-60)
        self.assertEqual(count(), one)
