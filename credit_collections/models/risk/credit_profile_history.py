from odoo import api, fields, models

from ...sql.risk.history import READS, write_history
from ...tools.statements import flush

#: The fields that the nightly statements write.
HISTORY = [
    "revenue_amount",
    "average_days_late",
    "average_days_to_pay",
    "customer_since",
    "payer_type",
]


class CreditProfile(models.Model):
    """How the customer bought and paid in the last twelve months, for segments."""

    _inherit = "credit.profile"

    revenue_amount = fields.Monetary(
        "Turnover in 12 Months",
        readonly=True,
        help="Invoices less credit notes of the last twelve months, without taxes. "
        "Worked out every night.",
        figure=True,
    )
    average_days_late = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Days from due to paid, weighted by the amounts, of invoices that were "
        "settled in the last twelve months; negative when paid early. What was "
        "credited or written off does not count. Worked out every night.",
        figure=True,
    )
    average_days_to_pay = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The same from the date of the invoice to the payment.",
        figure=True,
    )
    customer_since = fields.Date(
        tracking=True, help="Left empty, the night puts the first invoice here."
    )
    payer_type = fields.Selection(
        [
            ("new", "Nothing paid yet"),
            ("prompt", "Prompt"),
            ("slow", "Slow"),
            ("late", "Late"),
        ],
        readonly=True,
        help="By the average days late: up to 5 days prompt, up to 30 slow, above it "
        "late.",
        figure=True,
    )

    @api.model
    def _write_history(self, root, partner_ids=None):
        """Bring the history of customers of a root company up to date, set-wise.

        Only rows that change are written.

        :param partner_ids: commercial partners, default all
        :return: the profiles that changed
        """
        flush(self.env, READS)
        roles = self.env["account.account"]._credit_roles()
        statement = write_history(root._credit_pot(), roles, partner_ids)
        rows = self.env.execute_query(statement)
        changed = self.browse(row[0] for row in rows)
        changed.invalidate_recordset(HISTORY, flush=False)
        return changed

    def _write_history_of(self, root):
        """Do the same for these customers of a root company."""
        self._write_history(root, self.partner_id.ids)
