from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestProfileRecords(CreditCommon):
    """Every figure opens the records that it is made of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overdue = cls._receivable(amount=100.0, due_in=-5)
        cls.not_due = cls._receivable(amount=50.0, due_in=5)
        cls.unapplied = cls._payment(amount=30.0)
        cls.draft = cls._receivable(amount=20.0, post=False)
        cls.order = cls._confirmed(amount=200.0)
        cls.deposit = cls._down_payment(cls.order, amount=40.0)
        cls.profile = cls._profile(cls.customer)
        # none of these is ever shown
        cls._receivable(cls._customer("Other"), 100.0, due_in=-5)
        paid = cls._receivable(amount=70.0, due_in=-5)
        cls._payment(amount=70.0, invoices=paid)
        cls._receivable(amount=10.0, due_in=-5, move_type="in_invoice")
        cls._order(amount=60.0)

    def _opened(self, component):
        """Return the records that the action of a component shows."""
        action = self.profile.action_open_component(component)
        return self.env[action["res_model"]].search(action["domain"])

    def test_overdue_opens_overdue_items(self):
        self.assertEqual(self._opened("overdue"), self._open_items(self.overdue))

    def test_not_due_opens_items_that_are_not_due(self):
        self.assertEqual(
            self._opened("not_due"), self._open_items(self.not_due + self.deposit)
        )

    def test_unapplied_opens_payments(self):
        self.assertEqual(
            self._opened("unapplied"), self._open_items(self.unapplied.move_id)
        )

    def test_draft_opens_items_of_drafts(self):
        self.assertEqual(self._opened("draft"), self._open_items(self.draft))

    def test_orders_open_orders(self):
        self.assertEqual(self._opened("order"), self.order)

    def test_deposits_open_the_orders_that_have_some(self):
        self._confirmed(amount=5.0)
        self.assertEqual(self._opened("deposit"), self.order)

    def test_an_order_that_is_invoiced_is_not_opened(self):
        self._invoice(self._confirmed(amount=80.0))
        self.assertEqual(self._opened("order"), self.order)

    def test_items_without_due_date_are_due_on_the_day_they_were_booked(self):
        items = self._open_items(self.overdue)
        items.date_maturity = False
        self.assertLess(items.date, self.today)
        self.assertIn(items, self._opened("overdue"))
        items.date_maturity = self.today
        self.assertIn(items, self._opened("not_due"))

    def test_the_action_is_named_after_customer_and_component(self):
        action = self.profile.action_open_component("overdue")
        self.assertEqual(action["name"], "Customer: Overdue")

    def test_a_component_that_does_not_exist_is_refused(self):
        with self.assertRaises(UserError):
            self.profile.action_open_component("note")

    def test_the_action_opens_with_its_own_list(self):
        for component in ("overdue", "order"):
            action = self.profile.action_open_component(component)
            (view_id, kind), _form = action["views"]
            view = self.env["ir.ui.view"].browse(view_id)
            self.assertEqual((view.model, kind), (action["res_model"], "list"))

    def test_a_profile_opens_its_customer(self):
        action = self.profile.action_open_partner()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.customer.id)
        )
