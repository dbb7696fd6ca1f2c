from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionTours(CollectionCommon, HttpCase):
    """What collectors do in the browser, with the rights of a collector."""

    freeze_time = None  # a browser has the real clock

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        factors = cls.env["collection.priority.factor"]
        factors.search([]).active = False
        factors.create({"kind": "overdue_days", "low": 0, "high": 90, "points": 10})
        cls.profiles.search([]).snoozed_until = cls.today + timedelta(days=9)

    def _late(self, name, days):
        profile = self._profile(self._debtor(name, (100.0, days)))
        profile.action_refresh()
        return profile

    def test_a_collector_works_through_the_morning(self):
        first = self._late("Tour First", 50)
        self._late("Tour Second", 40)
        self.profiles._write_priorities(self.company)
        self.start_tour(
            "/odoo/collections", "collection_worklist_collector", login="collector"
        )
        self.assertEqual(first.snoozed_until, self.today + timedelta(days=7))
