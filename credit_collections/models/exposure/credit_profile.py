from odoo import api, models

from ...sql.exposure.exposure import READS, exposure
from ...tools.statements import flush


class CreditProfile(models.Model):
    """What customers owe, live: one statement for one customer and for all."""

    _inherit = "credit.profile"

    @api.model
    def _exposure_map(self, company, partner_ids=None, today=None, without_orders=()):
        """Return the exposure of customers by component.

        :param company: any company of the tree; the pot is that of its root
        :param partner_ids: commercial partners; all customers when ``None``
        :param without_orders: ids of orders that do not count
        :return: ``{partner_id: {component: amount, "oldest_due": date or None}}`` in
            company currency, for those customers with anything to count
        """
        self._flush_exposure_fields()
        pot = company._credit_pot(today)
        rows = self.env.execute_query(exposure(pot, partner_ids, without_orders))
        names = (*pot.columns, "oldest_due")
        return {
            partner_id: dict(zip(names, (*amounts, oldest_due), strict=True))
            for partner_id, *amounts, _past_due, oldest_due in rows
        }

    @api.model
    def _flush_exposure_fields(self):
        """Write pending changes of what the statements read; override to add what those
        of another room read."""
        flush(self.env, READS)
