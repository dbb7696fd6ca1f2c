from odoo import models
from odoo.fields import Domain

#: By these a contact, or its whole company, becomes part of another customer.
_MOVES_DEBT = {"parent_id", "is_company"}


class ResPartner(models.Model):
    """A contact that joins another customer takes its confirmed orders along."""

    _inherit = "res.partner"

    def write(self, vals):
        if _MOVES_DEBT.isdisjoint(vals):
            return super().write(vals)
        with self._credit_open_orders()._credit_judged():
            return super().write(vals)

    def _credit_open_orders(self):
        """Return the confirmed orders that are invoiced to these partners, or to their
        contacts, and are not invoiced yet."""
        # facts of all salespeople; who may write partners need not see orders
        orders_sudo = self.env["sale.order"].sudo()
        family_sudo = self.sudo().with_context(active_test=False)
        family_sudo = family_sudo.search([("id", "child_of", self.ids)])
        domain = Domain("partner_invoice_id", "in", family_sudo.ids) & Domain(
            [("state", "=", "sale"), ("invoice_status", "!=", "invoiced")]
        )
        return orders_sudo.search(domain).with_env(self.env)
