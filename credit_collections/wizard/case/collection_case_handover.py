from odoo import api, fields, models


class CollectionCaseHandover(models.TransientModel):
    """Ask who takes a case over, and with what."""

    _name = "collection.case.handover"
    _description = "Hand a Case Over"

    case_id = fields.Many2one("collection.case", required=True)
    currency_id = fields.Many2one(related="case_id.currency_id", related_sudo=False)
    stage = fields.Selection(
        [
            ("legal", "Lawyer"),
            ("agency", "Collection agency"),
            ("insolvency", "Insolvency"),
        ],
        string="Kind",
        required=True,
        default="legal",
    )
    partner_id = fields.Many2one(
        "res.partner", string="To", required=True, help="Lawyer, agency or receiver."
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
    reference = fields.Char("Their Reference")
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True
    )

    @api.depends("case_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.case_id.open_amount

    def action_hand_over(self):
        self.ensure_one()
        self.case_id._hand_over(
            self.stage, self.partner_id, self.date, self.reference, self.amount
        )
        return True
