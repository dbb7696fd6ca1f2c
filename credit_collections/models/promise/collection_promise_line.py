from odoo import fields, models


class CollectionPromiseLine(models.Model):
    """An item that a promise is about, and how much of it is promised."""

    _name = "collection.promise.line"
    _description = "Promised Item"
    _order = "id"

    promise_id = fields.Many2one(
        "collection.promise", required=True, index=True, ondelete="cascade"
    )
    # an invoice that is reset to draft may lose its items: the promise stays
    move_line_id = fields.Many2one(
        "account.move.line", string="Item", index=True, ondelete="set null"
    )
    currency_id = fields.Many2one(related="promise_id.currency_id")
    amount = fields.Monetary(required=True, help="How much of the item is promised.")
    # what had been matched to the item before, so that only new money counts
    paid_before = fields.Monetary(readonly=True)
    credited_before = fields.Monetary(readonly=True)
    written_off_before = fields.Monetary(readonly=True)
    suspended_until = fields.Date(
        readonly=True,
        help="Collection runs leave the item alone up to this day; empty as soon as "
        "the promise is kept or broken.",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    date_maturity = fields.Date(related="move_line_id.date_maturity", string="Due")
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Still Open"
    )

    _positive = models.Constraint(
        "CHECK (amount > 0)", "Promise more than nothing for each item."
    )
    _once = models.UniqueIndex("(promise_id, move_line_id)")
    _suspended_idx = models.Index(
        "(move_line_id, suspended_until) WHERE suspended_until IS NOT NULL"
    )
