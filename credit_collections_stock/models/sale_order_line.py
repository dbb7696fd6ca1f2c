from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _credit_delivered_value(self):
        """Return what was delivered of the line comes to, in the order's currency."""
        if not self.product_uom_qty:
            return 0.0
        return self.price_total / self.product_uom_qty * self.qty_delivered
