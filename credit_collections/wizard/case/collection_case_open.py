from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sql.hub.open_items import OWED_WORDS


class CollectionCaseOpen(models.TransientModel):
    """Ask what goes into a case, and who owns it."""

    _name = "collection.case.open"
    _description = "Open Cases"

    profile_ids = fields.Many2many("credit.profile", required=True)
    is_one = fields.Boolean(compute="_compute_is_one")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", compute="_compute_is_one"
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        domain=f"[('partner_id', 'child_of', partner_id), {OWED_WORDS}]",
    )
    only_overdue = fields.Boolean(
        help="Take overdue items only. Else all that is open goes into the cases."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain="[('share', '=', False)]",
        help="Empty: the collector of each customer.",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent")], default="0"
    )

    @api.depends("profile_ids")
    def _compute_is_one(self):
        for wizard in self:
            wizard.is_one = len(wizard.profile_ids) == 1
            wizard.partner_id = wizard.profile_ids.partner_id[:1]

    def action_open(self):
        """Open the cases and show them."""
        self.ensure_one()
        cases = self.env["collection.case"]
        cases._check_may_open(self.profile_ids)
        if self.is_one:
            opened = self.move_line_ids._open_case(self.user_id, priority=self.priority)
        else:
            opened = cases._open_for(
                self.profile_ids, user=self.user_id, only_overdue=self.only_overdue
            )
            if not opened:
                raise UserError(
                    self.env._("Nothing is open that is not in a case already.")
                )
            if self.user_id:
                opened._assign(self.user_id)
        return opened._get_records_action(name=self.env._("Cases"))
