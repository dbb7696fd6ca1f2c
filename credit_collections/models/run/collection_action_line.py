from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.exposure.exposure import overdue_days


class CollectionActionLine(models.Model):
    """An item that an action is about."""

    _name = "collection.action.line"
    _description = "Collection Action Item"
    _order = "id"
    # a run writes hundreds of thousands; who and when is what its action says
    _log_access = False

    #: What a customer was reminded of is on record: runs alone write it.
    _credit_protected_more = frozenset(
        {
            "action_id",
            "amount",
            "amount_currency",
            "interest_amount",
            "level",
            "level_before",
            "move_line_id",
        }
    )

    # no index of its own: the unique one begins with it
    action_id = fields.Many2one(
        "collection.action", required=True, index=False, ondelete="cascade"
    )
    # an invoice that is reset to draft may lose its items: what was sent stays
    move_line_id = fields.Many2one("account.move.line", index=True, ondelete="set null")
    currency_id = fields.Many2one(related="action_id.currency_id")
    item_currency_id = fields.Many2one(
        related="move_line_id.currency_id", string="Currency of the Item"
    )
    amount = fields.Monetary(help="Open amount when it was planned or done.")
    amount_currency = fields.Monetary(
        "Amount in Currency",
        currency_field="item_currency_id",
        help="Open amount in the currency of the item.",
    )
    interest_amount = fields.Monetary("Interest", help="Until the day of the run.")
    level = fields.Integer(help="Level that the item has come to with this action.")
    level_before = fields.Integer(help="Level that the item had before this action.")
    move_id = fields.Many2one(related="move_line_id.move_id")
    date_maturity = fields.Date(related="move_line_id.date_maturity")
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual", string="Still Open"
    )

    days_overdue = fields.Integer(compute="_compute_days_overdue")

    _once_per_action = models.UniqueIndex("(action_id, move_line_id)")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("What runs did is on record and can't be deleted.")
            )

    @api.depends("date_maturity", "action_id.run_id.date")
    def _compute_days_overdue(self):
        for line in self:
            line.days_overdue = overdue_days(
                line.date_maturity, line.action_id.run_id.date
            )

    def _get_portal_url(self):
        """Return the address of the page of the document, which needs no login."""
        return self.move_id.get_base_url() + self.move_id.get_portal_url()
