from odoo import fields, models

from ...tools import access


class CollectionOverride(models.TransientModel):
    """Ask a credit manager why a customer is written to in spite of the guard."""

    _name = "collection.override"
    _description = "Write to a Customer Anyway"

    profile_id = fields.Many2one("credit.profile", required=True, readonly=True)
    template_id = fields.Many2one("mail.template", readonly=True)
    guard_reason = fields.Selection(
        lambda self: self.env["collection.action"]._selection_skip_reason(),
        readonly=True,
    )
    reason = fields.Char("Write Anyway Because", required=True)

    def action_write(self):
        """Open the e-mail; the reason goes on record when it is sent."""
        self.ensure_one()
        access.require(
            self.env, self.env._("Only credit managers decide that."), access.MANAGER
        )
        return self.profile_id._write_email(self.template_id, self.reason)
