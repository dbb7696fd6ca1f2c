from dateutil.relativedelta import relativedelta

from odoo import fields, models


class CreditRiskOverride(models.TransientModel):
    """Ask which class customers get by hand, why, and until when."""

    _name = "credit.risk.override"
    _description = "Choose Risk Class"

    profile_ids = fields.Many2many("credit.profile", required=True)
    class_id = fields.Many2one("credit.risk.class", required=True)
    reason_id = fields.Many2one(
        "credit.reason", required=True, domain="[('kind', '=', 'risk')]"
    )
    until = fields.Date(
        "Counts Until",
        required=True,
        default=lambda self: self.env.company._credit_today() + relativedelta(months=6),
        help="From the day after on, the score decides again.",
    )
    note = fields.Char()

    def action_confirm(self):
        """Give the customers the class."""
        self.ensure_one()
        self.profile_ids._override_risk(
            self.class_id, self.reason_id, self.until, self.note
        )
        return True
