from contextlib import contextmanager

from odoo import api, models
from odoo.fields import Domain

from ...tools.marks import marked
from ...tools.outermost import put_around, take_away
from .sale_order_change import LINE_MOVES_CREDIT, LINE_WORKED_OUT, work_out, written

#: Work that other addons start from order lines, and that must wait while an order is
#: held: deliveries, projects and tasks, purchases of services.
WITHHELD = (
    "_action_launch_stock_rule",
    "_timesheet_service_generation",
    "_purchase_service_generation",
)

#: Mark that is there while lines of confirmed orders are being created that nobody has
#: looked at yet.
WITHHOLDING = "credit_collections.withholding"


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "credit.feature.mixin"]

    #: What was invoiced of a line is said by invoices, which core makes as superuser.
    _credit_protected_more = frozenset({"invoice_lines"})

    # To be invoiced, or an advance: the few lines that take credit among all there are.
    # In the words of the statements and with what they read, or PostgreSQL would not
    # answer from it alone.
    _credit_open_idx = models.Index(
        "(order_id) "
        "INCLUDE (price_total, product_uom_qty, qty_delivered, qty_invoiced, "
        "qty_to_invoice) "
        "WHERE state = 'sale' AND display_type IS NULL "
        "AND (is_downpayment OR qty_invoiced <> product_uom_qty "
        "OR qty_to_invoice <> 0)"
    )
    _credit_advance_idx = models.Index("(order_id) WHERE is_downpayment IS TRUE")

    @api.model
    def _credit_feature_domain(self):
        return Domain("is_downpayment", "=", True)

    @api.model
    def _credit_feature_fields(self):
        return {"is_downpayment"}

    # === DELIVERED === #

    def _credit_is_taken(self, counts):
        """Tell whether what the customer has of the line takes credit of its own.

        :param counts: the order counts, so that what was ordered does anyway
        """
        if self.display_type or self.is_downpayment or self.qty_delivered <= 0:
            return False
        return not counts or self.qty_delivered > self.product_uom_qty

    def _credit_taken_value(self):
        """Return what the customer has of the line comes to, in the currency of the
        order, as far as it is invoiced at all: what goes beyond what was ordered is not
        where the product is invoiced by ordered quantities."""
        quantity = self.qty_delivered
        if self.product_id.invoice_policy == "order":
            quantity = min(quantity, self.product_uom_qty)
        return self._credit_value_of(quantity)

    def _credit_value_of(self, quantity):
        """Return what so much of the line comes to, with taxes as far as known, in the
        currency of the order."""
        price = self.price_unit * (1 - self.discount / 100)
        if self.product_uom_qty:
            price = self.price_total / self.product_uom_qty
        return price * quantity

    # === WITHHOLD === #

    def _register_hook(self):
        """Let what is withheld skip the lines of held orders, of whatever addon."""
        for name in WITHHELD:
            put_around(self, name, _withheld)
        return super()._register_hook()

    def _unregister_hook(self):
        for name in WITHHELD:
            take_away(self, name)
        return super()._unregister_hook()

    def _credit_free(self):
        """Return the lines whose order is not held."""
        if marked(self.env, WITHHOLDING):
            return self.browse()
        return self.filtered(
            # the hold is a fact, also for those who may not read it
            lambda line: not line.order_id.sudo()._credit_get_hold()._withholds()
        )

    @contextmanager
    def _credit_withholding(self):
        """Inside, all lines are taken for those of held orders."""
        marks = marked(self.env, WITHHOLDING)
        mark = object()  # each block takes away its own
        marks.add(mark)
        try:
            yield
        finally:
            marks.remove(mark)

    def _credit_run_withheld(self):
        """Start the work that waited for these lines."""
        for name in WITHHELD:
            if hasattr(self, name):
                getattr(self, name)()

    # === CHANGED AFTER CONFIRMATION === #

    @api.model_create_multi
    def create(self, vals_list):
        worked_out = written(LINE_WORKED_OUT, vals_list, self.env.context)
        orders = self._credit_orders_of(vals_list)
        if marked(self.env, WITHHOLDING):
            orders = orders.browse()  # judged as a whole, once it is there
        with orders._credit_judged():
            lines = super().create(vals_list)
            work_out(lines, worked_out)
            lines._credit_work_out_delivered(vals_list)
        return lines

    def write(self, vals):
        if LINE_MOVES_CREDIT.isdisjoint(vals):
            res = super().write(vals)
            work_out(self, written(LINE_WORKED_OUT, [vals]))
            return res
        with (self.order_id | self._credit_orders_of([vals]))._credit_judged():
            res = super().write(vals)
            work_out(self, written(LINE_WORKED_OUT, [vals]))
            self._credit_work_out_delivered([vals])
        return res

    def _credit_work_out_delivered(self, vals_list):
        """What was delivered is written by hand where nothing else says it."""
        given = written({"qty_delivered"}, vals_list, self.env.context)
        if not self.env.su:
            known = self.filtered(lambda line: line.qty_delivered_method != "manual")
            work_out(known if given else self.browse(), given)

    def unlink(self):
        with self.order_id._credit_judged():
            return super().unlink()

    def _credit_orders_of(self, vals_list):
        """Return the orders that values put lines into."""
        default = self.env.context.get("default_order_id")
        ids = {vals.get("order_id") or default for vals in vals_list}
        return self.env["sale.order"].browse(ids - {None, False})


def _withheld(lines, origin, *args, **kwargs):
    return origin(lines._credit_free(), *args, **kwargs)
