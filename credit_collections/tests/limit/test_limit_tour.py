from datetime import timedelta

from odoo.tests import HttpCase, freeze_time, tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestLimitTour(LimitedCommon, HttpCase):
    """A held order passes with a temporary limit, which ends by itself."""

    freeze_time = None  # a browser has the real clock

    def _limit_in(self, days):
        """Return the limit that decisions count with, so many days from today."""
        with freeze_time(self.today + timedelta(days=days)):
            credit = self.profiles._collect(self.company, self.limited.ids)
        return credit[self.limited.id].limit

    def test_a_temporary_limit_lets_a_held_order_pass(self):
        self.company.credit_limit_manual_edit = False
        order = self._order(self.limited, 1500.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        profile = self._profile(self.limited)
        self.start_tour(
            f"/odoo/credit-profiles/{profile.id}",
            "credit_limit_propose",
            login="credit_controller",
        )
        self.start_tour(
            "/odoo/limit-changes", "credit_limit_approve", login="credit_manager"
        )
        line = profile.limit_line_ids
        self.assertEqual((line.state, line.new_limit), ("posted", 2000.0))
        self.assertEqual(line.change_id.submitted_by_id, self.controller)
        self.assertEqual(line.change_id.approved_by_id, self.manager)
        self.start_tour(
            f"/odoo/sales/{order.id}", "credit_limit_confirm", login="credit_sales"
        )
        self.assertEqual(order.state, "sale")
        # 2,000 up to the last day, the customer's own 1,000 again from the next one on
        days = (line.date_to - self.today).days
        self.assertEqual([self._limit_in(0), self._limit_in(days)], [2000.0, 2000.0])
        self.assertEqual(self._limit_in(days + 1), 1000.0)
        self.assertEqual(profile.credit_limit, 1000.0)
