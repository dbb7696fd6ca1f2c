from odoo.tests import HttpCase, tagged

from .common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeTour(DisputeCommon, HttpCase):
    """A complaint in the browser, from the customer to the credit note."""

    freeze_time = None  # a browser has the real clock

    def test_a_collector_disputes_and_a_manager_credits(self):
        item = self._item(100.0, 10)
        profile = self._profile(self.debtor)
        self.start_tour(
            f"/odoo/credit-profiles/{profile.id}",
            "collection_dispute_collector",
            login="collector",
        )
        dispute = profile.dispute_ids
        self.assertEqual((dispute.amount, dispute.is_proposed), (40.0, True))
        self.assertEqual(self._action(self._plan(), self.debtor).amount, 60.0)
        self.start_tour(
            f"/odoo/disputes/{dispute.id}",
            "collection_dispute_manager",
            login="credit_manager",
        )
        self.assertEqual(dispute.state, "accepted")
        self.assertEqual(item.amount_residual, 60.0)
        self.start_tour(
            "/odoo/collection-items", "collection_dispute_rest", login="collector"
        )
        self.assertEqual(self._action(self._plan(), self.debtor).amount, 60.0)
