from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import ValidationError


class CollectionPause(models.TransientModel):
    """Ask until when a customer is put off, and why nobody contacts it meanwhile."""

    _name = "collection.pause"
    _description = "Put a Customer Off"

    profile_ids = fields.Many2many("credit.profile", required=True)
    kind = fields.Selection(
        [("snooze", "Snooze"), ("pause", "Pause all contacts")],
        required=True,
        default="snooze",
    )
    until = fields.Date(
        required=True,
        default=lambda self: self.env.company._credit_today() + timedelta(days=3),
    )
    reason_id = fields.Many2one("credit.reason", domain="[('kind', '=', 'exclusion')]")
    note = fields.Char()

    def action_confirm(self):
        """Put the customers off."""
        self.ensure_one()
        days = [company._credit_today() for company in self.profile_ids.company_id]
        if any(self.until <= day for day in days):
            raise ValidationError(self.env._("Choose a day in the future."))
        if self.kind == "pause" and not self.reason_id:
            raise ValidationError(self.env._("Say why nobody is to contact them."))
        self.profile_ids._pause(self.kind, self.until, self.reason_id, self.note)
        return True

    def action_tomorrow(self):
        return self._confirm_in(1)

    def action_week(self):
        return self._confirm_in(7)

    def _confirm_in(self, days):
        self.until = self.profile_ids.company_id[:1]._credit_today() + timedelta(
            days=days
        )
        return self.action_confirm()
