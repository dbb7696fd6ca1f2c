from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditHoldRelease(models.TransientModel):
    """Ask those who may release where the user may not do so alone."""

    _inherit = "credit.hold.release"

    others_count = fields.Integer(
        compute="_compute_others",
        help="How many of the orders have to be approved by others.",
    )
    others_message = fields.Char(compute="_compute_others")
    is_for_others = fields.Boolean(
        compute="_compute_others", help="All of the orders have to be approved."
    )

    @api.depends("hold_ids")
    def _compute_others(self):
        for wizard in self:
            holds = wizard.hold_ids._origin.filtered(lambda hold: hold.state == "held")
            others = holds._needs_approval_of_others()
            wizard.others_count = len(others)
            wizard.is_for_others = bool(others) and others == holds
            wizard.others_message = others._describe_who_approves()

    def action_release(self):
        """Release what the user may release, and ask for the approval of the rest."""
        self.ensure_one()
        others = self.hold_ids._needs_approval_of_others()
        if not others:
            return super().action_release()
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
        errors = own._release(self.reason_id, **self._release_options())
        done = self.env._("%s released.", len(own))
        return own._notify(f"{done} {asked}", errors)
