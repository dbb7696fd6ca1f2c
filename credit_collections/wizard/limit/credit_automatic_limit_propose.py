from odoo import fields, models
from odoo.exceptions import UserError

from ...models.limit.credit_automatic_limit import Wishes
from ...tools.access import CONTROLLER, require


class CreditAutomaticLimitPropose(models.TransientModel):
    """Ask whose limits are to be proposed, and make the document to approve."""

    _name = "credit.automatic.limit.propose"
    _description = "Propose Automatic Limits"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    class_ids = fields.Many2many(
        "credit.risk.class", string="Risk Classes", help="Empty: all classes."
    )
    suggested = fields.Boolean(
        "Limits of Classes Too",
        help="Customers whom no automatic limit is for get what their class suggests.",
    )
    direction = fields.Selection(
        [
            ("all", "Raise and lower"),
            ("raise", "Only raise"),
            ("lower", "Only lower"),
        ],
        required=True,
        default="all",
    )

    def action_propose(self):
        """Make a draft of the limits that differ, and open it."""
        self.ensure_one()
        require(
            self.env,
            self.env._("Only credit controllers and managers propose limits."),
            CONTROLLER,
        )
        wishes = Wishes(tuple(self.class_ids.ids), self.suggested, self.direction)
        change = self.env["credit.automatic.limit"]._propose(self.company_id, wishes)
        if not change:
            raise UserError(
                self.env._(
                    "No limit differs from the automatic one. Customers in proposals "
                    "that are not decided yet are left out."
                )
            )
        return change._get_records_action()
