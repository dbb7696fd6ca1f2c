from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...sql.run.bank import bank_gaps


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
        for run in self:
            has_begun = run.state not in ("draft", "planned")
            run.bank_message = False if has_begun else run._get_bank_message()

    def _get_bank_gaps(self):
        """Return ``(journal, last day, oldest open day)`` of journals behind."""
        self.ensure_one()
        # sudo: collectors may not read journals; whether they are behind is no secret
        root = self.company_id.sudo()
        if not root.collection_bank_days:
            return []
        self.env["account.bank.statement.line"].flush_model()
        self.env["account.move"].flush_model(["date"])
        before = self.date - timedelta(days=root.collection_bank_days)
        companies = root._credit_branch_ids(root.id)
        rows = self.env.execute_query(bank_gaps(companies, before))
        journals = self.env["account.journal"].sudo()
        return [(journals.browse(row[0]), *row[1:]) for row in rows]

    def _is_bank_current(self):
        return self.is_bank_ignored or not self._get_bank_gaps()

    def _get_bank_message(self):
        gaps = self._get_bank_gaps() if self.company_id and self.date else []
        return "\n".join(self._describe_gap(*gap) for gap in gaps) or False

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
