from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon

BILLING = "account.group_account_invoice"


class InvoiceCheckpointCommon(CreditCommon):
    """One customer with 100 overdue for ten days, and a rule that holds invoices of
    such customers; orders pass."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("days_overdue", days=5, at_confirm=False, at_invoice=True)
        cls.late = cls._customer("Late", limit=5000.0)
        cls.overdue = cls._receivable(cls.late, 100.0, due_in=-10)
        cls.billing = cls._user("credit_billing", BILLING)
        cls.service = cls.env["product.product"].create(
            {
                "name": "Advice",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )

    def _draft(self, customer=None, amount=300.0, quantity=1, **values):
        """Return a confirmed order with the draft invoice of it."""
        order = self._confirmed(customer or self.late, amount, quantity, **values)
        return order, self._invoice(order, post=False)

    def _serviced(self, delivered, quantity=10, customer=None):
        """Return an order of services at 10 each, with so many of them delivered."""
        order = self._order(customer or self.late, 10.0 * quantity, quantity)
        order.order_line.product_id = self.service
        order.order_line.write({"price_unit": 10.0, "tax_ids": [Command.clear()]})
        order.action_confirm()
        order.order_line.sudo().qty_delivered = delivered
        return order

    def _held(self, **values):
        order, invoice = self._draft(**values)
        invoice.action_post()
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(order.credit_hold_state, "held")
        return order, invoice


@tagged("post_install", "-at_install")
class TestInvoiceCheckpoint(InvoiceCheckpointCommon):
    """Posting an invoice meets the rules of its checkpoint."""

    # === WHAT IS HELD === #

    def test_no_shipped_rule_holds_invoices(self):
        rules = self.env["ir.model.data"].search(
            [("module", "=", "credit_collections"), ("model", "=", "credit.rule")]
        )
        shipped = self.env["credit.rule"].browse(rules.mapped("res_id"))
        self.assertTrue(shipped)
        self.assertEqual(set(shipped.mapped("at_invoice")), {False})

    def test_an_invoice_that_breaks_a_rule_stays_a_draft_and_is_on_record(self):
        order, invoice = self._held()
        self.assertRecordValues(
            order.credit_hold_id,
            [
                {
                    "checkpoint": "invoice",
                    "state": "held",
                    "invoice_ids": invoice.ids,
                    "amount": 300.0,
                    "amount_on_credit": 300.0,
                    "exposure_amount": 100.0,  # without the order, which it has
                    "overdue_days": 10,
                    "stopped_summary": invoice.display_name,
                }
            ],
        )
        self.assertEqual(order.credit_hold_id.line_ids.rule_id, self.rule)
        self.assertTrue(invoice.credit_is_held)
        self.assertEqual(invoice.credit_hold_reason, "Days overdue")

    def test_rules_of_other_checkpoints_let_invoices_pass(self):
        self.rule.write({"at_confirm": True, "at_invoice": False})
        order = self._order(self.late, 300.0)
        with order._credit_passing():
            order.action_confirm()
        invoice = self._invoice(order)
        self.assertEqual(invoice.state, "posted")

    def test_the_limit_counts_the_order_once(self):
        # 100 overdue + 400 ordered: at, above and below a limit of 500
        self.rule.write({"kind": "limit_used", "limit_share": 1.0})
        for limit, state in ((500.01, "posted"), (500.0, "posted"), (499.99, "draft")):
            customer = self._customer(f"Up to {limit}", limit=limit)
            self._receivable(customer, 100.0, due_in=-10)
            order, invoice = self._draft(customer=customer, amount=400.0)
            invoice.action_post()
            self.assertEqual(invoice.state, state, f"limit of {limit}")

    def test_an_amount_rule_looks_at_what_is_billed(self):
        # 10 pieces at 50, invoiced 4 and then 6: 200 and 300
        self.rule.write({"kind": "order_amount", "amount": 250.0})
        order, invoice = self._draft(amount=500.0, quantity=10)
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        rest = self._invoice(order)
        self.assertEqual(rest.state, "draft")
        line = order.credit_hold_id.line_ids
        self.assertEqual((line.value, line.threshold), (300.0, 250.0))
        self.assertIn("300", line.message)
        self.assertIn("invoice", line.message)

    # === WHAT ALWAYS PASSES === #

    def test_what_was_delivered_is_always_billed(self):
        order = self._serviced(delivered=10)
        self.assertEqual(self._invoice(order).state, "posted")

    def test_an_invoice_with_anything_delivered_on_it_passes(self):
        order = self._serviced(delivered=1)
        self.assertEqual(self._invoice(order).state, "posted")

    def test_what_was_delivered_and_billed_before_lets_no_more_pass(self):
        order = self._serviced(delivered=4)
        first = self._invoice(order, post=False)
        first.invoice_line_ids.quantity = 4
        first.action_post()
        self.assertEqual(first.state, "posted")
        self.assertEqual(self._invoice(order).state, "draft")

    def test_goods_that_are_billed_when_delivered_pass(self):
        self.service.invoice_policy = "delivery"
        order = self._serviced(delivered=3)
        invoice = self._invoice(order)
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 30.0))

    def test_down_payments_pass(self):
        order = self._confirmed(self.late, 300.0)
        self.assertEqual(self._down_payment(order, share=0.5).state, "posted")

    def test_credit_notes_pass(self):
        order = self._serviced(delivered=0)
        self.rule.active = False
        invoice = self._invoice(order)
        self.rule.active = True
        note = invoice._reverse_moves()
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_an_invoice_without_an_order_passes(self):
        self.assertEqual(self._receivable(self.late, 50.0).state, "posted")

    def test_an_order_that_was_paid_in_advance_passes_even_on_manual_hold(self):
        self._rule("manual", at_confirm=False, at_invoice=True)
        order = self._confirmed(self.late, 300.0)
        deposit = self._down_payment(order, amount=300.0)
        self._payment(self.late, 300.0, invoices=deposit)
        order.order_line.filtered(lambda line: not line.is_downpayment).price_unit = 300
        self._profile(self.late).credit_status = "orders"
        self.assertEqual(order._credit_left_to_pay(), 0.0)
        self.assertEqual(self._invoice(order).state, "posted")

    def test_an_order_that_was_paid_in_part_does_not(self):
        order = self._confirmed(self.late, 300.0)
        deposit = self._down_payment(order, amount=299.99)
        self._payment(self.late, 299.99, invoices=deposit)
        self.assertEqual(order._credit_left_to_pay(), 0.01)
        self.assertEqual(self._invoice(order).state, "draft")

    def test_a_company_without_such_a_rule_spends_no_query_on_it(self):
        self.rule.active = False
        order, invoice = self._draft()
        self.env.flush_all()
        invoice.company_id._credit_root_id()
        invoice._credit_hold_broken()  # reads the rules once
        with self.assertQueryCount(0):
            self.assertFalse(invoice._credit_hold_broken())

    # === RELEASE === #

    def test_a_release_posts_the_invoice(self):
        order, invoice = self._held()
        hold = order.credit_hold_id.with_user(self.manager)
        self.assertFalse(hold._release(self.release_reason))
        self.assertEqual((invoice.state, hold.state), ("posted", "released"))
        self.assertFalse(invoice.credit_is_held)

    def test_a_release_without_posting_leaves_it_to_the_accountant(self):
        order, invoice = self._held()
        hold = order.credit_hold_id.with_user(self.manager)
        hold._release(self.release_reason, confirm=False)
        self.assertEqual(invoice.state, "draft")
        invoice.with_user(self.billing).action_post()
        self.assertEqual(invoice.state, "posted")

    def test_an_earlier_release_covers_the_invoice_within_its_validity(self):
        for days, state in ((1, "posted"), (0, "posted"), (-1, "draft")):
            order, invoice = self._held()
            hold = order.credit_hold_id
            hold.with_user(self.manager)._release(self.release_reason, confirm=False)
            hold.sudo().valid_until = self.today + timedelta(days=days)
            invoice.action_post()
            self.assertEqual(invoice.state, state, f"valid for {days} more days")

    def test_a_release_at_confirmation_covers_the_invoice(self):
        self.rule.at_confirm = True
        order = self._order(self.late, 300.0)
        order.action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        order.credit_hold_id.with_user(self.manager)._release(self.release_reason)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._invoice(order).state, "posted")

    def test_a_rejected_invoice_is_looked_at_again_when_it_is_posted_again(self):
        order, invoice = self._held()
        first = order.credit_hold_id
        first.with_user(self.manager)._reject(self.reject_reason)
        self.assertFalse(invoice.credit_is_held)
        invoice.action_post()
        self.assertEqual(invoice.state, "draft")
        self.assertNotEqual(order.credit_hold_id, first)
        self.assertEqual(first.state, "rejected")

    # === REASONS THAT FALL AWAY === #

    def test_paying_and_posting_again_lets_it_pass_and_the_hold_lapse(self):
        order, invoice = self._held()
        self._payment(self.late, 100.0, invoices=self.overdue)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(order.credit_hold_state, "lapsed")

    def test_an_evaluation_releases_and_posts_it_when_the_reason_is_gone(self):
        order, invoice = self._held()
        order.credit_hold_id.action_evaluate()
        self.assertEqual(invoice.state, "draft")  # nothing changed
        self._payment(self.late, 100.0, invoices=self.overdue)
        order.credit_hold_id.action_evaluate()
        self.assertEqual(
            (invoice.state, order.credit_hold_state), ("posted", "released")
        )

    def test_a_reason_of_another_checkpoint_stays_until_somebody_decides(self):
        self._rule("order_amount", amount=350.0)
        order, invoice = self._held(quantity=3)
        hold = order.credit_hold_id
        order.order_line.product_uom_qty = 4  # 400: above 350 for the change
        self.assertEqual((order.credit_hold_id, hold.checkpoint), (hold, "change"))
        self.assertEqual(hold.line_ids.mapped("kind"), ["days_overdue", "order_amount"])
        order.order_line.product_uom_qty = 3
        hold.action_evaluate()
        open_reasons = hold.line_ids.filtered(lambda line: not line.cleared_date)
        self.assertEqual(open_reasons.mapped("kind"), ["days_overdue"])
        self.assertEqual((hold.state, invoice.state), ("held", "draft"))

    def test_cancelling_the_invoice_lets_the_hold_lapse(self):
        order, invoice = self._held()
        invoice.button_cancel()
        self.assertEqual(order.credit_hold_state, "lapsed")

    def test_deleting_the_draft_lets_the_hold_lapse(self):
        order, invoice = self._held()
        invoice.unlink()
        self.assertEqual(order.credit_hold_state, "lapsed")

    def test_cancelling_the_order_lets_the_hold_lapse(self):
        order, invoice = self._held()
        order._action_cancel()
        self.assertEqual(order.credit_hold_state, "lapsed")
