from odoo import fields, models


class CreditLimitChange(models.Model):
    """A journal of limit changes: proposed, approved, and posted to the customers."""

    _name = "credit.limit.change"
    _description = "Credit Limit Change"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    description = fields.Char()
    kind = fields.Selection(
        [
            ("permanent", "Permanent limit"),
            ("temporary", "Temporary limit"),
            ("automatic", "Automatic limit"),
            ("group", "Group limit"),
            ("cancel", "Cancel temporary limit"),
        ],
        required=True,
        default="permanent",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("posted", "Posted"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
    )
    line_ids = fields.One2many("credit.limit.change.line", "change_id", string="Lines")
