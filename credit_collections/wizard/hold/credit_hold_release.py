from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditHoldRelease(models.TransientModel):
    """Release one or many held orders with a reason, or ask those who may."""

    _name = "credit.hold.release"
    _description = "Release Held Orders"

    hold_ids = fields.Many2many("credit.hold", required=True)
    hold_count = fields.Integer(compute="_compute_totals")
    currency_id = fields.Many2one("res.currency", compute="_compute_totals")
    amount = fields.Monetary("Orders", compute="_compute_totals")
    amount_over = fields.Monetary("Over Limit", compute="_compute_totals")
    reason_id = fields.Many2one(
        "credit.reason",
        required=True,
        domain="[('kind', '=', 'release'), ('code', 'not in', ('AUTO', 'PREPAID'))]",
        default=lambda self: self._default_reason_id(),
    )
    note = fields.Char(help="For the salesperson and for the record.")
    confirm = fields.Boolean(
        "Continue the Order",
        default=True,
        help="Confirm the order now. Otherwise the salesperson confirms it, and it is "
        "not held again within the validity and the tolerance.",
    )
    valid_days = fields.Integer(
        "Valid for Days",
        default=lambda self: self.env.company.credit_release_validity_days,
    )
    tolerance = fields.Float(
        default=lambda self: self.env.company.credit_release_tolerance,
        help="The order may grow by this share without being held again.",
    )
    others_count = fields.Integer(
        compute="_compute_others",
        help="How many of the orders have to be approved by others.",
    )
    others_message = fields.Char(compute="_compute_others")
    is_for_others = fields.Boolean(
        compute="_compute_others", help="All of the orders have to be approved."
    )

    @api.model
    def _default_reason_id(self):
        return self.env["credit.reason"].search([("kind", "=", "release")], limit=1)

    @api.depends("hold_ids")
    def _compute_totals(self):
        for wizard in self:
            holds = wizard.hold_ids
            wizard.hold_count = len(holds)
            same = len(holds.currency_id) == 1
            wizard.currency_id = holds.currency_id if same else False
            wizard.amount = sum(holds.mapped("amount")) if same else 0.0
            wizard.amount_over = sum(holds.mapped("amount_over")) if same else 0.0

    def _release_options(self):
        """Return the options of the release, plain values: they may have to wait."""
        self.ensure_one()
        return {
            "note": self.note or "",
            "confirm": self.confirm,
            "valid_days": self.valid_days,
            "tolerance": self.tolerance,
        }

    # === RELEASE === #

    @api.depends("hold_ids", "tolerance")
    def _compute_others(self):
        for wizard in self:
            holds = wizard.hold_ids._origin.filtered(lambda hold: hold.state == "held")
            others = holds._needs_approval_of_others(wizard.tolerance)
            wizard.others_count = len(others)
            wizard.is_for_others = bool(others) and others == holds
            wizard.others_message = others._describe_who_approves(wizard.tolerance)

    def action_release(self):
        """Release what the user may release, and ask for the approval of the rest."""
        self.ensure_one()
        others = self.hold_ids._needs_approval_of_others(self.tolerance)
        if not others:
            return self._release_own(self.hold_ids)
        if not (self.note or "").strip():
            raise UserError(
                self.env._("Say why it should pass: others have to approve it.")
            )
        new = others.filtered(lambda hold: hold.approval_state != "pending")
        (new or others)._ask_for_release(self.reason_id, **self._release_options())
        asked = self.env._("%s wait for approval.", len(others))
        own = self.hold_ids - others
        if not own:
            return others._notify(asked, {})
        return self._release_own(own, asked)

    def _release_own(self, holds, *more):
        """Release holds; tell so, and what else was done."""
        errors = holds._release(self.reason_id, **self._release_options())
        done = self.env._("%s released.", len(holds))
        return holds._notify(" ".join([done, *more]), errors)
