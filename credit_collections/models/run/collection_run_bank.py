from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...sql.run.bank import READS, bank_days
from ...tools.statements import flush


class CollectionRun(models.Model):
    """Runs wait for the bank: who has paid is not to be reminded."""

    _inherit = "collection.run"

    is_bank_ignored = fields.Boolean(
        "Although the Bank Is Behind",
        help="Contact customers although bank statements are missing or unreconciled.",
    )
    bank_message = fields.Text(
        "Bank", compute="_compute_bank_message", help="Bank journals that are behind."
    )

    @api.depends("date", "company_id", "state")
    def _compute_bank_message(self):
        gaps = self.filtered(
            lambda run: (
                run.state in ("draft", "planned") and run.company_id and run.date
            )
        )._get_bank_gaps()
        for run in self:
            lines = [self._describe_gap(*gap) for gap in gaps.get(run, ())]
            run.bank_message = "\n".join(lines) or False

    def _get_bank_gaps(self):
        """Return ``{run: [(journal, last day, oldest open day)]}`` of journals behind.

        One statement for all runs; none where no company asks for it.
        """
        # collectors may not read journals; whether they are behind is no secret
        roots_sudo = self.company_id.sudo().filtered("collection_bank_days")
        if not roots_sudo:
            return {}
        flush(self.env, READS)
        families = {root.id: root._credit_branch_ids(root.id) for root in roots_sudo}
        days = {root.id: root.collection_bank_days for root in roots_sudo}
        # see above
        journals_sudo = self.env["account.journal"].sudo()
        found = defaultdict(list)
        for root_id, journal_id, *dates in self.env.execute_query(bank_days(families)):
            found[root_id].append((journals_sudo.browse(journal_id), *dates))
        gaps = {}
        for run in self:
            before = run.date - timedelta(days=days.get(run.company_id.id, 0))
            gaps[run] = [
                (journal, last, oldest)
                for journal, last, oldest in found[run.company_id.id]
                if last < before or (oldest and oldest < before)
            ]
        return gaps

    def _is_bank_current(self):
        return self.is_bank_ignored or not self._get_bank_gaps().get(self)

    def _describe_gap(self, journal, last, oldest):
        if oldest:
            return self.env._(
                "%(journal)s: not reconciled since %(day)s",
                journal=journal.name,
                day=format_date(self.env, oldest),
            )
        return self.env._(
            "%(journal)s: last statement line of %(day)s",
            journal=journal.name,
            day=format_date(self.env, last),
        )
