import logging

from odoo.tests import tagged

from odoo.addons.credit_collections.demo.stage import NAMESPACE
from odoo.addons.credit_collections.tests.common import CreditCommon

LOGGER = "odoo.addons.credit_collections.demo.credit_demo"


@tagged("post_install", "-at_install")
class TestDemoByItself(CreditCommon):
    """Odoo loads demo data of new addons by itself where other addons have theirs, also
    into a database with customers of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls.env["credit.demo"]
        # customers that the tests of all share came with no addon
        cls.env.cr.execute(
            """
            INSERT INTO ir_model_data (module, name, model, res_id)
            SELECT 'sale', 'a_test_' || id, 'res.partner', id FROM res_partner
            """
        )
        cls.owing = cls._customer("Owing")

    def _name(self, module):
        """Give the customer an external id of a module."""
        self.env["ir.model.data"].create(
            {
                "module": module,
                "name": "a_customer",
                "model": "res.partner",
                "res_id": self.owing.id,
            }
        )

    def _has_own(self):
        self.env.flush_all()
        return self.demo._has_own_customers()

    def test_the_story_is_not_told_beside_customers_of_one_s_own(self):
        self._receivable(self.owing, 100.0)
        self.env.flush_all()
        with self.assertLogs(LOGGER, logging.INFO) as logs:
            self.demo._load_by_itself()
        self.assertIn("customers of its own", logs.output[0])
        self.assertFalse(self.env.ref(f"{NAMESPACE}.europa", raise_if_not_found=False))

    def test_a_customer_who_bought_nothing_is_in_nobody_s_way(self):
        self.assertFalse(self._has_own())

    def test_an_invoice_makes_a_customer_one_s_own(self):
        self._receivable(self.owing, 100.0)
        self.assertTrue(self._has_own())

    def test_a_quotation_makes_a_customer_one_s_own(self):
        self._order(self.owing)
        self.assertTrue(self._has_own())

    def test_customers_of_demo_data_are_not_one_s_own(self):
        self._name("sale")
        self._order(self.owing)
        self._receivable(self.owing, 100.0)
        self.assertFalse(self._has_own())

    def test_customers_of_the_story_are_not_one_s_own(self):
        """The story of deliveries goes on with them."""
        self._name(NAMESPACE)
        self._order(self.owing)
        self.assertFalse(self._has_own())

    def test_customers_that_were_imported_are_one_s_own(self):
        """They have external ids, too, of no addon."""
        for module in ("__import__", "__export__", "legacy"):
            with self.subTest(module):
                self._name(module)
                self._order(self.owing)
                self.assertTrue(self._has_own())
