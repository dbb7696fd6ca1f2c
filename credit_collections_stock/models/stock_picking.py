from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class StockPicking(models.Model):
    """What people read of a delivery that is on credit hold, and what it is worth."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "credit.checkpoint.mixin"]
    _credit_stopped_by = "picking_ids"

    credit_hold_ids = fields.Many2many(
        "credit.hold", "credit_hold_picking_rel", "picking_id", "hold_id"
    )
    credit_is_held = fields.Boolean(
        help="The goods may be reserved and packed; they leave with the release."
    )

    @api.depends(
        "state",
        "picking_type_code",
        "return_id",
        "sale_id.state",
        "sale_id.credit_hold_id.state",
        "sale_id.credit_hold_id.is_over",
        "sale_id.credit_hold_id.reason_summary",
        "move_ids.quantity",
        "move_ids.picked",
    )
    def _compute_credit_is_held(self):
        for picking in self:
            hold = picking.sale_id.credit_hold_id
            picking.credit_is_held = (
                (hold.state == "held" or hold._is_refused())
                and picking.state not in ("done", "cancel")
                and picking.picking_type_code == "outgoing"
                and not picking.return_id
                and not picking._credit_is_approved(picking.sale_id)
            )
            picking.credit_hold_reason = (
                hold.reason_summary if picking.credit_is_held else False
            )

    @api.model
    def _credit_held_domain(self):
        # the hold is a fact, also for those who may not read orders
        orders_sudo = self.env["sale.order"].sudo()
        orders_sudo = orders_sudo.search(
            Domain("credit_hold_id.state", "=", "held")
            | Domain(
                [
                    ("credit_hold_id.state", "=", "rejected"),
                    ("credit_hold_id.checkpoint", "=", "change"),
                    ("credit_hold_id.is_over", "=", False),
                    ("state", "=", "sale"),
                ]
            )
        )
        return Domain.AND(
            [
                Domain("sale_id", "in", orders_sudo.ids),
                Domain("state", "not in", ("done", "cancel")),
                Domain("picking_type_code", "=", "outgoing"),
                Domain("return_id", "=", False),
            ]
        )

    # === WHAT LEAVES === #

    def _credit_moves(self):
        """Return the moves whose goods leave us for a customer.

        Not the replacement of goods that came back, which the customer had already,
        nor what a vendor delivers directly: that has left when it is validated.
        """
        return self.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.location_dest_id.usage == "customer"
                and move.location_id.usage != "supplier"
                and not move.origin_returned_move_id
            )
        )

    def _credit_orders(self):
        return self.sale_id | self.move_ids.sale_line_id.order_id

    def _credit_values(self):
        """Return what these deliveries come to: ``{order: company currency}``.

        At the prices of the orders, with taxes.
        """
        # read at once what is taken one by one below
        self.move_ids.sale_line_id.mapped("order_id.state")
        self.move_ids.mapped("location_dest_id.usage")
        values = {}
        for move in self._credit_leaving_moves():
            order = move.sale_line_id.order_id
            values[order] = values.get(order, 0.0) + move._credit_value()
        return {order: order._credit_convert(value) for order, value in values.items()}

    def _credit_leaving_moves(self):
        """Return the moves of orders that validating would take to customers."""
        found = self.env["stock.move"]
        for picking in self:
            moves = picking._credit_moves()
            picked = moves.filtered("picked") or moves
            found |= picked.filtered("sale_line_id")
        return found

    def _credit_weight_with(self, order):
        """Return what an order is once these deliveries have left."""
        delivered = {
            line.id: line._credit_delivered_value()
            for line in order.order_line
            if line.qty_delivered > 0
        }
        for move in self._credit_leaving_of(order):
            line_id = move.sale_line_id.id
            delivered[line_id] = delivered.get(line_id, 0.0) + move._credit_value()
        added = self._credit_added_moves(order)
        if added:  # they become lines of the order when they have left
            delivered[0] = sum(move._credit_added_value(order) for move in added)
        return order._credit_weight().with_delivered(delivered)

    def _credit_added_moves(self, order):
        """Return the moves of goods that somebody added to deliveries of an order."""
        pickings = self.filtered(lambda picking: picking.sale_id == order)
        found = self.env["stock.move"]
        for picking in pickings:
            moves = picking._credit_moves()
            found |= (moves.filtered("picked") or moves).filtered(
                lambda move: not move.sale_line_id
            )
        return found

    def _credit_leaving_of(self, order):
        moves = self._credit_leaving_moves()
        return moves.filtered(lambda move: move.sale_line_id.order_id == order)

    def _credit_is_approved(self, order):
        """Tell whether what leaves with these was let through before the change that
        the order is held for."""
        hold = order.credit_hold_id
        if not hold._is_of_change():
            return False
        moves = self._credit_leaving_of(order)
        if not any(moves.mapped("quantity")):
            return False  # nothing is ready to leave
        return all(
            hold._may_leave(
                line,
                line._credit_delivered_value()
                + sum(move._credit_value() for move in leaving),
            )
            for line, leaving in moves.grouped("sale_line_id").items()
        )

    # === AFTER THE HOLD === #

    def _credit_continue(self):
        """Validate a delivery that was released, as far as nobody is needed for it.

        What is not there yet becomes a backorder. Where Odoo has a question or a
        complaint, somebody of the warehouse validates it.
        """
        self.ensure_one()
        if self.move_ids and not any(self.move_ids.mapped("quantity")):
            return
        try:
            with self.env.cr.savepoint():
                self.with_context(skip_backorder=True, skip_sms=True).button_validate()
        except UserError as error:
            self.message_post(body=str(error))

    def action_cancel(self):
        res = super().action_cancel()
        self.sudo().credit_hold_ids._lapse_idle()  # the record of the hold follows
        return res
