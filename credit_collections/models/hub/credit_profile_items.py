from odoo import models
from odoo.fields import Domain

from ...sql.hub.open_items import OPEN, OWED


class CreditProfile(models.Model):
    """The receivable items of the customer: one meaning of what is open for all."""

    _inherit = "credit.profile"

    def _items_domain(self):
        """Receivable items of customers and their contacts, in all branches.

        The customers are those of one company.
        """
        pot = self.company_id._credit_pot()
        return (
            Domain("partner_id.commercial_partner_id", "in", self.partner_id.ids)
            & Domain("company_id", "in", pot.company_ids)
            & Domain("account_id", "in", pot.account_ids)
        )

    def _open_items_domain(self):
        """What is open of the customer, unapplied payments included."""
        return self._items_domain() & OPEN

    def _get_open_items(self, condition=Domain.TRUE):
        """Return what the customer has open to pay, the oldest first."""
        domain = self._open_items_domain() & OWED
        return self.env["account.move.line"].search(
            domain & condition, order="date_maturity, id"
        )
