from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.exposure.exposure import overdue_days


class AccountMoveLine(models.Model):
    """What keeps a receivable item from being collected, in one word for lists."""

    _inherit = "account.move.line"

    collection_status = fields.Selection(
        [
            ("disputed", "Disputed"),
            ("promised", "Promised"),
            ("excluded", "Excluded"),
        ],
        compute="_compute_collection_status",
        compute_sudo=False,
        help="Disputed: at least in part. Promised: up to the last day of the grace.",
        groups="base.group_user",
    )

    collection_days_overdue = fields.Integer(
        "Days Overdue",
        compute="_compute_collection_days_overdue",
        compute_sudo=False,
        help="Days since the due date, nothing before it.",
        groups="base.group_user",
    )

    @api.depends("date_maturity")
    def _compute_collection_days_overdue(self):
        for company, lines in self.grouped("company_id").items():
            today = company._credit_today()
            for line in lines:
                line.collection_days_overdue = overdue_days(line.date_maturity, today)

    @api.depends(
        "collection_disputed_amount",
        "collection_excluded_until",
        "no_followup",
        "collection_promise_line_ids.suspended_until",
    )
    def _compute_collection_status(self):
        by_day = self.env["res.company"]._credit_day_domain
        promised_sudo = self.env["collection.promise.line"].sudo()  # a word, no figures
        promised_sudo = promised_sudo.search(
            Domain("move_line_id", "in", self.ids)
            & by_day("suspended_until", ">=", company="move_line_id.company_id")
        ).move_line_id
        for line in self:
            until = line.collection_excluded_until
            if line.collection_disputed_amount > 0:
                line.collection_status = "disputed"
            elif line._origin in promised_sudo:
                line.collection_status = "promised"
            elif line.no_followup or (
                until and until > line.company_id._credit_today()
            ):
                line.collection_status = "excluded"
            else:
                line.collection_status = False
