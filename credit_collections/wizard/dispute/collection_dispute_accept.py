from odoo import api, fields, models
from odoo.fields import Command


class CollectionDisputeAccept(models.TransientModel):
    """Ask how much of a dispute is right."""

    _name = "collection.dispute.accept"
    _description = "Accept a Dispute"

    dispute_id = fields.Many2one("collection.dispute", required=True)
    note = fields.Text(help="What we found out, for the credit manager who approves.")
    line_ids = fields.One2many(
        "collection.dispute.accept.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("dispute_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"line_id": line.id, "amount": line.amount})
                for line in wizard.dispute_id.line_ids
            ]

    def action_accept(self):
        self.ensure_one()
        amounts = {line.line_id: line.amount for line in self.line_ids}
        self.dispute_id._propose(amounts, self.note)
        return True


class CollectionDisputeAcceptLine(models.TransientModel):
    """How much of one disputed item is right."""

    _name = "collection.dispute.accept.line"
    _description = "Accepted Item"

    wizard_id = fields.Many2one(
        "collection.dispute.accept", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "collection.dispute.line", required=True, ondelete="cascade"
    )
    invoice_name = fields.Char(related="line_id.invoice_name", related_sudo=False)
    subject = fields.Char(related="line_id.subject", related_sudo=False)
    currency_id = fields.Many2one(related="line_id.currency_id", related_sudo=False)
    disputed_amount = fields.Monetary(
        related="line_id.amount", related_sudo=False, string="Disputed"
    )
    amount = fields.Monetary("Accepted")
