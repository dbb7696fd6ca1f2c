from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionSimulate(CollectionCommon):
    """What a run would do about a customer on some day, without a run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._debtor("Debtor", (100.0, 3))
        cls.env["collection.segment"]._assign(cls.company)

    def _wizard(self, days=0, user=None):
        wizards = self.env["collection.simulate"].with_user(user or self.collector)
        form = Form(
            wizards.with_context(default_profile_id=self._profile(self.debtor).id)
        )
        form.date = self.today + timedelta(days=days)
        return form

    def test_no_step_is_due_yet(self):
        self.assertFalse(self._wizard(1).step_id)

    def test_on_the_day_the_step_is_shown(self):
        wizard = self._wizard(2)
        self.assertEqual(wizard.step_id.name, "First")
        self.assertTrue(wizard.is_contacted)
        self.assertEqual((wizard.amount, wizard.item_count), (100.0, 1))
        self.assertEqual(wizard.partner_id, self.debtor)

    def test_the_reason_why_not_is_shown(self):
        self._profile(self.debtor).is_legal = True
        wizard = self._wizard(2)
        self.assertEqual(wizard.skip_reason, "legal")
        self.assertFalse(wizard.is_contacted)

    def test_nothing_is_kept(self):
        runs = self.env["collection.run"].search_count([])
        self._wizard(2).save()
        self.assertEqual(self.env["collection.run"].search_count([]), runs)

    def test_salespeople_do_not_simulate(self):
        with self.assertRaises(AccessError):
            self._wizard(user=self.salesperson)
