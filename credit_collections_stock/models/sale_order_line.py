from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _credit_delivered_value(self):
        """Return what was delivered of the line comes to, in the order's currency."""
        return self._credit_value_of(self.qty_delivered)
