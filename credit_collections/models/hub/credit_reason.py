from odoo import fields, models


class CreditReason(models.Model):
    """Why something was done or decided, as a code that can be counted."""

    _name = "credit.reason"
    _description = "Credit Reason"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code for reports and imports.")
    kind = fields.Selection(
        [
            ("hold", "Hold"),
            ("release", "Release"),
            ("reject", "Reject"),
            ("status", "Customer status"),
            ("exclusion", "Exclusion from collections"),
            ("outcome", "Outcome of a contact"),
            ("promise", "Cancelled promise"),
            ("dispute", "Dispute"),
            ("risk", "Risk class by hand"),
        ],
        required=True,
        help="Where the reason can be chosen.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: the reason is valid in all companies."
    )
    description = fields.Text(
        translate=True, help="When to use this reason, for colleagues who choose it."
    )
    is_reached = fields.Boolean(
        "Customer Reached",
        help="For outcomes of contacts: somebody of the customer was spoken to.",
    )
    is_promise = fields.Boolean(
        "Leads to a Promise",
        help="For outcomes of contacts: logging it asks for the promise to pay.",
    )

    _code_uniq = models.UniqueIndex(
        "(kind, code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Another reason of this kind has this code already.",
    )
