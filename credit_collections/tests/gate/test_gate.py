from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import SALESPERSON, LimitedCommon


@tagged("post_install", "-at_install")
class TestGate(LimitedCommon):
    """Whatever asks for the confirmation of an order, the rules are asked first."""

    def _confirm(self, order):
        return order.with_user(self.salesperson).action_confirm()

    # === THE LIMIT === #

    def test_an_order_that_just_fills_the_limit_is_confirmed(self):
        order = self._order(self.limited, 1000.0)
        self._confirm(order)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.credit_hold_id)

    def test_an_order_one_cent_over_the_limit_is_held(self):
        order = self._order(self.limited, 1000.01)
        self._confirm(order)
        self.assertEqual(order.state, "draft")
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        self.assertEqual(hold.line_ids.kind, "limit_used")
        self.assertEqual(hold.amount_over, 0.01)
        self.assertEqual(hold.missing_amount, 0.01)

    def test_the_reason_says_in_words_what_was_found(self):
        self._receivable(self.limited, 700.0, due_in=10)
        order = self._order(self.limited, 500.0)
        self._confirm(order)
        message = order.credit_hold_id.line_ids.message.replace("\xa0", " ")
        # 700 open + 500 ordered = 1,200 of 1,000 = 120 %; 200 too much
        for figure in ("1,200.00", "120 %", "1,000.00", "200.00"):
            self.assertIn(figure, message)

    def test_the_hold_keeps_the_numbers_it_was_taken_on(self):
        self._receivable(self.limited, 300.0, due_in=-5)
        self._receivable(self.limited, 400.0, due_in=10)
        order = self._order(self.limited, 500.0)
        self._confirm(order)
        hold = order.credit_hold_id
        self.assertRecordValues(
            hold,
            [
                {
                    "amount": 500.0,
                    "amount_on_credit": 500.0,
                    "is_limited": True,
                    "limit_amount": 1000.0,
                    "exposure_amount": 700.0,
                    "overdue_amount": 300.0,
                    "overdue_days": 5,
                    "amount_over": 200.0,  # 700 + 500 - 1,000
                }
            ],
        )

    def test_credit_already_taken_by_a_confirmed_order_counts(self):
        self._confirm(self._order(self.limited, 600.0))
        order = self._order(self.limited, 500.0)
        self._confirm(order)
        self.assertEqual(order.credit_hold_id.exposure_amount, 600.0)

    def test_an_unlimited_customer_is_not_held_for_the_limit(self):
        order = self._order(self.customer, 1_000_000.0)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_a_customer_without_credit_is_held_for_any_amount(self):
        self._profile(self.customer).limit_policy = "none"
        order = self._order(self.customer, 1.0)
        self._confirm(order)
        self.assertEqual(order.credit_hold_id.state, "held")
        self.assertIn("no credit", order.credit_hold_id.line_ids.message)

    def test_an_order_of_nothing_passes_even_over_the_limit(self):
        self._receivable(self.limited, 2000.0)
        order = self._order(self.limited, 0.0)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_an_order_with_more_returned_than_bought_passes(self):
        self._receivable(self.limited, 2000.0)
        order = self._order(self.limited, -50.0, quantity=-1)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_an_order_in_another_currency_counts_at_the_rate_of_today(self):
        currency = self.setup_other_currency("HRK", rates=[(self.today, 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        # 2,002 at 2 per unit of company currency = 1,001
        order = self._order(self.limited, 2002.0, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        self._confirm(order)
        self.assertEqual(order.credit_hold_id.amount, 1001.0)
        self.assertEqual(order.credit_hold_id.amount_over, 1.0)

    def test_the_one_who_gets_the_invoice_is_the_one_who_is_checked(self):
        order = self._order(self.customer, 1500.0, partner_invoice_id=self.limited.id)
        self._confirm(order)
        self.assertEqual(order.credit_hold_id.partner_id, self.limited)

    # === THE OTHER RULES === #

    def test_days_overdue_holds_from_one_day_above_the_rule(self):
        self._rule("days_overdue", days=30, limit_share=0.0)
        for overdue_by, state in ((29, "sale"), (30, "sale"), (31, "draft")):
            customer = self._customer(f"Overdue {overdue_by}")
            self._receivable(customer, 10.0, due_in=-overdue_by)
            order = self._order(customer)
            self._confirm(order)
            self.assertEqual(order.state, state, f"{overdue_by} days overdue")

    def test_an_overdue_amount_holds_from_one_cent_above_the_rule(self):
        self._rule("overdue_amount", amount=100.0, limit_share=0.0)
        for overdue, state in ((99.99, "sale"), (100.0, "sale"), (100.01, "draft")):
            customer = self._customer(f"Owes {overdue}")
            self._receivable(customer, overdue, due_in=-1)
            order = self._order(customer)
            self._confirm(order)
            self.assertEqual(order.state, state, f"{overdue} overdue")

    def test_an_overdue_amount_holds_only_above_its_share_of_the_limit(self):
        self._rule("overdue_amount", amount=100.0, limit_share=0.5)
        # 200 overdue of a limit of 1,000: orders up to 300 stay within 50 %
        for amount, state in ((299.99, "sale"), (300.0, "sale"), (300.01, "draft")):
            customer = self._customer(f"Share {amount}", limit=1000.0)
            self._receivable(customer, 200.0, due_in=-1)
            order = self._order(customer, amount)
            self._confirm(order)
            self.assertEqual(order.state, state, f"order of {amount}")

    def test_a_large_order_is_held_from_one_cent_above_the_rule(self):
        self._rule("order_amount", amount=5000.0, limit_share=0.0)
        for amount, state in ((4999.99, "sale"), (5000.0, "sale"), (5000.01, "draft")):
            order = self._order(self.customer, amount)
            self._confirm(order)
            self.assertEqual(order.state, state, f"order of {amount}")

    def test_a_customer_on_hold_is_held_and_the_reason_is_named(self):
        self._rule("manual")
        profile = self._profile(self.customer)
        profile.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_bounced"
        )
        profile.action_set_on_hold()
        order = self._order(self.customer)
        self._confirm(order)
        self.assertEqual(order.credit_hold_id.line_ids.kind, "manual")
        self.assertIn("Payment bounced", order.credit_hold_id.line_ids.message)

    def test_every_broken_rule_is_a_reason_of_its_own(self):
        self._rule("days_overdue", days=10, limit_share=0.0, sequence=20)
        self._rule("order_amount", amount=100.0, limit_share=0.0, sequence=30)
        self._receivable(self.limited, 900.0, due_in=-11)
        order = self._order(self.limited, 200.0)
        self._confirm(order)
        hold = order.credit_hold_id
        self.assertEqual(
            hold.line_ids.mapped("kind"), ["limit_used", "days_overdue", "order_amount"]
        )
        self.assertEqual(
            hold.reason_summary, "Credit limit used, Days overdue, Order amount"
        )

    def test_a_rule_of_one_customer_leaves_the_others_alone(self):
        self._rule(
            "order_amount",
            amount=10.0,
            level="customer",
            profile_id=self._profile(self.customer).id,
        )
        other = self._order(self._customer("Other"), 100.0)
        order = self._order(self.customer, 100.0)
        self._confirm(other + order)
        self.assertEqual(other.state, "sale")
        self.assertEqual(order.credit_hold_id.state, "held")

    def test_a_rule_of_another_company_is_not_asked(self):
        other = self.setup_other_company()["company"]
        self._rule("order_amount", amount=10.0, company_id=other.id)
        order = self._order(self.customer, 100.0)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_a_rule_switched_off_is_not_asked(self):
        rule = self._rule("order_amount", amount=10.0)
        rule.active = False
        order = self._order(self.customer, 100.0)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    # === SEVERAL ORDERS AT ONCE === #

    def test_orders_of_one_customer_use_up_the_credit_one_after_the_other(self):
        orders = (
            self._order(self.limited, 600.0)
            + self._order(self.limited, 500.0)
            + self._order(self.limited, 400.0)
        )
        self._confirm(orders)
        # 600 pass; 600 + 500 would be 1,100; 600 + 400 are just 1,000
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale"])

    def test_of_fifty_orders_the_good_ones_pass_and_one_summary_tells_of_the_rest(self):
        good = [self._order(self._customer(f"Good {n}"), 10.0) for n in range(40)]
        bad = [self._order(self.limited, 2000.0) for _n in range(10)]
        orders = self.env["sale.order"].union(*good, *bad)
        result = orders.with_user(self.salesperson).action_credit_confirm()
        self.assertEqual({order.state for order in good}, {"sale"})
        self.assertEqual({order.credit_hold_state for order in bad}, {"held"})
        message = result["params"]["message"]
        self.assertIn("40 confirmed, 10 on credit hold", message)
        self.assertIn(bad[0].name, message)

    def test_mass_confirm_of_good_orders_says_how_many(self):
        orders = self._order() + self._order()
        result = orders.with_user(self.salesperson).action_credit_confirm()
        self.assertIn("2 confirmed", result["params"]["message"])

    def test_mass_confirm_without_any_quotation_says_so(self):
        order = self._order()
        self._confirm(order)
        with self.assertRaisesRegex(UserError, "quotation"):
            order.action_credit_confirm()

    # === DOORS WITHOUT A BUTTON === #

    def test_a_call_over_rpc_is_held(self):
        order = self._order(self.limited, 2000.0)
        call_kw(
            self.env["sale.order"].with_user(self.salesperson),
            "action_confirm",
            [order.ids],
            {},
        )
        self.assertEqual(order.credit_hold_state, "held")

    def test_a_context_sent_along_does_not_open_the_gate(self):
        order = self._order(self.limited, 2000.0)
        order.with_user(self.salesperson).with_context(
            **{"credit_collections.passed": order.ids, "bypass": True}
        ).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")

    def test_writing_the_state_is_held_and_keeps_what_else_was_written(self):
        order = self._order(self.limited, 2000.0)
        order.write({"state": "sale", "client_order_ref": "PO 7"})
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.client_order_ref, "PO 7")
        self.assertEqual(order.credit_hold_state, "held")

    def test_writing_the_state_of_a_good_order_confirms_it(self):
        order = self._order(self.limited, 1000.0)
        order.write({"state": "sale"})
        self.assertEqual(order.state, "sale")

    def test_an_order_imported_as_confirmed_is_held_as_a_quotation(self):
        order = self._order(self.limited, 2000.0, state="sale")
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.credit_hold_state, "held")
        self.assertEqual(order.amount_total, 2000.0)

    def test_a_good_order_imported_as_confirmed_stays_confirmed(self):
        order = self._order(self.limited, 1000.0, state="sale")
        self.assertEqual(order.state, "sale")

    def test_a_copy_of_a_held_order_is_not_held(self):
        order = self._order(self.limited, 2000.0)
        self._confirm(order)
        self.assertFalse(order.copy().credit_hold_id)

    # === RAISED AFTER CONFIRMATION === #

    def _confirmed(self, amount=1000.0, quantity=10):
        order = self._order(self.limited, amount, quantity=quantity)
        self._confirm(order)
        self.assertEqual(order.state, "sale")
        return order

    def test_raising_a_quantity_within_the_limit_is_free(self):
        order = self._confirmed(900.0, 9)
        order.order_line.product_uom_qty = 10
        self.assertFalse(order.credit_hold_id)

    def test_raising_a_quantity_over_the_limit_holds_and_keeps_the_order(self):
        order = self._confirmed()
        order.with_user(self.salesperson).order_line.product_uom_qty = 11
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.product_uom_qty, 11)
        hold = order.credit_hold_id
        self.assertEqual((hold.state, hold.checkpoint), ("held", "change"))
        self.assertEqual(hold.amount_over, 100.0)

    def test_raising_a_price_over_the_limit_holds(self):
        order = self._confirmed()
        order.order_line.price_unit = 100.01
        self.assertEqual(order.credit_hold_state, "held")

    def test_dropping_a_discount_over_the_limit_holds(self):
        order = self._order(self.limited, 1100.0)
        order.order_line.discount = 10.0  # 990
        self._confirm(order)
        order.order_line.discount = 0.0
        self.assertEqual(order.credit_hold_state, "held")

    def test_adding_a_line_over_the_limit_holds(self):
        order = self._confirmed()
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 1.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        self.assertEqual(order.credit_hold_state, "held")

    def test_lowering_an_order_of_a_customer_over_the_limit_is_free(self):
        order = self._confirmed()
        self._profile(self.limited).credit_limit = 100.0
        order.order_line.product_uom_qty = 5
        self.assertFalse(order.credit_hold_id)

    def test_what_is_invoiced_already_is_not_counted_twice_when_raised(self):
        order = self._confirmed(500.0, 5)
        order._create_invoices().action_post()
        # 500 invoiced and open, 4 more of 100: 900 of 1,000
        order.order_line.product_uom_qty = 9
        self.assertFalse(order.credit_hold_id)
        # 6 more: 1,100 of 1,000
        order.order_line.product_uom_qty = 11
        self.assertEqual(order.credit_hold_id.amount_over, 100.0)

    def test_a_deposit_that_does_not_count_lowers_nothing_when_raised(self):
        self.company.credit_count_deposit = False
        order = self._confirmed(500.0, 5)
        self._down_payment(order, amount=300.0)
        # 800 ordered + 300 receivable = 1,100 of 1,000
        order.order_line.filtered("product_uom_qty").product_uom_qty = 8
        self.assertEqual(order.credit_hold_id.amount_over, 100.0)

    # === CALL-OFF ORDERS === #

    def test_an_order_beyond_the_horizon_needs_no_credit_yet(self):
        self.company.credit_order_horizon_days = 30
        for days, state in ((29, "draft"), (30, "draft"), (31, "sale")):
            order = self._order(self.limited, 2000.0)
            order.commitment_date = self.today + timedelta(days=days)
            self._confirm(order)
            self.assertEqual(order.state, state, f"to be delivered in {days} days")

    def test_an_order_beyond_the_horizon_is_held_for_what_is_overdue(self):
        self.company.credit_order_horizon_days = 30
        self._rule("days_overdue", days=10, limit_share=0.0)
        self._receivable(self.limited, 10.0, due_in=-11)
        order = self._order(self.limited, 200.0)
        order.commitment_date = self.today + timedelta(days=60)
        self._confirm(order)
        self.assertEqual(order.credit_hold_id.line_ids.kind, "days_overdue")

    def test_what_is_overdue_holds_where_it_does_not_count_as_exposure_too(self):
        self.company.credit_count_overdue = False
        self._rule("overdue_amount", amount=99.0, limit_share=0.0)
        self._receivable(self.customer, 100.0, due_in=-1)
        order = self._order(self.customer, 1.0)
        self._confirm(order)
        hold = order.credit_hold_id
        self.assertEqual((hold.overdue_amount, hold.exposure_amount), (100.0, 0.0))

    # === HOLDS THAT END BY THEMSELVES === #

    def test_confirming_again_after_the_reason_is_gone_confirms(self):
        order = self._order(self.limited, 2000.0)
        self._confirm(order)
        hold = order.credit_hold_id
        order.order_line.price_unit = 900.0
        self._confirm(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(hold.state, "lapsed")

    def test_confirming_again_keeps_one_hold(self):
        order = self._order(self.limited, 2000.0)
        self._confirm(order)
        hold = order.credit_hold_id
        self._confirm(order)
        self.assertEqual(order.credit_hold_id, hold)
        self.assertEqual(len(hold.line_ids), 1)

    def test_cancelling_the_order_ends_the_hold(self):
        order = self._order(self.limited, 2000.0)
        self._confirm(order)
        hold = order.credit_hold_id
        order.with_user(self.salesperson).action_cancel()
        self.assertEqual(hold.state, "lapsed")

    # === COST === #

    def _count_queries(self, orders):
        """Return the number of statements that deciding on orders takes, once warm."""
        orders._credit_verdicts()
        self.env.flush_all()
        before = self.cr.sql_log_count
        orders._credit_verdicts(lock=True)
        return self.cr.sql_log_count - before

    def test_a_check_takes_two_queries_for_one_order_and_for_a_hundred(self):
        customers = self._customers([f"Count {n}" for n in range(100)], limit=1e6)
        orders = [self._order(customer) for customer in customers]
        self.assertEqual(self._count_queries(orders[0]), 2)
        self.assertEqual(self._count_queries(self.env["sale.order"].union(*orders)), 2)

    def test_a_check_takes_two_queries_with_fifty_rules_too(self):
        for _n in range(49):
            self._rule("order_amount", amount=1e9)
        order = self._order(self.limited, 100.0)
        self.assertEqual(self._count_queries(order), 2)

    def test_a_company_without_rules_pays_nothing(self):
        self.env["credit.rule"].search([]).active = False
        self.assertEqual(self._count_queries(self._order(self.limited)), 0)

    # === WHO MAY === #

    def test_a_salesperson_sees_own_holds_only(self):
        order = self._order(self.limited, 2000.0)
        self._confirm(order)
        hold = order.credit_hold_id
        colleague = self._user("credit_colleague", SALESPERSON)
        holds = self.env["credit.hold"]
        self.assertIn(hold, holds.with_user(self.salesperson).search([]))
        self.assertNotIn(hold, holds.with_user(colleague).search([]))

    def test_a_release_date_in_the_past_does_not_let_an_order_pass(self):
        order = self._order(self.limited, 2000.0)
        self._confirm(order)
        hold = order.credit_hold_id
        hold.with_user(self.manager)._release(self.release_reason, confirm=False)
        hold.sudo().valid_until = self.today - timedelta(days=1)
        self._confirm(order)
        self.assertEqual(order.state, "draft")
        self.assertNotEqual(order.credit_hold_id, hold)

    def test_who_passed_has_passed_also_behind_a_savepoint(self):
        order = self._order(self.limited, 100.0)
        with order._credit_passing():
            self.env.cr.precommit.add(lambda: None)  # as tracking does
            with self.env.cr.savepoint():
                pass
            self.assertIn(order.id, order._credit_passed_ids())
