from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureInYen(CreditCommon):
    """The company keeps its books in a currency without decimals; 1 JPY = 0.01 USD."""

    shares_books = False  # its company has another currency

    @classmethod
    def setup_independent_company(cls, **kwargs):
        yen = cls.env.ref("base.JPY")
        return super().setup_independent_company(currency_id=yen.id, **kwargs)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.setup_other_currency("USD", rates=[("2000-01-01", 0.01)])

    def test_a_draft_in_dollars_is_rounded_to_yen(self):
        # 12.345 USD are 12.35 USD on the invoice = 1235 JPY
        self._receivable(amount=12.345, post=False, currency_id=self.dollar.id)
        self.assertEqual(self._exposure(), {"draft": 1235.0})

    def test_an_order_that_is_partly_invoiced_is_rounded_to_yen(self):
        # 3 pieces for 1000 JPY less 50 % = 500; 1 invoiced at 167, 2/3 of 500 = 333
        order = self._confirmed(
            order_line=[
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 3,
                        "price_unit": 1000.0 / 3,
                        "discount": 50.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ]
        )
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.quantity = 1
        invoice.action_post()
        self.assertEqual(self._exposure(), {"not_due": 167.0, "order": 333.0})
