import logging

from odoo import models

from ...sql.contact.interaction import READS, write_last_contacts
from ...tools.batches import BUSY
from ...tools.statements import flush

_logger = logging.getLogger(__name__)


class CreditProfile(models.Model):
    """The day of the last contact: what the log says, forwards and backwards."""

    _inherit = "credit.profile"

    def _refresh_last_contacts(self):
        """Write the days of the last contacts of these customers.

        Mail queues call this, which must not fail: what was sent would be sent again.
        Where somebody else writes the customer the hourly job does it.
        """
        if not self:
            return
        flush(self.env, READS)
        try:
            with self.env.cr.savepoint(flush=False):
                self._write_last_contacts()
        except BUSY:
            _logger.info("last contacts of %s: busy, the hourly job writes them", self)

    def _refresh_last_contacts_of(self, _company):
        """The same for a batch of the hourly job."""
        flush(self.env, READS)
        self._write_last_contacts()

    def _write_last_contacts(self):
        self.env.execute_query(write_last_contacts(self.ids))
        self.invalidate_recordset(["last_contact_date"], flush=False)
