# pylint: disable=translation-required  # what people write in a test is their own
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryPaper(DeliveryCommon):
    """What is written about deliveries is business paper."""

    def test_a_customer_in_legal_hands_hears_of_a_delivery(self):
        profile = self._profile(self.late)
        profile.is_legal = True
        picking = self._sold().picking_ids
        picking.with_user(self.worker).message_post(
            body="Your goods are on their way",
            partner_ids=self.late.ids,
            subtype_xmlid="mail.mt_comment",
        )
        contact = profile.interaction_ids
        self.assertEqual((contact.kind, contact.state), ("paper", "waiting"))
        self.assertFalse(contact.guard_reason)
