from odoo.tests import tagged

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionSms(CollectionCommon):
    """Text messages wait in Odoo's queue; what became of them comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env.ref("credit_collections.sms_template_collection_firm")
        cls.strategy.step_ids[0].write(
            {"channel": "sms", "sms_template_id": template.id}
        )
        cls.customer = cls._debtor(
            "Debtor", (100.0, 10), country_id=cls.env.ref("base.us").id
        )
        cls.customer.phone = "+1 202 555 0123"
        cls.run_ = cls._plan()
        cls.run_.action_start()
        cls.action = cls._action(cls.run_, cls.customer)
        tracker = cls.env["sms.tracker"]
        cls.tracker = tracker.search([("collection_action_id", "=", cls.action.id)])
        cls.text = cls.env["sms.sms"].search([("uuid", "=", cls.tracker.sms_uuid)])

    def _level(self):
        return self._open_items(self.customer.invoice_ids).collection_level

    def test_a_text_message_is_queued(self):
        self.assertEqual((self.action.state, self._level()), ("queued", 1))
        self.assertEqual(self.text.state, "outgoing")
        self.assertEqual(self.text.number, self.customer.phone_sanitized)
        self.assertIn("100.00", self.text.body)
        self.assertIn(self.company.name, self.text.body)

    def test_the_profile_shows_it(self):
        message = self._profile(self.customer).message_ids[0]
        self.assertEqual(message.message_type, "sms")
        self.assertIn("100.00", message.body)

    def test_it_is_done_when_it_was_sent(self):
        self.tracker._action_update_from_sms_state("pending")
        self.assertEqual(self.action.state, "sent")

    def test_an_error_of_the_queue_comes_back(self):
        self.tracker._action_update_from_sms_state("error", failure_type="sms_credit")
        self.assertEqual(self.action.state, "failed")
        self.assertEqual(self.action.error, "Insufficient Credit")
        self.assertEqual(self._level(), 0)

    def test_a_failed_delivery_comes_back_later(self):
        self.tracker._action_update_from_sms_state("pending")
        self.tracker._action_update_from_provider_error("not_delivered")
        self.assertEqual((self.action.state, self._level()), ("failed", 0))

    def test_a_cancelled_text_message_is_none(self):
        self.text.action_set_canceled()
        self.assertEqual(self.action.state, "failed")
