from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .test_invoice_checkpoint import InvoiceCheckpointCommon


@tagged("post_install", "-at_install")
class TestInvoiceCheckpointDoors(InvoiceCheckpointCommon):
    """Every way to post an invoice meets the checkpoint, and none of them raises."""

    def setUp(self):
        super().setUp()
        self.good = self._customer("Good")

    def _both(self):
        """Return the invoice of a good customer and that of a late one."""
        return self._draft(customer=self.good)[1], self._draft()[1]

    def _assert_one_passed(self, good, late):
        self.assertEqual((good.state, late.state), ("posted", "draft"))
        self.assertTrue(late.credit_is_held)

    def test_the_button_says_that_it_is_held(self):
        order, invoice = self._draft()
        result = invoice.with_user(self.billing).action_post()
        self.assertEqual(result["tag"], "display_notification")
        self.assertIn("Days overdue", result["params"]["message"])

    def test_of_many_the_good_ones_pass_and_one_summary_tells_of_the_others(self):
        good = self.env["account.move"].union(
            *(self._draft(customer=self.good)[1] for _n in range(3))
        )
        late = self.env["account.move"].union(*(self._draft()[1] for _n in range(2)))
        result = (good + late).with_user(self.billing).action_post()
        self.assertEqual(set(good.mapped("state")), {"posted"})
        self.assertEqual(set(late.mapped("state")), {"draft"})
        message = result["params"]["message"]
        self.assertIn("3 posted, 2 on credit hold", message)
        for origin in late.mapped("invoice_origin"):
            self.assertIn(origin, message)

    def test_the_action_of_the_list(self):
        good, late = self._both()
        result = (good + late).action_validate_moves_with_confirmation()
        self._assert_one_passed(good, late)
        self.assertIn("on credit hold", result["params"]["message"])

    def test_the_wizard_that_posts(self):
        good, late = self._both()
        wizard = self.env["validate.account.move"].create(
            {"move_ids": (good + late).ids, "force_post": True}
        )
        result = wizard.validate_move()
        self._assert_one_passed(good, late)
        self.assertIn("on credit hold", result["params"]["message"])
        self.assertEqual(
            result["params"]["next"], {"type": "ir.actions.act_window_close"}
        )

    def test_the_scheduled_posting(self):
        good, late = self._both()
        (good + late).write(
            {"auto_post": "at_date", "date": self.today, "invoice_date": self.today}
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "account.ir_cron_auto_post_draft_entry"
            ).method_direct_trigger()
        self._assert_one_passed(good, late)

    def test_one_that_is_to_be_posted_later_is_not_looked_at_yet(self):
        order, invoice = self._draft()
        later = self.today + timedelta(days=3)
        invoice.write({"date": later, "invoice_date": later})
        invoice._post(soft=True)
        self.assertEqual((invoice.state, invoice.auto_post), ("draft", "at_date"))
        self.assertFalse(order.credit_hold_id)

    def test_an_invoice_of_two_orders_waits_for_both(self):
        orders = self._confirmed(self.late, 100.0) + self._confirmed(self.late, 200.0)
        invoice = self._invoice(orders)
        self.assertEqual(len(invoice), 1)
        holds = orders.credit_hold_id
        self.assertEqual(holds.invoice_ids, invoice)
        self.assertEqual(len(holds), 2)
        holds[0].with_user(self.manager)._release(self.release_reason)
        self.assertEqual(invoice.state, "draft")
        holds[1].with_user(self.manager)._release(self.release_reason)
        self.assertEqual(invoice.state, "posted")

    # === RIGHTS AND SPEED === #

    def test_an_accountant_without_rights_on_sales_or_holds_reads_why(self):
        order, invoice = self._draft()
        as_billing = invoice.with_user(self.billing)
        as_billing.action_post()
        self.assertTrue(as_billing.credit_is_held)
        self.assertIn("Days overdue", as_billing.alerts["credit_hold"]["message"])
        found = self.env["account.move"].with_user(self.billing)
        found = found.search([("credit_is_held", "=", True)])
        self.assertIn(invoice, found)
        rest = found.search([("credit_is_held", "=", False), ("id", "=", invoice.id)])
        self.assertFalse(rest)

    def test_the_decision_on_many_takes_as_many_queries_as_that_on_one(self):
        counts = []
        for number in (2, 1, 20):  # the first one warms the caches
            customers = [
                self._customer(f"{number} {n}", limit=1e6) for n in range(number)
            ]
            for customer in customers:
                self._profile(customer)
            invoices = self.env["account.move"].union(
                *(self._draft(customer=customer)[1] for customer in customers)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(invoices._credit_hold_broken())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestInvoicesOfPayments(InvoiceCheckpointCommon, AccountPaymentCommon):
    """Who pays gets the invoice, whatever is overdue besides."""

    def _pay_online(self, order, amount):
        """Process an online payment, with automatic invoices."""
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        transaction = self._create_transaction(
            "redirect",
            amount=amount,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            reference=f"{order.name}-{amount}",
            sale_order_ids=order.ids,
            state="done",
        )
        transaction.with_context(skip_sale_auto_invoice_send=True)._post_process()
        return transaction

    def test_a_customer_who_pays_gets_the_invoice(self):
        order = self._confirmed(self.late, 300.0)
        self._pay_online(order, 300.0)
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertFalse(order.credit_hold_id)

    def test_a_customer_who_pays_a_part_gets_the_invoice_of_the_part(self):
        order = self._confirmed(self.late, 300.0)
        transaction = self._pay_online(order, 100.0)
        self.assertEqual(transaction.invoice_ids.state, "posted")
        self.assertEqual(transaction.invoice_ids.amount_total, 100.0)

    def test_a_payment_counts_for_its_order_once_matched_or_not(self):
        order = self._confirmed(self.late, 300.0)
        self.assertEqual(order._credit_left_to_pay(), 300.0)
        transaction = self._pay_online(order, 100.0)
        self.assertEqual(order._credit_left_to_pay(), 200.0)  # matched: by the invoice
        transaction.payment_id.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(order._credit_left_to_pay(), 200.0)  # by the payment
