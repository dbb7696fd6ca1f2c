from odoo import api, fields, models


class CreditCheckpointMixin(models.AbstractModel):
    """A document that holds stop behind the order: an invoice, a delivery.

    Each has its table for ``credit_hold_ids`` and computes the two other fields.
    """

    _name = "credit.checkpoint.mixin"
    _description = "Checkpoint"

    #: Field of a hold with the documents of this kind that it stops.
    _credit_stopped_by = None

    credit_hold_ids = fields.Many2many(
        "credit.hold",
        string="Credit Holds",
        readonly=True,
        copy=False,
        groups="account.group_account_readonly,sales_team.group_sale_salesman",
    )
    credit_is_held = fields.Boolean(
        "On Credit Hold",
        compute="_compute_credit_is_held",
        search="_search_credit_is_held",
        compute_sudo=True,
        groups="base.group_user",
    )
    credit_hold_reason = fields.Char(
        "Credit Hold",
        compute="_compute_credit_is_held",
        compute_sudo=True,
        groups="base.group_user",
    )

    def _compute_credit_is_held(self):
        """Tell whether the document waits for a release, and for which reasons."""
        raise NotImplementedError

    @api.model
    def _search_credit_is_held(self, operator, value):
        if operator != "in":
            return NotImplemented
        held = self._credit_held_domain()
        return held if True in value else ~held

    @api.model
    def _credit_held_domain(self):
        """Return the domain of the documents that wait for a release."""
        raise NotImplementedError

    def _credit_orders(self):
        """Return the orders whose goods or amounts are in these documents."""
        raise NotImplementedError

    def _credit_stop(self, orders):
        """Write on the holds of orders which of these documents they stop.

        :return: those documents
        """
        stopped = self.filtered(lambda document: document._credit_orders() & orders)
        for hold in orders.credit_hold_id:
            hold[self._credit_stopped_by] |= stopped.filtered(
                lambda document, order=hold.order_id: order in document._credit_orders()
            )
        return stopped

    def unlink(self):
        holds_sudo = self.sudo().credit_hold_ids  # the record of the hold follows
        res = super().unlink()
        holds_sudo._lapse_idle()
        return res
