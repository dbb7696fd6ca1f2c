from odoo.tests import HttpCase, tagged

from .common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseTour(PromiseCommon, HttpCase):
    """A collector takes a promise in the browser."""

    freeze_time = None  # a browser has the real clock

    def test_a_collector_takes_a_promise_and_the_next_step_waits(self):
        debtor = self._debtor("Tour Debtor", (100.0, 12), (50.0, 6))
        profile = self._profile(debtor)
        self.env["collection.segment"]._assign(self.company)
        profile.sudo()._write_next_steps(self.company)
        self.start_tour(
            f"/odoo/credit-profiles/{profile.id}",
            "collection_promise",
            login="collector",
        )
        self.assertEqual(profile.promise_ids.amount, 150.0)
        self.assertEqual(profile.promise_ids.create_uid, self.collector)
        self.assertFalse(profile.next_step_id)
