from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionPriority(CollectionCommon):
    """Who comes first on the work list, and the words that say why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factors = cls.env["collection.priority.factor"]
        cls.factors.search([]).active = False

    @classmethod
    def _factor(cls, kind, low, high, points, **values):
        return cls.factors.create(
            {"kind": kind, "low": low, "high": high, "points": points, **values}
        )

    def _prioritized(self, *customers):
        """Return the profiles of customers with fresh figures and priorities."""
        profiles = self.profiles.browse()
        for customer in customers:
            profiles += self._profile(customer)
        profiles.action_refresh()
        self.profiles._write_priorities(self.company)
        return profiles

    def test_days_overdue_earn_in_proportion(self):
        self._factor("overdue_days", 0, 90, 25)
        late, later = self._prioritized(
            self._debtor("Late", (100.0, 9)), self._debtor("Later", (100.0, 45))
        )
        self.assertEqual(late.priority, 10)  # 9 of 90 days
        self.assertEqual(later.priority, 50)  # 45 of 90 days

    def test_the_amount_counts_beside_that_of_other_customers(self):
        self._factor("amount_rank", 0, 1, 10)
        # three customers: ranks 0, 1/2 and 1
        profiles = self._prioritized(
            self._debtor("Small", (10.0, 5)),
            self._debtor("Middle", (20.0, 5)),
            self._debtor("Large", (3000.0, 5)),
        )
        self.assertEqual(profiles.mapped("priority"), [0, 50, 100])

    def test_the_share_that_is_overdue_counts(self):
        self._factor("overdue_share", 0, 1, 10)
        (profile,) = self._prioritized(self._debtor("Half", (50.0, 5), (150.0, -20)))
        self.assertEqual(profile.priority, 25)  # 50 of 200

    def test_the_use_of_the_limit_counts(self):
        self._factor("limit_used", 0.8, 1.2, 10)
        (profile,) = self._prioritized(
            self._debtor("Limited", (1000.0, 5), limit=1000.0)
        )
        self.assertEqual(profile.priority, 50)  # (1.0 - 0.8) / 0.4

    def test_unlimited_customers_earn_nothing_for_a_limit(self):
        self._factor("limit_used", 0.0, 1.0, 10)
        (profile,) = self._prioritized(self._debtor("Unlimited", (1000.0, 5)))
        self.assertEqual(profile.priority, 0)

    def test_who_pays_is_urgent_no_more(self):
        self._factor("overdue_days", 0, 90, 25)
        customer = self._debtor("Late", (100.0, 45))
        (profile,) = self._prioritized(customer)
        self._payment(
            customer,
            100.0,
            self.env["account.move"].search([("partner_id", "=", customer.id)]),
        )
        self._prioritized(customer)
        self.assertEqual(profile.priority, 0)
        self.assertFalse(profile.priority_parts)

    def test_the_note_names_figures_and_points(self):
        self._factor("overdue_days", 0, 90, 25)
        (profile,) = self._prioritized(self._debtor("Late", (100.0, 36)))
        self.assertEqual(profile.priority_note, "36 days overdue (10 of 25)")

    def test_factors_of_other_companies_do_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._factor("overdue_days", 0, 90, 25, company_id=other.id)
        (profile,) = self._prioritized(self._debtor("Late", (100.0, 36)))
        self.assertEqual(profile.priority, 0)

    def test_a_range_that_ends_before_it_begins_is_refused(self):
        with self.assertRaises(ValidationError):
            self._factor("overdue_days", 30, 30, 5)

    def test_a_hundred_customers_take_as_many_queries_as_one(self):
        self._factor("overdue_days", 0, 90, 25)
        first = self._debtor("First", (100.0, 9))
        self._profile(first).action_refresh()
        self.env.flush_all()
        with self.assertQueryCount(3):  # factors, facts, write
            self.profiles._write_priorities(self.company)
        many = self.env["res.partner"].create(
            [{"name": f"Debtor {number}", "is_company": True} for number in range(99)]
        )
        profiles = self.profiles._ensure(self.company, many.ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_profile SET overdue_amount = 5, overdue_days = 9 "
            "WHERE id IN %s",
            [tuple(profiles.ids)],
        )
        with self.assertQueryCount(3):
            changed = self.profiles._write_priorities(self.company)
        self.assertEqual(len(changed), 99)

    def test_nothing_is_written_when_nothing_changed(self):
        self._factor("overdue_days", 0, 90, 25)
        self._prioritized(self._debtor("Late", (100.0, 36)))
        self.assertFalse(self.profiles._write_priorities(self.company))

    def test_collectors_do_not_set_factors(self):
        with self.assertRaises(AccessError):
            self.factors.with_user(self.collector).create(
                {"kind": "overdue_days", "low": 0, "high": 9, "points": 1}
            )

    def test_managers_set_factors(self):
        factor = self.factors.with_user(self.manager).create(
            {"kind": "overdue_days", "low": 0, "high": 9, "points": 1}
        )
        self.assertEqual(factor.points, 1)

    def test_nobody_writes_a_priority_by_hand(self):
        (profile,) = self._prioritized(self._debtor("Late", (100.0, 36)))
        with self.assertRaises(AccessError):
            profile.with_user(self.manager).write({"priority": 99})
