from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .common import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleKinds(RuleCommon):
    """Salespeople confirm orders; every kind of rule holds what it is there to hold."""

    def _days_ago(self, days):
        return self.today - timedelta(days=days)

    # === LIMIT EXPIRED === #

    def _expire(self, days_ago, limit=1000.0):
        self.profile.sudo().write(
            {
                "limit_policy": "limited",
                "credit_limit": limit,
                "limit_expiry_date": self._days_ago(days_ago),
            }
        )

    def test_an_expired_limit_holds_after_the_grace(self):
        self._rule("limit_expired", days=10)
        for days, is_held in ((-1, False), (0, False), (10, False), (11, True)):
            self._expire(days)
            order = self._confirm(amount=10.0)
            self.assertEqual(
                order.credit_hold_state == "held", is_held, f"ended {days} days ago"
            )

    def test_the_reason_of_an_expired_limit_names_its_last_day(self):
        self._rule("limit_expired", days=10)
        self._expire(11)
        last_day = format_date(self.env, self._days_ago(11))
        self._assert_held("limit_expired", last_day, "11 days", "allowed: 10")

    def test_a_limit_without_end_passes_unless_the_company_wants_one(self):
        self._rule("limit_expired")
        self.profile.sudo().write({"limit_policy": "limited", "credit_limit": 1000.0})
        self._assert_passes(amount=10.0)
        self.company.credit_blank_expiry_blocks = True
        self._assert_held("limit_expired", "until when", amount=10.0)

    def test_unlimited_credit_needs_no_end(self):
        self._rule("limit_expired")
        self.company.credit_blank_expiry_blocks = True
        self.profile.sudo().limit_policy = "unlimited"
        self._assert_passes()

    # === ACCOUNT STATUS === #

    def test_an_account_status_that_is_only_noted_holds_where_a_rule_asks_for_it(self):
        self.profile.status_reason_id = self.watched
        self.profile.action_note_status()
        self._rule("manual")
        self._assert_passes()
        self._rule("account_status", status_reason_ids=[Command.set(self.watched.ids)])
        self._assert_held("account_status", "“Watched”")

    def test_another_account_status_passes(self):
        self._rule("account_status", status_reason_ids=[Command.set(self.watched.ids)])
        self.profile.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_review"
        )
        self._assert_passes()

    # === PAYMENT TERMS === #

    def test_payment_terms_of_the_order(self):
        short, long_ = self._terms("Two weeks", 14), self._terms("Half a year", 180)
        self._rule("payment_terms", payment_term_ids=[Command.set(long_.ids)])
        self._assert_passes(payment_term_id=short.id)
        self._assert_passes(payment_term_id=False)
        self._assert_held("payment_terms", "“Half a year”", payment_term_id=long_.id)

    def test_longer_credit_than_usual(self):
        self._rule("terms_better", days=5)
        self.customer.property_payment_term_id = self._terms("Usual", 30)
        for days, is_held in ((30, False), (35, False), (36, True)):
            terms = self._terms(f"{days} days", days)
            order = self._confirm(payment_term_id=terms.id)
            self.assertEqual(order.credit_hold_state == "held", is_held, f"{days} days")

    def test_the_reason_of_longer_credit_names_both_terms(self):
        self._rule("terms_better")
        self.customer.property_payment_term_id = self._terms("Usual", 30)
        terms = self._terms("Generous", 90)
        # 90 - 30
        self._assert_held(
            "terms_better", "60 days", "Generous", "Usual", payment_term_id=terms.id
        )

    def test_who_has_no_terms_pays_at_once(self):
        self._rule("terms_better")
        self.customer.property_payment_term_id = False
        terms = self._terms("A week", 7)
        self._assert_held("terms_better", "Due at once", payment_term_id=terms.id)

    def test_a_better_discount_than_usual(self):
        self._rule("terms_better")
        discount = {
            "early_discount": True,
            "discount_percentage": 2.0,
            "discount_days": 10,
        }
        self.customer.property_payment_term_id = self._terms("Usual", 30, **discount)
        same = self._terms("Same", 30, **discount)
        better = self._terms("Better", 30, **{**discount, "discount_percentage": 3.0})
        self._assert_passes(payment_term_id=same.id)
        self._assert_held("terms_better", "discount", payment_term_id=better.id)

    def test_the_terms_that_count_are_those_of_the_one_who_pays(self):
        self._rule("terms_better")
        payer = self._customer("Payer")
        month = self._terms("Month", 30)
        payer.property_payment_term_id = month
        self._assert_passes(partner_invoice_id=payer.id, payment_term_id=month.id)

    def test_the_length_of_terms_is_that_of_the_last_instalment(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 60 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 60)
                ],
            }
        )
        self.assertEqual(terms._credit_terms(terms.id).days, 60)

    def test_terms_to_the_end_of_the_month_count_the_longest_month(self):
        line = {
            "value": "percent",
            "value_amount": 100,
            "delay_type": "days_after_end_of_month",
            "nb_days": 10,
        }
        terms = self.env["account.payment.term"].create(
            {"name": "End of month + 10", "line_ids": [Command.create(line)]}
        )
        # from the 1st to the 31st are 30 days
        self.assertEqual(terms._credit_terms(terms.id).days, 40)

    def test_changed_terms_count_at_once(self):
        terms = self._terms("Changing", 30)
        self.assertEqual(terms._credit_terms(terms.id).days, 30)
        terms.line_ids.nb_days = 45
        self.assertEqual(terms._credit_terms(terms.id).days, 45)
        terms.early_discount = True
        self.assertEqual(terms._credit_terms(terms.id).discount, 0.02)

    # === RISK CLASS === #

    def test_a_risk_class(self):
        self._rule("risk_class", risk_class_ids=[Command.set(self.risky.ids)])
        self._assert_held("risk_class", "“Risky”")
        self.profile.sudo().risk_class_id = self.good
        self._assert_passes()

    # === COLLECTIONS === #

    def test_broken_promises(self):
        self._rule("broken_promises", count=2)
        for broken, is_held in ((0, False), (2, False), (3, True)):
            self.profile.sudo().broken_promise_count = broken
            order = self._confirm(amount=10.0)
            self.assertEqual(order.credit_hold_state == "held", is_held, f"{broken}")
        message = order.credit_hold_id.line_ids.message
        self.assertIn("3 (allowed: 2)", message)

    def _remind(self, customer, level, amount=50.0):
        invoice = self._receivable(customer, amount, due_in=-30)
        self._open_items(invoice).sudo().collection_level = level
        return invoice

    def test_a_collection_step_that_was_reached(self):
        self._rule("dunning_step", count=3)
        self._remind(self.customer, 1)
        self._remind(self.customer, 2)
        self._assert_passes()
        self._remind(self.customer, 3)
        self._assert_held("dunning_step", "step 3", "150.00")  # 3 x 50 overdue

    def test_without_a_rule_about_steps_they_are_not_looked_up(self):
        self._remind(self.customer, 3)
        self._rule("days_overdue", days=10)
        verdicts = self._order()._credit_verdicts()
        (verdict,) = verdicts.values()
        self.assertEqual(verdict.customer.standing.dunning_level, 0)

    def test_a_step_about_an_item_of_a_contact_counts(self):
        self._rule("dunning_step", count=1)
        contact = self.customer.create(
            {"name": "Branch office", "parent_id": self.customer.id}
        )
        self._remind(contact, 1)
        self._assert_held("dunning_step")

    def test_a_step_about_an_item_that_is_paid_is_over(self):
        self._rule("dunning_step", count=1)
        invoice = self._remind(self.customer, 4)
        self._payment(self.customer, 50.0, invoice)
        self._assert_passes()

    def test_a_step_in_another_company_does_not_count(self):
        self._rule("dunning_step", count=1)
        invoice = self._remind(self.customer, 4)
        other = self._create_company(name="Other")
        profile = self._profile(self.customer, other)
        self.assertEqual(invoice.company_id, self.company)
        credit = self.profiles._collect(other, self.customer.ids)
        found = credit[self.customer.id]
        self.assertEqual(found.profile_id, profile.id)
        self.assertEqual(found.standing.dunning_level, 0)
        credit = self.profiles._collect(self.company, self.customer.ids)
        self.assertEqual(credit[self.customer.id].standing.dunning_level, 4)

    # === ALL KINDS === #

    def _of_all_kinds(self, terms):
        """Return what a rule of each kind needs to hold the customer of these tests."""
        kinds = {
            "limit_used": {"limit_share": 1.0},
            "days_overdue": {"days": 5},
            "overdue_amount": {"amount": 10.0},
            "order_amount": {"amount": 0.5},
            "manual": {},
            "limit_expired": {},
            "account_status": {"status_reason_ids": [Command.set(self.watched.ids)]},
            "payment_terms": {"payment_term_ids": [Command.set(terms.ids)]},
            "terms_better": {},
            "risk_class": {"risk_class_ids": [Command.set(self.risky.ids)]},
            "broken_promises": {},
            "dunning_step": {},
        }
        known = dict(self.env["credit.rule"]._fields["kind"].selection)
        self.assertEqual(set(kinds), set(known))
        return kinds

    def test_a_prepaid_order_passes_all_of_them_but_a_hold_by_hand(self):
        terms = self._terms("Long", 90)
        self.profile.status_reason_id = self.watched
        self.profile.sudo().write(
            {
                "limit_policy": "limited",
                "credit_limit": 10.0,
                "broken_promise_count": 9,
                "limit_expiry_date": date(2000, 1, 1),
            }
        )
        self._remind(self.customer, 4)  # 50 overdue since 30 days
        kinds = self._of_all_kinds(terms)
        for kind, values in kinds.items():
            self._rule(kind, **values)
        self._assert_passes(amount=0.0, payment_term_id=terms.id)
        self.profile.action_set_on_hold()
        order = self._confirm(amount=0.0, payment_term_id=terms.id)
        self.assertEqual(order.credit_hold_id.line_ids.mapped("kind"), ["manual"])
        order = self._confirm(amount=1.0, payment_term_id=terms.id)
        self.assertEqual(
            sorted(order.credit_hold_id.line_ids.mapped("kind")), sorted(kinds)
        )

    # === COST === #

    def _count_queries(self, order):
        """Return how many statements a decision takes, once warm."""
        order._credit_verdicts()
        self.env.flush_all()
        before = self.cr.sql_log_count
        order._credit_verdicts(lock=True)
        return self.cr.sql_log_count - before

    def test_fifty_rules_of_all_kinds_cost_as_many_statements_as_one(self):
        terms = self._terms("Month", 30)
        order = self._order(payment_term_id=terms.id)
        self._rule("limit_expired", days=10)
        one = self._count_queries(order)
        kinds = self._of_all_kinds(terms)
        for number in range(49):
            kind = list(kinds)[number % len(kinds)]
            level = ("customer", "group", "segment", "all")[number // len(kinds) % 4]
            self._rule(
                kind,
                level=level,
                profile_id=self.profile.id,
                group_id=self.group.id,
                segment_id=self.segment.id,
                rule_type="exclude" if number % 2 else "block",
                **kinds[kind],
            )
        self.assertEqual(self.env["credit.rule"].search_count([]), 50)
        self.assertEqual(self._count_queries(order), one)
        self.assertEqual(one, 2)
