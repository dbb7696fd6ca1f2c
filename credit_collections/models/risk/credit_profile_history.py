from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ...sql.hub.aside import forget, ids_aside, put_aside, taken
from ...sql.risk.history import (
    READS,
    fresh_history,
    note_collected,
    write_history,
)
from ...tools import access
from ...tools.statements import flush

#: What was matched longer ago than this, in days, was seen by the night, whatever took
#: long: a night that is begun goes on for half a day, whoever matches takes minutes.
SEEN = 1

#: Customers of one part.
BATCH = 5000

#: What is read at once and written in parts.
ASIDE = "credit_fresh_history"

#: The fields that the nightly statements write.
HISTORY = [
    "revenue_amount",
    "average_days_late",
    "average_days_to_pay",
    "customer_since",
    "payer_type",
    "collected_amount",
    "collected_up_to",
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
        groups=access.OFFICE,
    )
    average_days_late = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Days from due to paid, weighted by the amounts, of what was paid in the "
        "last twelve months of items that are settled or overdue, and from due to "
        "today of what is overdue and still open; negative when paid early. What was "
        "credited or written off does not count, nor what is disputed. Worked out "
        "every night.",
        figure=True,
        groups=access.OFFICE,
    )
    average_days_to_pay = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The same from the date of the invoice to the payment, or to today.",
        figure=True,
        groups=access.OFFICE,
    )
    customer_since = fields.Date(
        tracking=True,
        help="Left empty, the night puts the first invoice here.",
        groups=access.OFFICE,
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
        "late. Who paid nothing yet is not prompt.",
        figure=True,
        groups=access.OFFICE,
    )
    collected_amount = fields.Monetary(
        "Collected in 30 Days",
        readonly=True,
        groups="account.group_account_readonly,credit_collections.group_collector",
        help="Money of the last 30 days that paid items after their due date, as of "
        "last night. The collectors' board adds what was matched since then.",
        figure=True,
    )
    # the last matched part that is in it: exact, whenever and for whom it is worked out
    collected_up_to = fields.Integer(
        readonly=True, groups=fields.NO_ACCESS, figure=True
    )

    @api.model
    def _write_history(self, root, partner_ids=None):
        """Bring the history of customers of a root company up to date, set-wise.

        Only rows that change are written.

        :param partner_ids: commercial partners, default all
        :return: the profiles that changed
        """
        return self._write_fresh_history(
            SQL("(%s)", self._select_history(root, partner_ids))
        )

    def _write_history_of(self, root):
        """Do the same for these customers of a root company."""
        self._write_history(root, self.partner_id.ids)

    @api.model
    def _write_history_in_parts(self, root, after=0):
        """Do the same for all, read at once and written for :data:`BATCH` at a time.

        After each part, yield the id up to which all is done.
        """
        self.env.cr.execute(put_aside(ASIDE, self._select_history(root)))
        rows = self.env.execute_query(ids_aside(ASIDE, after))
        yield (after,)  # what is written is read after this
        for ids in split_every(BATCH, (row[0] for row in rows)):
            self._write_fresh_history(taken(ASIDE, ids))
            yield (ids[-1],)
        self.env.cr.execute(forget(ASIDE))
        before = self.env.cr.now() - timedelta(days=SEEN)
        self.env.cr.execute(note_collected(root.id, before))
        root.invalidate_recordset(["collected_up_to"], flush=False)

    @api.model
    def _on_unmatched(self, items):
        """Count anew what was collected from the customers of these items: what was
        taken back may be matched again, and is not to count twice until the night."""
        # whoever takes a match back may not see what was collected
        partners = items.sudo().partner_id.commercial_partner_id
        counted_sudo = self.sudo().with_context(active_test=False)
        counted_sudo = counted_sudo.search(
            [("partner_id", "in", partners.ids), ("collected_amount", ">", 0)]
        )
        for root, profiles_sudo in counted_sudo.grouped("company_id").items():
            profiles_sudo._write_history_of(root)

    @api.model
    def _select_history(self, root, partner_ids=None):
        flush(self.env, READS)
        roles = self.env["account.account"]._credit_roles()
        leftover = root._credit_scope(root.id).overdue_tolerance
        return fresh_history(root._credit_pot(), roles, leftover, partner_ids)

    @api.model
    def _write_fresh_history(self, fresh):
        rows = self.env.execute_query(write_history(fresh))
        changed = self.browse(row[0] for row in rows)
        changed.invalidate_recordset(HISTORY, flush=False)
        return changed
