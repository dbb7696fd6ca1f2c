from datetime import datetime, time, timedelta

from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureCallOff(CreditCommon):
    """Orders to be delivered behind the horizon take no credit yet."""

    def _deliver_in(self, days):
        day = self.today + timedelta(days=days)
        return self._confirmed(
            amount=100.0, commitment_date=datetime.combine(day, time(12))
        )

    def test_without_horizon_all_orders_count(self):
        self._deliver_in(400)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_an_order_for_the_day_before_the_horizon_counts(self):
        self.company.credit_order_horizon_days = 30
        self._deliver_in(29)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_an_order_for_the_day_of_the_horizon_counts(self):
        self.company.credit_order_horizon_days = 30
        self._deliver_in(30)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_an_order_for_the_day_behind_the_horizon_counts_nothing(self):
        self.company.credit_order_horizon_days = 30
        self._deliver_in(31)
        self.assertEqual(self._exposure(), {})

    def test_an_order_without_delivery_date_counts_from_its_own_date(self):
        self.company.credit_order_horizon_days = 30
        self._confirmed(amount=100.0)
        self.assertEqual(self._exposure(), {"order": 100.0})

    def test_invoices_of_orders_behind_the_horizon_count(self):
        self.company.credit_order_horizon_days = 30
        self._invoice(self._deliver_in(31))
        self.assertEqual(self._exposure(), {"not_due": 100.0})
