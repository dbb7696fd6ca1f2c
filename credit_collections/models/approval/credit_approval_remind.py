import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import approval as engine

_logger = logging.getLogger(__name__)


class CreditApproval(models.Model):
    """What waits too long: reminders, and tasks of substitutes from their first day."""

    _inherit = "credit.approval"

    asked_date = fields.Date(
        "Waits Since",
        readonly=True,
        default=lambda self: self.env["res.company"]._credit_today(),
        help="Since when the level that is due is asked.",
    )

    def _next_level(self, step):
        res = super()._next_level(step)
        self.asked_date = self.env["res.company"]._credit_today()
        return res

    @api.model
    def _cron_remind(self):
        """Give tasks to who decides today, and remind of what waits for days."""
        pending = self.search([("state", "=", "pending")], order="id")
        today = self.env["res.company"]._credit_today()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(pending))
        for approval in pending:
            try:
                with self.env.cr.savepoint():
                    approval._ask_deciders()
                    approval._remind_when_due(today)
            except UserError as error:
                _logger.warning("%s: no reminder: %s", approval.display_name, error)
            if not cron._commit_progress(1):
                break

    def _remind_when_due(self, today):
        self.ensure_one()
        every = self.company_id.credit_approval_reminder_days
        if engine.is_reminder_due(
            self.asked_date, self.reminded_date or None, every, today
        ):
            self._remind(today)

    def _remind(self, today):
        """Write to who may decide; where nobody may, to who can set that right."""
        deciders = self._get_document()._approval_asked(self.decider_ids)
        body = self.env._(
            "Waits for “%(tier)s” since %(days)s days.",
            tier=self.step_id.name,
            days=(today - self.asked_date).days,
        )
        if not deciders:
            deciders = self.company_id._credit_approver()
            nobody = self.env._("Nobody may decide any more: name an approver.")
            body = f"{body} {nobody}"
        self.message_post(
            body=body,
            partner_ids=deciders.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
        self.write({"reminded_date": today, "reminder_count": self.reminder_count + 1})
