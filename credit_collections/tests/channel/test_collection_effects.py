from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionEffects(CollectionCommon):
    """What a step brings with it: charges, holds, somebody who looks into it."""

    def _step(self, **values):
        self.strategy.step_ids[0].write(values)

    def _done(self, customer):
        run = self._plan()
        run.action_start()
        return self._action(run, customer)

    # === CHARGES === #

    def test_the_text_names_fee_and_interest(self):
        self._step(fee_amount=5.0, interest_rate=9.0)
        customer = self._debtor("Debtor", (1000.0, 73), (365.0, 20))
        action = self._done(customer)
        # 1000 x 9 % x 73 / 365 = 18.00; 365 x 9 % x 20 / 365 = 1.80
        self.assertEqual((action.fee_amount, action.interest_amount), (5.0, 19.8))
        self.assertEqual(action.line_ids.mapped("interest_amount"), [18.0, 1.8])
        self.assertIn("19.80", action.mail_ids.body_html)
        self.assertIn("9.00", action.mail_ids.body_html)
        self.assertIn("% a year", action.mail_ids.body_html)
        self.assertIn("5.00", action.mail_ids.body_html)

    def test_of_several_texts_the_first_names_the_fee(self):
        self._step(fee_amount=7.77, interest_rate=9.0, grouping="document")
        customer = self._debtor("Debtor", (1000.0, 73), (365.0, 20))
        first, second = self._done(customer).mail_ids.sorted("id")
        self.assertIn("7.77", first.body_html)
        self.assertNotIn("7.77", second.body_html)
        self.assertIn("18.00", first.body_html)
        self.assertIn("1.80", second.body_html)

    def test_without_charges_the_text_is_silent_about_them(self):
        action = self._done(self._debtor("Debtor", (1000.0, 73)))
        self.assertFalse(action.fee_amount or action.interest_amount)
        self.assertNotIn("Interest", action.mail_ids.body_html)

    # === HOLD === #

    def test_orders_are_held_when_the_step_was_done(self):
        self._step(puts_on_hold=True)
        customer = self._debtor("Debtor", (100.0, 10))
        profile = self._profile(customer)
        action = self._done(customer)
        self.assertEqual(profile.credit_status, "none")
        action.mail_ids._postprocess_sent_message([], [])
        self.assertEqual(profile.credit_status, "orders")
        self.assertEqual(profile.status_reason_id.code, "COLLECTION")

    def test_a_mail_that_never_left_holds_nobody(self):
        self._step(puts_on_hold=True)
        customer = self._debtor("Debtor", (100.0, 10))
        action = self._done(customer)
        action.mail_ids._postprocess_sent_message([], [], failure_type="mail_smtp")
        self.assertEqual(self._profile(customer).credit_status, "none")

    def test_a_hold_that_somebody_set_keeps_its_reason(self):
        self._step(puts_on_hold=True)
        customer = self._debtor("Debtor", (100.0, 10))
        reason = self.env.ref("credit_collections.credit_reason_status_review")
        self._profile(customer).write(
            {"credit_status": "orders", "status_reason_id": reason.id}
        )
        self._done(customer).mail_ids._postprocess_sent_message([], [])
        self.assertEqual(self._profile(customer).status_reason_id, reason)

    # === ESCALATION === #

    def test_the_step_gives_somebody_a_task(self):
        people = {
            "manager": self.company._credit_approver(),
            "salesperson": self.salesperson,
            "user": self.collector,
        }
        for role, user in people.items():
            self._step(escalate_to=role, escalate_user_id=self.collector.id)
            customer = self._debtor(role, (100.0, 10), user_id=self.salesperson.id)
            action = self._done(customer)
            with self.subTest(role):
                activity = self._profile(customer).activity_ids
                self.assertEqual(activity.user_id, user)
                self.assertIn(action.step_id.name, activity.summary)
                self.assertEqual(action.state, "queued")

    def test_a_person_has_to_be_named(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._step(escalate_to="user")
            self.env.flush_all()
