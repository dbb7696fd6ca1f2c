from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ...engine.risk.scoring import Part
from .common import RiskCommon


@tagged("post_install", "-at_install")
class TestRiskOverride(RiskCommon):
    """Classes by hand, and the history of all classes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._factor("rating", ("A", 10), ("B", 40), ("C", 90))
        cls.profile = cls._profile(cls.customer)
        cls.profile.external_rating = "B"
        cls.until = cls.today + timedelta(days=10)

    def _choose(self, risk_class=None, user=None, **values):
        wizards = self.env["credit.risk.override"].with_user(user or self.manager)
        wizard = wizards.create(
            {
                "profile_ids": self.profile.ids,
                "class_id": (risk_class or self.class_a).id,
                "reason_id": self.reason.id,
                "until": self.until,
                "note": "Looked through the accounts",
                **values,
            }
        )
        wizard.action_confirm()

    def _nightly(self, day):
        with freeze_time(day):
            self.profiles.sudo()._write_scores(self.company)

    def test_a_class_by_hand_counts_instead_of_the_score(self):
        self._choose()
        self.assertEqual(self.profile.risk_class_id, self.class_a)
        self.assertEqual(self.profile.risk_scored_class_id, self.class_b)
        self.assertEqual(self.profile.risk_score, 40)
        self.assertEqual(self.profile.risk_override_user_id, self.manager)
        self.assertIn(self.reason.name, self.profile.risk_note)

    def test_it_counts_up_to_its_last_day_and_ends_by_itself(self):
        self._choose()
        self._nightly(self.until)
        self.assertEqual(self.profile.risk_class_id, self.class_a)
        self._nightly(self.until + timedelta(days=1))
        self.assertEqual(self.profile.risk_class_id, self.class_b)
        self.assertFalse(self.profile.risk_override_class_id)
        self.assertFalse(self.profile.risk_override_until)
        self.assertEqual(self.profile.risk_history_ids[:1].source, "end")

    def test_scores_that_change_meanwhile_do_not_change_the_class(self):
        self._choose()
        self.profile.external_rating = "C"
        self.assertEqual(self.profile.risk_score, 90)
        self.assertEqual(self.profile.risk_class_id, self.class_a)
        self._nightly(self.until + timedelta(days=1))
        self.assertEqual(self.profile.risk_class_id, self.class_c)

    def test_managers_end_it_before(self):
        self._choose()
        self.profile.with_user(self.manager).action_end_override()
        self.assertEqual(self.profile.risk_class_id, self.class_b)
        self.assertEqual(self.profile.risk_history_ids[:1].user_id, self.manager)

    def test_a_class_can_be_chosen_for_a_customer_of_whom_nothing_is_known(self):
        self.profile = self._profile(self._customer("New"))
        self._choose(self.class_c)
        self.assertEqual(self.profile.risk_class_id, self.class_c)
        self.assertFalse(self.profile.risk_scored_class_id)

    def test_days_in_the_past_are_refused(self):
        with self.assertRaises(UserError):
            self._choose(until=self.today - timedelta(days=1))
        self._choose(until=self.today)

    def test_reasons_for_something_else_are_refused(self):
        with self.assertRaises(UserError):
            self._choose(reason_id=self.release_reason.id)

    def test_only_managers_choose(self):
        for user in (self.controller, self.collector, self.auditor, self.salesperson):
            with self.assertRaises(AccessError):
                self._choose(user=user)
            profile = self.profile.with_user(user)
            with self.assertRaises(AccessError):
                profile.action_override_risk()
            with self.assertRaises(AccessError):
                profile.action_end_override()
            with self.assertRaises(AccessError):
                profile._override_risk(self.class_a, self.reason, self.until)

    def test_nobody_writes_scores_or_choices_by_hand(self):
        for values in (
            {"risk_score": 1.0},
            {"risk_class_id": self.class_a.id},
            {"risk_parts": []},
            {"risk_override_class_id": self.class_a.id},
            {"risk_override_until": self.until},
        ):
            with self.assertRaises(AccessError):
                self.profile.with_user(self.manager).write(values)

    # === HISTORY === #

    def test_every_change_is_on_record(self):
        self.profile.external_rating = "A"
        self._choose(self.class_c)
        self.profile.external_rating = "B"
        found = [
            (one.source, one.score_before, one.score, one.class_before_id, one.class_id)
            for one in self.profile.risk_history_ids
        ]
        none = self.classes
        self.assertEqual(
            found,
            [
                ("score", 10, 40, self.class_c, self.class_c),
                ("override", 10, 10, self.class_a, self.class_c),
                ("score", 40, 10, self.class_b, self.class_a),
                ("score", 0, 40, none, self.class_b),
            ],
        )
        chosen = self.profile.risk_history_ids[1]
        self.assertEqual(chosen.user_id, self.manager)
        self.assertEqual(chosen.reason_id, self.reason)
        self.assertEqual(chosen.note, "Looked through the accounts")
        self.assertEqual(Part(*chosen.parts[0]).fact, "A")

    def test_a_score_that_stays_leaves_no_record(self):
        before = self.profile.risk_history_ids
        self._nightly(self.today + timedelta(days=1))
        self.assertEqual(self.profile.risk_history_ids, before)

    def test_a_choice_is_on_record_even_if_it_is_the_class_by_score(self):
        self._choose(self.class_b)
        self.assertEqual(self.profile.risk_history_ids[:1].source, "override")

    def test_nobody_changes_the_past(self):
        record = self.profile.risk_history_ids[:1]
        for user in (self.env.user, self.manager, self.env.ref("base.user_root")):
            mine = record.with_user(user)
            with self.assertRaises(AccessError):
                mine.write({"score": 1.0})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create(
                    {
                        "profile_id": self.profile.id,
                        "date": self.today,
                        "source": "score",
                    }
                )

    def test_collectors_and_auditors_read_the_past_salespeople_do_not(self):
        record = self.profile.risk_history_ids[:1]
        for user in (self.collector, self.auditor, self.controller, self.manager):
            self.assertEqual(record.with_user(user).class_id, self.class_b)
        with self.assertRaises(AccessError):
            record.with_user(self.salesperson).read(["score"])

    def test_customers_that_are_merged_keep_their_past(self):
        target = self._customer("Target")
        history = self.profile.risk_history_ids
        self.profiles.sudo()._merge(self.customer, target)
        kept = self._profile(target)
        self.assertIn(history, kept.risk_history_ids)

    # === CONFIGURATION === #

    def test_managers_set_factors_and_classes(self):
        factor = self.factors.with_user(self.manager).create({"kind": "dso"})
        factor.band_ids = [(0, 0, {"is_open_low": True, "high": 30})]
        self.class_a.with_user(self.manager).review_months = 24
        self.assertEqual(self.class_a.review_months, 24)
        self.assertEqual(factor.band_ids.high, 30)

    def test_others_read_them(self):
        for user in (self.collector, self.auditor, self.controller):
            with self.assertRaises(AccessError):
                self.factors.with_user(user).create({"kind": "dso"})
            with self.assertRaises(AccessError):
                self.class_a.with_user(user).review_months = 24
            self.assertTrue(self.factors.with_user(user).search([]).band_ids)

    def test_histories_of_other_companies_are_not_seen(self):
        other = self._create_company(name="Other")
        there = self._profile(self.customer, other)
        there.external_rating = "C"
        self.assertTrue(there.risk_history_ids)
        with self.assertRaises(AccessError):
            there.risk_history_ids.with_user(self.manager).read(["score"])
