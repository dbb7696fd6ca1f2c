from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestHoldBackground(LimitedCommon):
    """All held orders are looked at again in the background, each on its own."""

    def _held(self, customer=None, amount=1500.0):
        order = self._order(customer or self.limited, amount)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        return order

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("credit_collections.ir_cron_evaluate").method_direct_trigger()

    def _may_pass(self, *customers):
        for customer in customers:
            self._profile(customer).credit_limit = 5000.0

    def _expected(self):
        """What fails here is to be in the log, and is no failure of the test."""
        name = "odoo.addons.credit_collections.tools.batches"
        return self.assertLogs(name, "ERROR")

    # === PER RULE === #

    def _evaluated(self, auto_release, company_releases):
        self.company.credit_auto_release = company_releases
        self.env["credit.rule"].search([]).auto_release = auto_release
        customer = self._customer(f"{auto_release} {company_releases}", limit=1000.0)
        order = self._held(customer)
        self._may_pass(customer)
        order.credit_hold_id.with_user(self.controller).action_evaluate()
        self.assertTrue(order.credit_hold_id.is_ready)
        return order.state

    def test_each_rule_says_whether_what_it_held_is_released_by_itself(self):
        self.assertEqual(self._evaluated("company", True), "sale")
        self.assertEqual(self._evaluated("company", False), "draft")
        self.assertEqual(self._evaluated("yes", False), "sale")
        self.assertEqual(self._evaluated("no", True), "draft")

    # === ALL, APART === #

    def test_the_failure_of_one_customer_does_not_stop_the_others(self):
        bad = self._customer("Bad", limit=1000.0)
        orders = self._held(bad) + self._held(self.limited)
        self._may_pass(bad, self.limited)
        confirm = type(orders)._credit_verdicts

        def fail(records, lock=False):
            if lock and bad in records.partner_id:
                raise ValueError("Broken data")
            return confirm(records, lock=lock)

        with patch.object(type(orders), "_credit_verdicts", fail), self._expected():
            self._run()
        self.assertEqual(orders.mapped("state"), ["draft", "sale"])
        errors = [order.credit_hold_id.evaluation_error for order in orders]
        self.assertEqual(errors, ["Broken data", False])

    def test_the_failure_of_one_order_does_not_stop_those_of_the_same_customer(self):
        orders = self._held(amount=1500.0) + self._held(amount=1600.0)
        self._may_pass(self.limited)
        update = type(orders.credit_hold_id)._update_reasons

        def fail(hold, verdict):
            if hold.order_id == orders[0]:
                raise ValueError("Broken data")
            return update(hold, verdict)

        holds = type(orders.credit_hold_id)
        with patch.object(holds, "_update_reasons", fail), self._expected():
            self._run()
        self.assertEqual(orders.mapped("state"), ["draft", "sale"])

    def test_what_failed_is_cleared_by_the_next_evaluation_that_works(self):
        order = self._held()
        hold = order.credit_hold_id
        hold.sudo().evaluation_error = "Broken data"
        hold.with_user(self.controller).action_evaluate()
        self.assertFalse(hold.evaluation_error)

    def test_holds_of_one_customer_stay_in_one_batch(self):
        other = self._customer("Other", limit=1000.0)
        orders = self._held() + self._held(other) + self._held()
        holds = orders.credit_hold_id
        path = "odoo.addons.credit_collections.models.hold.credit_hold_background"
        with patch(f"{path}.BATCH_SIZE", 2):
            batches = holds.sorted("profile_id")._batches()
        self.assertEqual([len(batch.profile_id) for batch in batches], [1, 1])
        self.assertEqual(sum(map(len, batches)), 3)

    def test_a_job_that_goes_on_leaves_out_what_was_done(self):
        done, waits = self._held(), self._held(self._customer("Waits", limit=1.0))
        done.credit_hold_id.with_user(self.controller).action_evaluate()
        holds = self.env["credit.hold"]
        left = holds.search(holds._evaluation_domain())
        self.assertNotIn(done.credit_hold_id, left)
        self.assertIn(waits.credit_hold_id, left)

    # === ASKED FOR === #

    def test_a_controller_asks_for_all_and_is_told_when_it_is_done(self):
        orders = self._held() + self._held(self._customer("Stays", limit=1.0))
        self._may_pass(self.limited)
        self.env["credit.hold"].with_user(self.controller).action_evaluate_all()
        self.assertTrue(all(orders.credit_hold_id.mapped("is_evaluation_due")))
        told = []
        users = type(self.env.user)
        with patch.object(
            users, "_bus_send", lambda user, *sent, **_more: told.append((user, *sent))
        ):
            self._run()
        self.assertEqual(orders.mapped("state"), ["sale", "draft"])
        told = [rest for rest in told if rest[1] == "simple_notification"]
        self.assertEqual([user for user, *_rest in told], [self.controller])
        self.assertIn("1 released", told[0][2]["message"])
        self.assertFalse(orders.credit_hold_id.evaluation_asked_by_id)

    def test_it_is_done_even_if_looked_at_a_moment_ago(self):
        order = self._held()
        order.credit_hold_id.with_user(self.controller).action_evaluate()
        self._may_pass(self.limited)
        self.env["credit.hold"].with_user(self.controller).action_evaluate_all()
        self._run()
        self.assertEqual(order.state, "sale")

    def test_with_nothing_held_it_says_so(self):
        self.env["credit.hold"].search([("state", "=", "held")])._set_lapsed()
        with self.assertRaisesRegex(UserError, "nothing to do"):
            self.env["credit.hold"].with_user(self.controller).action_evaluate_all()

    def test_a_salesperson_does_not_ask_for_it(self):
        with self.assertRaisesRegex(AccessError, "evaluate"):
            self.env["credit.hold"].with_user(self.salesperson).action_evaluate_all()

    # === COST === #

    def _held_orders(self, count):
        customers = [self._customer(f"Bulk {n}", limit=100.0) for n in range(count)]
        orders = self.env["sale.order"]
        for customer in customers:
            orders += self._held(customer)
        return orders

    def _queries_of_release(self, count, **options):
        orders = self._held_orders(count)
        holds = orders.credit_hold_id.with_user(self.manager)
        self.env.flush_all()
        before = self.cr.sql_log_count
        errors = holds._release(self.release_reason, **options)
        self.env.flush_all()
        queries = self.cr.sql_log_count - before
        self.assertFalse(errors)
        self.assertEqual(set(holds.mapped("state")), {"released"})
        if options.get("confirm", True):
            self.assertEqual(set(orders.mapped("state")), {"sale"})
        return queries

    def test_each_of_ten_releases_costs_no_more_than_one(self):
        self._queries_of_release(1)
        one = self._queries_of_release(1)
        ten = self._queries_of_release(10)
        self.assertLessEqual(ten / 10, one)

    def test_the_decision_on_ten_takes_as_many_statements_as_that_on_one(self):
        """But for the message to each salesperson, which core sends one by one, as it
        confirms one order after the other."""
        with patch.object(type(self.env["credit.hold"]), "_tell_salespeople"):
            self._queries_of_release(1, confirm=False)
            one = self._queries_of_release(1, confirm=False)
            ten = self._queries_of_release(10, confirm=False)
        self.assertEqual(ten, one)
