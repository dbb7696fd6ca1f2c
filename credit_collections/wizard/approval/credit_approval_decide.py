from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditApprovalDecide(models.TransientModel):
    """Approve or refuse, in words that are kept."""

    _name = "credit.approval.decide"
    _description = "Decide on Approvals"

    approval_ids = fields.Many2many(
        "credit.approval", string="Approvals", required=True
    )
    approval_count = fields.Integer(compute="_compute_approval")
    approval_id = fields.Many2one("credit.approval", compute="_compute_approval")
    request_note = fields.Text(related="approval_id.request_note", related_sudo=False)
    requested_by_id = fields.Many2one(
        related="approval_id.requested_by_id", related_sudo=False
    )
    numbers_html = fields.Html(related="approval_id.numbers_html", related_sudo=False)
    decision = fields.Selection(
        [("approve", "Approve"), ("refuse", "Refuse")],
        required=True,
        default="approve",
    )
    note = fields.Text("Wording", help="Told to who asked, and kept for good.")

    @api.depends("approval_ids")
    def _compute_approval(self):
        for wizard in self:
            wizard.approval_count = len(wizard.approval_ids)
            only = wizard.approval_ids if wizard.approval_count == 1 else False
            wizard.approval_id = only

    def action_decide(self):
        self.ensure_one()
        note = (self.note or "").strip()
        if self.decision == "refuse":
            if not note:
                raise UserError(
                    self.env._("Say why: it is told to who asked, and kept for good.")
                )
            return self.approval_ids._notify(self.approval_ids._refuse(note))
        return self.approval_ids._notify(self.approval_ids._approve(note))
