from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..group.common import GroupCommon

INSURANCE = "credit_collections.credit_collateral_type_insurance"
PARENT = "credit_collections.credit_collateral_type_parent"


@tagged("post_install", "-at_install")
class TestCollateral(GroupCommon):
    """What may be entered, who validates it, and what somebody is reminded of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_approver_id = cls.manager
        cls.profile = cls._profile(cls.customer)
        cls.profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        cls.insurance = cls.env.ref(INSURANCE)

    def _day(self, days):
        return self.today + timedelta(days=days)

    # === WHAT MAY BE ENTERED === #

    def _assert_refused(self, **values):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._collateral(self.customer, **{"amount": 100.0, **values})

    def test_an_amount_is_more_than_zero(self):
        self._assert_refused(amount=-1.0)
        self._assert_refused(amount=0.0)

    def test_the_end_is_not_before_the_beginning(self):
        self._assert_refused(date_from=self._day(1), date_to=self._day(0))
        one_day = self._collateral(
            self.customer, 100.0, date_from=self._day(0), date_to=self._day(0)
        )
        self.assertEqual(one_day.state, "active")

    def test_a_share_is_between_nothing_and_all(self):
        self._assert_refused(limit_share=-0.01)
        self._assert_refused(limit_share=1.01)
        for share in (0.0, 1.0):
            collateral = self._collateral(self.customer, 100.0, limit_share=share)
            self.assertEqual(collateral.limit_amount, 100.0 * share)

    def test_deadlines_are_no_negative_number_of_days(self):
        self._assert_refused(claim_days=-1)

    def test_a_currency_without_rate_is_refused(self):
        currency = self.env["res.currency"].create({"name": "XQT", "symbol": "Q"})
        with self.assertRaisesRegex(ValidationError, "no exchange rate of XQT"):
            self._collateral(self.customer, 100.0, currency_id=currency.id)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2020-01-01", "rate": 4.0}
        )
        collateral = self._collateral(self.customer, 100.0, currency_id=currency.id)
        self.assertEqual(collateral.limit_amount, 25.0)

    def test_only_insurance_has_a_coverage_type(self):
        with self.assertRaisesRegex(ValidationError, "no insurance"):
            self._collateral(self.customer, 100.0, coverage_type="named")
        insured = self._collateral(
            self.customer, 100.0, type_id=self.insurance.id, coverage_type="named"
        )
        self.assertEqual(insured.state, "active")

    def test_nobody_guarantees_for_his_own_debts(self):
        with self.assertRaisesRegex(ValidationError, "its own debts"):
            self._collateral(self.customer, 100.0, guarantor_id=self.customer.id)

    def test_the_type_proposes_the_share(self):
        form = Form(self.env["credit.collateral"])
        form.profile_id = self.profile
        form.type_id = self.env.ref(PARENT)
        form.amount = 100.0
        collateral = form.save()
        self.assertEqual(collateral.limit_share, 0.5)
        self.assertEqual(collateral.limit_amount, 50.0)
        self.assertEqual(collateral.state, "draft")

    def test_the_name_says_what_it_is_and_whose(self):
        collateral = self._collateral(self.customer, 100.0, policy_number="P-7")
        self.assertEqual(collateral.display_name, "Bank Guarantee, P-7, Customer")

    # === STATES === #

    def test_the_state_follows_the_dates(self):
        collateral = self._collateral(
            self.customer, 100.0, date_from=self._day(2), date_to=self._day(4)
        )
        self.assertEqual(collateral.state, "upcoming")
        expected = {1: "upcoming", 2: "active", 4: "active", 5: "expired"}
        for day, state in expected.items():
            with freeze_time(self._day(day)):
                self._profile(self.customer)._mind_deadlines(self.company)
                self.assertEqual(collateral.state, state, f"day {day}")

    def test_collateral_that_is_over_is_not_validated(self):
        collateral = self._collateral(
            self.customer,
            100.0,
            validate=False,
            date_from=self._day(-4),
            date_to=self._day(-1),
        )
        with self.assertRaisesRegex(UserError, "over already"):
            collateral.action_validate()

    def test_collateral_is_validated_once(self):
        collateral = self._collateral(self.customer, 100.0)
        with self.assertRaisesRegex(UserError, "already"):
            collateral.action_validate()

    # === WHO MAY === #

    def _propose(self, user):
        return (
            self.env["credit.collateral"]
            .with_user(user)
            .create(
                {
                    "profile_id": self.profile.id,
                    "type_id": self.insurance.id,
                    "amount": 400.0,
                    "currency_id": self.company.currency_id.id,
                }
            )
        )

    def test_the_task_to_validate_says_what(self):
        collateral = self._propose(self.controller)
        self.assertEqual(
            collateral.activity_ids.summary,
            f"Validate {self.insurance.name} of {self.customer.name}",
        )

    def test_controllers_propose_and_managers_validate(self):
        collateral = self._propose(self.controller)
        self.assertEqual(self.profile.effective_limit, 1000.0)
        self.assertEqual(collateral.activity_ids.user_id, self.manager)
        with self.assertRaisesRegex(AccessError, "Only credit managers may validate"):
            collateral.action_validate()
        collateral.with_user(self.manager).action_validate()
        self.assertEqual(collateral.validated_by_id, self.manager)
        self.assertFalse(collateral.activity_ids)
        self.assertEqual(self.profile.effective_limit, 1400.0)

    def test_controllers_change_proposals_and_nothing_that_counts(self):
        collateral = self._propose(self.controller)
        collateral.amount = 500.0
        collateral.with_user(self.manager).action_validate()
        collateral.note = "Called the insurer"
        for vals in ({"amount": 9.0}, {"date_to": self.today}, {"active": False}):
            with self.assertRaisesRegex(AccessError, "was validated"):
                collateral.write(vals)
        collateral.with_user(self.manager).amount = 600.0
        self.assertEqual(self.profile.effective_limit, 1600.0)

    def test_nobody_validates_by_hand(self):
        collateral = self._propose(self.controller)
        for user in (self.controller, self.manager):
            with self.assertRaisesRegex(AccessError, "with the button"):
                collateral.with_user(user).validated_date = self.today
        with self.assertRaisesRegex(AccessError, "with the button"):
            self.env["credit.collateral"].with_user(self.controller).create(
                {
                    "profile_id": self.profile.id,
                    "type_id": self.insurance.id,
                    "amount": 400.0,
                    "validated_date": self.today,
                }
            )

    def test_proposals_are_deleted_and_what_counted_is_not(self):
        self._propose(self.controller).unlink()
        collateral = self._collateral(self.customer, 100.0)
        with self.assertRaisesRegex(UserError, "stays on record"):
            collateral.with_user(self.manager).unlink()

    def test_collectors_and_auditors_read(self):
        collateral = self._collateral(self.customer, 100.0)
        collector = self._user("c_collector", "credit_collections.group_collector")
        auditor = self._user("c_auditor", "account.group_account_readonly")
        for user in (collector, auditor):
            self.assertEqual(collateral.with_user(user).amount, 100.0)
            with self.assertRaises(AccessError):
                collateral.with_user(user).amount = 200.0
            with self.assertRaises(AccessError):
                self._propose(user)

    def test_salespeople_see_the_sum_and_not_the_contracts(self):
        self._collateral(self.customer, 100.0)
        profile = self.profile.with_user(self.salesperson)
        self.assertEqual(profile.collateral_amount, 100.0)
        self.assertIn("collateral", profile.limit_origin)
        with self.assertRaises(AccessError):
            self.env["credit.collateral"].with_user(self.salesperson).search([])

    def test_collateral_of_foreign_companies_is_not_seen(self):
        other = self.setup_other_company(name="Other")["company"]
        foreign = self.env["credit.collateral"].create(
            {
                "profile_id": self._profile(self.customer, other).id,
                "type_id": self.insurance.id,
                "amount": 100.0,
                "currency_id": other.currency_id.id,
            }
        )
        own = self._collateral(self.customer, 100.0)
        seen = self.env["credit.collateral"].with_user(self.manager).search([])
        self.assertIn(own, seen)
        self.assertNotIn(foreign, seen)

    def test_managers_alone_make_types(self):
        types = self.env["credit.collateral.type"]
        types.with_user(self.manager).create({"name": "Lien", "kind": "other"})
        with self.assertRaises(AccessError):
            types.with_user(self.controller).create({"name": "Lien", "kind": "other"})

    # === DEADLINES === #

    def _insured(self, **values):
        return self._collateral(
            self.customer, 400.0, type_id=self.insurance.id, **values
        )

    def _reminders(self, collateral):
        self._profile(self.customer)._mind_deadlines(self.company)
        kind = self.env.ref("credit_collections.mail_activity_collateral_deadline")
        return collateral.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def test_deadlines_run_from_the_oldest_item(self):
        # due 10 days ago: report within 20, file the claim within 60
        self._receivable(amount=100.0, due_in=-10)
        self._receivable(amount=100.0, due_in=-3)
        self.profiles._refresh_figures(self.company)
        collateral = self._insured(notice_days=20, claim_days=60, extension_days=5)
        self.assertEqual(collateral.notice_date, self._day(10))
        self.assertEqual(collateral.claim_date, self._day(50))
        self.assertEqual(collateral.extension_date, self._day(-5))
        self.assertEqual(collateral.deadline_kind, "notice")
        self.assertEqual(collateral.deadline_date, self._day(10))

    def test_who_owes_nothing_has_no_deadline_but_the_end(self):
        collateral = self._insured(notice_days=20, date_to=self._day(200))
        self.assertFalse(collateral.notice_date)
        self.assertEqual(collateral.deadline_kind, "expiry")
        self.assertEqual(collateral.deadline_date, self._day(200))

    def test_deadlines_fall_away_when_the_customer_pays(self):
        invoice = self._receivable(amount=100.0, due_in=-10)
        self.profiles._refresh_figures(self.company)
        collateral = self._insured(notice_days=20)
        self._payment(amount=100.0, invoices=invoice)
        self.profiles._refresh_figures(self.company)
        self._reminders(collateral)
        self.assertFalse(collateral.deadline_date)

    def test_somebody_is_reminded_thirty_days_ahead(self):
        for days, count in ((31, 0), (30, 1), (0, 1)):
            collateral = self._insured(date_to=self._day(days))
            reminders = self._reminders(collateral)
            self.assertEqual(len(reminders), count, f"{days} days")
            if count:
                self.assertEqual(reminders.date_deadline, self._day(days))

    def test_the_reminder_says_what_is_to_be_done(self):
        self._receivable(amount=100.0, due_in=-10)
        self.profiles._refresh_figures(self.company)
        collateral = self._insured(notice_days=20, claim_days=30)
        summaries = (
            self._reminders(collateral).sorted("date_deadline").mapped("summary")
        )
        self.assertEqual(len(summaries), 2)
        self.assertIn("report overdue items to the insurer", summaries[0])
        self.assertIn("file the claim", summaries[1])

    def test_nobody_is_reminded_twice(self):
        collateral = self._insured(date_to=self._day(10))
        self._reminders(collateral).action_done()
        self.assertFalse(self._reminders(collateral))
        # another end is another deadline
        collateral.date_to = self._day(12)
        self.assertEqual(self._reminders(collateral).date_deadline, self._day(12))

    def test_the_one_who_entered_it_is_reminded(self):
        collateral = self._propose(self.controller)
        collateral.date_to = self._day(10)
        collateral.with_user(self.manager).action_validate()
        self.assertEqual(self._reminders(collateral).user_id, self.controller)

    def test_nobody_is_reminded_of_proposals_and_of_what_is_over(self):
        proposed = self._collateral(
            self.customer, 100.0, validate=False, date_to=self._day(5)
        )
        self.assertFalse(self._reminders(proposed))
        over = self._insured(date_to=self._day(5))
        with freeze_time(self._day(6)):
            self.assertFalse(self._reminders(over))
            self.assertEqual(over.state, "expired")
