from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import RiskCommon


@tagged("post_install", "-at_install")
class TestRiskScore(RiskCommon):
    """Scores and classes of customers, written for one and for all of them."""

    def test_the_score_is_the_mean_by_weights(self):
        self._factor("overdue_days", (None, 10, 0), (10, None, 80), weight=30)
        self._factor("rating", ("B2", 20), weight=10)
        self._receivable(due_in=-10)
        self._profile(self.customer).external_rating = "b2"
        profile = self._scored()
        # (30 x 80 + 10 x 20) / 40 = 2600 / 40
        self.assertEqual(profile.risk_score, 65.0)
        self.assertEqual(profile.risk_class_id, self.class_c)
        self.assertEqual(profile.risk_scored_class_id, self.class_c)
        self.assertEqual(profile.risk_score_date, self.today)

    def test_a_day_below_the_range_the_other_range_counts(self):
        self._factor("overdue_days", (None, 10, 0), (10, None, 80))
        self._receivable(due_in=-9)
        self.assertEqual(self._scored().risk_class_id, self.class_a)

    def test_customers_of_whom_nothing_is_known_have_no_class(self):
        self._factor("overdue_days", (None, None, 50))
        self._factor("broken_promises", (None, None, 50))
        profile = self._scored(self._customer("New"))
        self.assertFalse(profile.risk_class_id)
        self.assertFalse(profile.risk_score)
        self.assertFalse(profile.next_review_date)

    def test_parts_say_what_is_not_known(self):
        self._factor("overdue_days", (None, None, 50))
        self._factor("dso", (None, None, 50))
        self._profile(self.customer).customer_since = self.today
        profile = self._scored()  # nothing sold: no days sales outstanding
        self.assertEqual(self._facts(profile), {"overdue_days": 0.0, "dso": None})
        shown = {one["kind"]: one["words"] for one in profile.risk_picture["parts"]}
        self.assertEqual(shown, {"overdue_days": "0", "dso": "not known"})

    def test_one_customer_and_all_have_the_same_scores(self):
        for kind in dict(self.factors._fields["kind"].selection):
            words = {"country": self.env.ref("base.be").id, "status": "none"}
            bands = (
                [(words.get(kind, "A"), 10)]
                if kind in ("country", "status", "rating")
                else [(None, 3, 20), (3, None, 70)]
            )
            self._factor(kind, *bands, default_score=50)
        customers = self._customer("One", country_id=self.env.ref("base.be").id)
        customers += self._customer("Two", limit=500.0)
        for number, customer in enumerate(customers, 1):
            invoice = self._receivable(customer, 100.0 * number, due_in=-5 * number)
            self._receivable(customer, 50.0, due_in=-1)
            self._payment(customer, 100.0, invoice)
        profiles = self._scored(customers[0]) + self._scored(customers[1])
        parts = profiles.mapped("risk_parts")
        self.assertTrue(all(len(some) == 16 for some in parts))
        self.env.cr.execute("UPDATE credit_profile SET risk_parts = NULL")
        profiles.invalidate_recordset()
        changed = profiles.browse()
        for customer in customers:
            changed += self.profiles._write_scores(self.company, customer.ids)
        self.assertEqual(changed, profiles)
        self.assertEqual(profiles.mapped("risk_parts"), parts)

    def test_facts_by_hand_score_at_once(self):
        self._factor("rating", ("A1", 0), ("C3", 90), default_score=50)
        profile = self._profile(self.customer)
        for rating, expected in (("a1 ", 0), ("C3", 90), ("X", 50), (False, 0)):
            profile.with_user(self.controller).external_rating = rating
            self.assertEqual(profile.risk_score, expected)
        self.assertFalse(profile.risk_class_id)

    def test_ratings_that_are_imported_score_together(self):
        self._factor("rating", ("A1", 0), ("C3", 90))
        profiles = self._profile(self.customer) + self._profile(self._customer("Two"))
        found = (
            profiles.with_user(self.controller)
            .with_context(import_file=True)
            .load(
                [".id", "external_rating", "external_rating_date"],
                [
                    [str(profiles[0].id), "A1", "2026-01-31"],
                    [str(profiles[1].id), "C3", "2026-01-31"],
                ],
            )
        )
        self.assertEqual(found["ids"], profiles.ids)
        self.env.cr.flush()  # as saving the import does
        classes = self.class_a + self.class_c
        self.assertEqual(profiles.mapped("risk_class_id"), classes)

    def test_a_hold_scores_at_once(self):
        self._factor("status", ("orders", 100))
        profile = self._profile(self.customer)
        profile.credit_status = "orders"
        self.assertEqual(profile.risk_class_id, self.class_c)

    def test_factors_of_the_company_go_before_shared_ones(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._factor("rating", default_score=10)
        self._factor("rating", default_score=40, company_id=self.company.id)
        self._factor("rating", default_score=90, company_id=other.id)
        profile = self._profile(self.customer)
        profile.external_rating = "A"
        self.assertEqual(profile.risk_score, 40)

    def test_nothing_is_written_when_nothing_changed(self):
        self._factor("overdue_days", (None, None, 50))
        self._receivable(due_in=-10)
        self._scored()
        self.assertFalse(self.profiles._write_scores(self.company))

    def test_a_hundred_customers_take_as_many_queries_as_one(self):
        self._factor("overdue_days", (None, 10, 0), (10, None, 80))
        self._factor("dso", (None, None, 50))
        self._scored()
        self.env.flush_all()

        def score():
            # pot, classes and cycles, factors, ranges, facts, write
            with self.assertQueryCount(10):
                return self.profiles._write_scores(self.company)

        self.env.invalidate_all()
        score()
        many = self.env["res.partner"].create(
            [{"name": f"Debtor {number}", "is_company": True} for number in range(100)]
        )
        profiles = self.profiles._ensure(self.company, many.ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_profile SET overdue_amount = 5, overdue_days = 11 "
            "WHERE id IN %s",
            [tuple(profiles.ids)],
        )
        self.env.invalidate_all()
        self.assertEqual(len(score()), 100)

    def test_the_night_scores(self):
        self._factor("overdue_days", (None, None, 50))
        self._receivable(due_in=-10)
        profile = self._profile(self.customer)
        profile.action_refresh()
        self.profiles._prepare_collection(self.company)
        self.assertEqual(profile.risk_class_id, self.class_b)

    # === CLASSES === #

    def test_a_class_begins_with_its_first_score(self):
        for score, expected in ((29.9, "A"), (30, "B"), (59.9, "B"), (60, "C")):
            self.factors.search([]).unlink()
            self._factor("overdue_days", (None, None, score))
            self._receivable(due_in=-1)
            self.assertEqual(self._scored().risk_class_id.name, expected)

    def test_a_class_ends_where_the_next_begins(self):
        ends = (self.class_a + self.class_b + self.class_c).mapped("score_to")
        self.assertEqual(ends, [30, 60, 100])
        self.class_b.active = False
        self.env.invalidate_all()
        self.assertEqual(self.class_a.score_to, 60)

    # === REVIEWS === #

    def test_the_first_class_sets_the_next_review(self):
        self._factor("overdue_days", (None, None, 50))
        self._receivable(due_in=-1)
        expected = self.today + relativedelta(months=6)
        self.assertEqual(self._scored().next_review_date, expected)

    def test_a_worse_class_brings_the_review_forward(self):
        self._factor("rating", ("A", 0), ("C", 90))
        profile = self._profile(self.customer)
        profile.external_rating = "A"
        last = self.today - relativedelta(months=2)
        profile.write(
            {"last_review_date": last, "next_review_date": last + timedelta(days=300)}
        )
        profile.external_rating = "C"
        self.assertEqual(profile.next_review_date, last + relativedelta(months=3))

    def test_a_day_of_review_by_hand_stays(self):
        self._factor("overdue_days", (None, None, 50))
        self._receivable(due_in=-1)
        profile = self._scored()
        profile.with_user(self.controller).next_review_date = self.today
        self._scored()
        self.assertEqual(profile.next_review_date, self.today)

    def test_a_review_done_sets_the_next_one_by_the_class(self):
        self._factor("overdue_days", (None, None, 50))
        self._receivable(due_in=-1)
        profile = self._scored()
        profile.next_review_date = self.today
        profile.with_user(self.controller).action_review_done()
        self.assertEqual(profile.last_review_date, self.today)
        expected = self.today + relativedelta(months=6)
        self.assertEqual(profile.next_review_date, expected)

    def test_collectors_review_nothing(self):
        for user in (self.collector, self.auditor, self.salesperson):
            with self.assertRaises(AccessError):
                self._profile(self.customer).with_user(user).action_review_done()

    # === FACTORS === #

    def test_shares_are_shown_in_percent_and_other_figures_as_they_are(self):
        share = self._factor("overdue_share", (None, 0.05, 0), (0.05, 0.2, 25))
        self.assertEqual(
            share.band_ids.mapped("display_name"),
            ["below 5 %: 0", "from 5 %, below 20 %: 25"],
        )
        days = self._factor("days_late", (None, 1, 0), (1, None, 20))
        self.assertEqual(
            days.band_ids.mapped("display_name"), ["below 1: 0", "from 1: 20"]
        )

    def test_ranges_that_overlap_are_refused(self):
        for bands in (
            [(0, 10, 5), (9, 20, 5)],
            [(None, 10, 5), (None, 3, 5)],
            [(None, None, 5), (3, 4, 5)],
        ):
            with self.assertRaises(ValidationError) as refused:
                self._factor("overdue_days", *bands)
            self.assertIn("overlap", str(refused.exception))

    def test_ranges_may_meet(self):
        factor = self._factor("overdue_days", (None, 10, 5), (10, 20, 6), (25, None, 7))
        self.assertEqual(len(factor.band_ids), 3)

    def test_a_range_that_ends_before_it_begins_is_refused(self):
        with self.assertRaises(ValidationError):
            self._factor("overdue_days", (10, 10, 5))

    def test_values_have_one_score(self):
        with self.assertRaises(ValidationError):
            self._factor("rating", ("A1", 5), (" a1", 6))
        with self.assertRaises(ValidationError):
            self._factor("rating", ("", 5))

    def test_ranges_do_not_fit_a_fact_of_words(self):
        factor = self._factor("overdue_days", (None, 10, 5))
        with self.assertRaises(ValidationError):
            factor.kind = "rating"
