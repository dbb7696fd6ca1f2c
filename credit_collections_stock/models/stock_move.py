from odoo import models

from odoo.addons.credit_collections.tools.outermost import put_around, take_away


class StockMove(models.Model):
    _inherit = "stock.move"

    def _credit_value(self):
        """Return what the goods of a move come to, in the currency of the order.

        The parts of a kit come to the share of it that they are.
        """
        line = self.sale_line_id
        price = line.price_unit
        if line.product_uom_qty:
            price = line.price_total / line.product_uom_qty
        quantity = self.quantity
        if self.state == "draft" and not quantity:
            quantity = self.product_uom_qty  # what validating would fill in
        if self.product_id == line.product_id:
            unit = line.product_uom_id
            return price * self.product_uom._compute_quantity(quantity, unit)
        wanted = sum(line.move_ids.mapped("product_uom_qty"))
        share = quantity / wanted if wanted else 0.0
        return price * line.product_uom_qty * share

    def _credit_added_value(self, order):
        """Return what goods come to that are not on the order, at its prices."""
        price = order.pricelist_id._get_product_price(
            self.product_id, self.quantity, currency=order.currency_id
        )
        unit = self.product_id.uom_id
        return price * self.product_uom._compute_quantity(self.quantity, unit)

    # === THE GATE === #

    def _register_hook(self):
        """Put the gate around the lowest door too: what moves goods without validating
        their delivery."""
        put_around(self, "_action_done", type(self)._credit_action_done)
        return super()._register_hook()

    def _unregister_hook(self):
        take_away(self, "_action_done")
        return super()._unregister_hook()

    def _credit_action_done(self, done, cancel_backorder=False):
        """Move what may leave; the moves of held deliveries stay as they are."""
        held = self.picking_id._credit_hold_broken().move_ids & self
        passed = self - held
        with passed.picking_id._credit_passing():
            return done(passed, cancel_backorder=cancel_backorder)
