from odoo.exceptions import UserError
from odoo.tests import tagged

from .scene import SceneCommon

#: Our records that go with another record, and why nothing is lost with them.
GO_ALONG = {
    ("collection_action", "run_id"): "runs that began are not deleted",
    ("collection_action_line", "action_id"): "a part of it",
    ("collection_dispute_line", "dispute_id"): "a part of it",
    ("collection_promise", "plan_id"): "promises are not deleted",
    ("collection_promise_line", "promise_id"): "a part of it",
    ("collection_step", "strategy_id"): "a part of it",
    ("collection_team_member", "team_id"): "a part of it",
    ("collection_team_member", "user_id"): "a part of it",
    ("credit_approval_substitute", "substitute_id"): "says who decides, for some days",
    ("credit_approval_substitute", "user_id"): "says who decides, for some days",
    ("credit_automatic_limit_line", "automatic_id"): "a part of it",
    ("credit_decision_count", "group_id"): "a counter",
    ("credit_decision_count", "profile_id"): "a counter",
    ("credit_hold_line", "hold_id"): "a part of it",
    ("credit_job_step", "company_id"): "what jobs did, for some weeks",
    ("credit_limit_change_line", "change_id"): "changes that began are not deleted",
    ("credit_profile", "company_id"): "refused where anything is on record",
    ("credit_profile", "partner_id"): "refused where anything is on record",
    ("credit_review_notice", "profile_id"): "that a task was made",
    ("credit_risk_factor_band", "factor_id"): "a part of it",
    ("credit_risk_history", "profile_id"): "scores; what people chose is on record",
    ("credit_rule", "group_id"): "a rule for this group alone",
    ("credit_rule", "profile_id"): "a rule for this customer alone",
    ("credit_rule", "segment_id"): "a rule for this segment alone",
}


@tagged("post_install", "-at_install")
class TestOnRecord(SceneCommon):
    """What is on record stays on record, whoever deletes what it is about."""

    def test_what_goes_with_another_record_has_a_reason(self):
        tables = [
            model._table
            for model in self.env.values()
            if model._auto
            and not model._transient
            and (model._original_module or "").startswith("credit_collections")
        ]
        self.cr.execute(
            """
            SELECT refers.conrelid::regclass::text, attribute.attname
              FROM pg_constraint refers
              JOIN pg_attribute attribute ON attribute.attrelid = refers.conrelid
                   AND attribute.attnum = refers.conkey[1]
             WHERE refers.contype = 'f' AND refers.confdeltype = 'c'
               AND refers.conrelid::regclass::text = ANY(%s)
            """,
            [tables],
        )
        self.assertEqual(set(self.cr.fetchall()), set(GO_ALONG))

    def _refused(self, record):
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            record.unlink()
        return str(refused.exception)

    def test_a_customer_of_whom_something_is_on_record_stays(self):
        partner_manager = self._user("partners", "base.group_partner_manager")
        words = self._refused(self.debtor.with_user(partner_manager))
        self.assertIn("Archive the customer instead", words)
        self._refused(self.profile.with_user(self.manager))

    def test_each_kind_of_record_keeps_the_customer(self):
        kept = {records._name for records in self.profile._get_on_record()}
        self.assertLessEqual(
            {
                *("collection.action", "collection.case", "collection.dispute"),
                *("collection.interaction", "collection.promise"),
                *("credit.collateral", "credit.hold", "credit.limit.change.line"),
            },
            kept,
        )

    def test_a_class_chosen_by_hand_keeps_the_customer(self):
        profile = self._profile(self._customer("Rated"))
        profile.sudo()._rescore()
        self.assertFalse(profile._get_on_record())
        self.cr.execute(
            "INSERT INTO credit_risk_history (profile_id, date, source) "
            "VALUES (%s, %s, 'override')",
            [profile.id, self.today],
        )
        self.assertIn("History", self._refused(profile.with_user(self.manager)))

    def test_a_customer_without_anything_on_record_is_deleted(self):
        user = self._user("partners", "base.group_partner_manager")
        customer = self._customer("Nothing", limit=5.0)
        profile = self._profile(customer)
        profile.sudo()._rescore()
        self.env.flush_all()
        customer.with_user(user).unlink()
        self.assertFalse(profile.exists())

    # === ITEMS === #

    def test_what_was_sent_and_promised_outlives_the_item(self):
        """An invoice that is reset to draft may lose its items."""
        sent = self.scene["collection.action.line"]
        promised = self.scene["collection.promise.line"]
        amounts = sent.amount, promised.amount
        invoices = (sent.move_line_id + promised.move_line_id).move_id
        invoices.button_draft()
        invoices.with_context(force_delete=True).unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((sent.amount, promised.amount), amounts)
        self.assertFalse(sent.move_line_id + promised.move_line_id)

    # === MERGED === #

    def test_what_runs_did_for_both_is_kept_when_customers_are_merged(self):
        other = self._profile(self._customer("Double"))
        first = self.scene["collection.action"]
        first.sudo().write({"state": "sent", "amount": 100.0, "item_count": 1})
        second = first.sudo().copy({"profile_id": other.id, "amount": 20.0})
        second.state = "sent"
        second.item_count = 1
        words = "A discount was promised"
        other.message_post(body=words)
        self.env["credit.profile"].sudo()._merge(other.partner_id, self.debtor)
        self.assertFalse(second.exists())
        self.assertEqual(
            (first.amount, first.item_count, first.profile_id),
            (120.0, 2, self.profile),
        )
        self.assertIn(words, str(self.profile.message_ids.mapped("body")))

    def test_the_one_that_was_done_is_kept_of_two(self):
        other = self._profile(self._customer("Double"))
        first = self.scene["collection.action"]
        second = first.sudo().copy({"profile_id": other.id})
        first.sudo().state = "skipped"
        second.state = "sent"
        self.env["credit.profile"].sudo()._merge(other.partner_id, self.debtor)
        self.assertEqual(second.profile_id, self.profile)
        self.assertFalse(first.exists())
