from odoo import models
from odoo.exceptions import UserError

from ..exposure.credit_profile_picture import ITEM_DOMAINS


class SaleOrder(models.Model):
    """Payment that releases a held order, for salespeople and for the customer."""

    _inherit = "sale.order"

    def action_credit_pay_link(self):
        """Show the link by which the customer pays what is needed."""
        self.ensure_one()
        if self.credit_hold_state != "held":
            raise UserError(self.env._("%s is not on credit hold.", self.name))
        return self.credit_hold_id.action_pay_link()

    def _credit_overdue_invoices(self):
        """Return the invoices of the customer that are past due, in this company."""
        profile = self.credit_hold_id.profile_id
        items = self.env["account.move.line"].search(
            profile._open_items_domain()
            & ITEM_DOMAINS["overdue"](self.company_id._credit_today())
        )
        return items.move_id
