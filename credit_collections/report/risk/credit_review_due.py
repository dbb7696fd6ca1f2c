from odoo import fields, models
from odoo.exceptions import UserError

from ...sql.risk.review import review_list


class CreditReviewDue(models.Model):
    """What ends or is to be looked at again soon, for the credit manager."""

    _name = "credit.review.due"
    _description = "Review Due"
    _auto = False
    _rec_name = "partner_id"
    _order = "date, id"
    _depends = {
        "credit.group": ["active", "expiry_date"],
        "credit.limit.change.line": [
            "company_id",
            "date_to",
            "kind",
            "new_limit",
            "profile_id",
            "state",
        ],
        "credit.profile": [
            "active",
            "company_id",
            "credit_limit",
            "effective_limit",
            "group_id",
            "limit_expiry_date",
            "limit_policy",
            "next_review_date",
            "risk_class_id",
        ],
        "res.company": ["credit_review_days"],
    }

    kind = fields.Selection(
        selection=lambda self: self.env["credit.profile"]._review_kinds(),
        string="What",
        readonly=True,
    )
    date = fields.Date("On", readonly=True)
    days_left = fields.Integer(readonly=True, aggregator="min")
    profile_id = fields.Many2one("credit.profile", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    document = fields.Char("About", compute="_compute_document")
    risk_class_id = fields.Many2one("credit.risk.class", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        readonly=True, aggregator=None, help="The limit that it is about."
    )

    @property
    def _table_query(self):
        companies = self.env["res.company"]
        parts = self.env["credit.profile"]._review_parts(companies._credit_day_sql)
        latest = max(companies._credit_days())
        return review_list(parts, companies._credit_day_sql, latest)

    def _compute_document(self):
        """Name what is not the customer itself: the change, the group."""
        self.document = False
        for model, dues in self.grouped("res_model").items():
            if model != "credit.profile":
                records = self.env[model].browse(dues.mapped("res_id"))
                for due, record in zip(dues, records, strict=True):
                    due.document = record.display_name

    # === ACTIONS === #

    def action_open(self):
        """Open what is to be reviewed: the change, the group or the customer."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()

    def action_review_done(self):
        """Note that the customers were reviewed."""
        reviews = self.filtered(lambda one: one.kind == "review")
        if not reviews:
            raise UserError(
                self.env._(
                    "Only reviews of customers can be done here. Limits that end are "
                    "prolonged by a limit change."
                )
            )
        reviews.profile_id.action_review_done()
