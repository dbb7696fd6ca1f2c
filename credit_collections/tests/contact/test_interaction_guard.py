from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine.run import guard
from ..promise.common import PromiseCommon


@tagged("post_install", "-at_install")
class TestInteractionGuard(PromiseCommon):
    """Contacts by hand pass the same gate as those of runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._debtor("Debtor", (100.0, 12))
        cls.profile = cls._profile(cls.debtor)
        cls.env["collection.segment"]._assign(cls.company)

    def _log(self, user=None, **values):
        interactions = self.env["collection.interaction"]
        return interactions.with_user(user or self.collector).create(
            {"profile_id": self.profile.id, "channel": "email", **values}
        )

    def _forbid(self, reason, profile=None):
        """Let the guard refuse a customer, the debtor by default, for a reason."""
        getattr(self, f"_forbid_{reason}")(profile or self.profile)

    def _forbid_legal(self, profile):
        profile.is_legal = True

    def _forbid_do_not_contact(self, profile):
        profile.do_not_contact_until = self._day(1)

    def _forbid_excluded(self, profile):
        items = self._items(profile.partner_id)
        reason = self.env["credit.reason"].create({"name": "Wait", "kind": "exclusion"})
        items._set_collection_exclusion(self._day(1), reason)

    def _forbid_disputed(self, profile):
        item = self._items(profile.partner_id)
        department = self.env["collection.department"].create({"name": "Dispatch"})
        reason = self.env["credit.reason"].create(
            {"name": "Late", "kind": "dispute", "department_id": department.id}
        )
        line = {"move_line_id": item.id, "amount": item.amount_residual}
        item._open_dispute({"reason_id": reason.id}, [line])

    def _forbid_promised(self, profile):
        self._promise(self._items(profile.partner_id))

    def _forbid_net_credit(self, profile):
        self._payment(profile.partner_id, 100.0)

    def _forbid_archived(self, profile):
        profile.partner_id.active = False

    def _forbid_below_minimum(self, profile):
        self.strategy.minimum_amount = 50.0
        self._payment(profile.partner_id, 51.0)

    def _forbid_waiting(self, profile):
        self.env["collection.interaction"].sudo().create(
            {"profile_id": profile.id, "channel": "letter", "state": "waiting"}
        )

    def _forbid_quiet_days(self, profile):
        profile.sudo().last_contact_date = self.today

    def _forbid_bank_not_reconciled(self, profile):
        """The bank of the company is behind, so this is true of every customer."""
        self.company.collection_bank_days = 3
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self._day(-4),
                "payment_ref": "Payment",
                "amount": 10.0,
            }
        )

    def _forbid_no_address(self, profile):
        profile.partner_id.email = False

    def test_a_customer_whom_nothing_protects_may_be_contacted(self):
        self.assertIsNone(self.profile._guard_reason("email"))
        self.assertFalse(self._log().guard_reason)

    def test_each_reason_is_that_of_a_run(self):
        profiles = {
            reason: self._profile(self._debtor(reason, (100.0, 12)))
            for reason in guard.REASONS
        }
        for reason, profile in profiles.items():
            if reason != guard.BANK_NOT_RECONCILED:
                self._forbid(reason, profile)
        run = self._plan()
        self.assertFalse(self._action(run, self.debtor).skip_reason)
        self._forbid(guard.BANK_NOT_RECONCILED)
        behind = self._plan()
        for reason, profile in profiles.items():
            with self.subTest(reason):
                of_run = behind if reason == guard.BANK_NOT_RECONCILED else run
                action = self._action(of_run, profile.partner_id)
                self.assertEqual(action.skip_reason, reason)
                found = profile._get_guard_reasons("email")[profile.id]
                self.assertIn(reason, found)
                line = self.env["collection.interaction"]._describe_guard(
                    profile, [reason]
                )
                self.assertTrue(line)

    def test_an_address_is_needed_for_the_channel(self):
        self.debtor.phone = False
        reasons = [
            self.profile._guard_reason(one) for one in ("call", "email", "visit")
        ]
        self.assertEqual(reasons, ["no_address", None, None])

    def test_customers_without_strategy_or_items_are_guarded_too(self):
        empty = self._profile(self._debtor("Empty"))
        self.assertIsNone(empty._guard_reason("email"))
        empty.is_legal = True
        self.assertEqual(empty._guard_reason("email"), "legal")
        self.profile.segment_id = False
        self._forbid("do_not_contact")
        self.assertEqual(self.profile._guard_reason("email"), "do_not_contact")

    def _draft(self, user):
        draft = self.env["collection.interaction"].with_user(user)
        return draft.new({"profile_id": self.profile.id, "channel": "email"})

    def test_legal_and_do_not_contact_stop_a_collector(self):
        for reason in ("do_not_contact", "legal"):
            self._forbid(reason)
            draft = self._draft(self.collector)
            self.assertTrue(draft.guard_warning)
            self.assertFalse(draft.may_override)
            for values in ({}, {"override_reason": "I must"}, {"kind": "answer"}):
                with self.assertRaises(UserError):
                    self._log(**values)

    def test_a_collector_answers_every_other_reason_with_one_of_their_own(self):
        for reason in set(guard.REASONS) - {
            *("legal", "do_not_contact", "bank_not_reconciled"),
            *guard.UNREACHABLE,
        }:
            debtor = self._debtor(reason, (100.0, 12))
            profile = self._profile(debtor)
            self.env["collection.segment"]._assign(self.company)
            self._forbid(reason, profile)
            with self.subTest(reason):
                with self.assertRaises(UserError):
                    self._log(profile_id=profile.id)
                why = "Asked for it on the phone"
                one = self._log(profile_id=profile.id, override_reason=why)
                self.assertEqual((one.guard_reason, one.override_reason), (reason, why))

    def test_all_reasons_are_in_one_line(self):
        self._forbid("promised")
        self._forbid("quiet_days")
        draft = self._draft(self.collector)
        self.assertTrue(draft.may_override)
        line = draft.guard_warning
        self.assertEqual(line.split(", ")[0], "Payment promised")
        self.assertIn("Contacted on", line)

    def test_what_is_no_demand_is_logged_whatever_the_reasons(self):
        self._forbid("promised")
        self._forbid("quiet_days")
        self.assertFalse(self._log(kind="answer").guard_reason)
        self._forbid("legal")
        self.assertFalse(self._log(kind="paper").guard_reason)

    def test_a_manager_says_why_and_it_is_on_record(self):
        self._forbid("legal")
        with self.assertRaises(UserError):
            self._log(user=self.manager)
        one = self._log(user=self.manager, override_reason="The court asked for it")
        self.assertEqual(one.guard_reason, "legal")

    def test_who_calls_us_is_never_refused(self):
        self._forbid("legal")
        self.assertTrue(self._log(direction="in"))

    def test_an_incoming_contact_is_not_turned_into_another(self):
        self._forbid("legal")
        one = self._log(direction="in")
        with self.assertRaises(UserError):
            one.direction = "out"

    def test_what_was_agreed_for_today_may_be_done_in_quiet_days(self):
        self._log(channel="call", direction="in", next_date=self.today)
        self._forbid("quiet_days")
        self.assertTrue(self._log(channel="call"))

    def test_many_customers_take_as_many_statements_as_one(self):
        def count(profiles):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            profiles._guard_reasons("email")
            return self.env.cr.sql_log_count - before

        debtors = self._debtors([f"Debtor {n}" for n in range(100)], (10.0, 9))
        profiles = self.profile + self.profiles._ensure(self.company, debtors.ids)
        self.env["collection.segment"]._assign(self.company)
        count(profiles[:1])
        self.assertEqual(count(profiles), count(profiles[:1]))
