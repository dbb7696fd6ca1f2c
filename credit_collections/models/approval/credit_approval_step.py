from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CreditApprovalStep(models.Model):
    """What one level decided: who, when, for whom, in which words, on which numbers."""

    _name = "credit.approval.step"
    _description = "Step of an Approval"
    _inherit = "credit.record.mixin"
    _order = "approval_id, level, id"

    approval_id = fields.Many2one(
        "credit.approval", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="approval_id.company_id", store=True, precompute=True
    )
    name = fields.Char(
        "Tier", required=True, help="What the tier was called when it was asked for."
    )
    level = fields.Integer(required=True, default=1)
    tier_id = fields.Many2one(
        "credit.approval.tier", "Approval Tier", ondelete="restrict"
    )
    group_id = fields.Many2one(
        "res.groups",
        ondelete="restrict",
        help="Who decides where no tier is set.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waits"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        default="waiting",
    )
    decided_by_id = fields.Many2one("res.users", index="btree_not_null")
    on_behalf_id = fields.Many2one("res.users", "In Place Of")
    decided_date = fields.Datetime("Decided On")
    note = fields.Text("Wording")
    numbers = fields.Json(help="The numbers this level decided on.")

    # === STATE === #

    def _get_state_ways(self):
        """A level decides once."""
        waiting = ("waiting",)
        return {
            "waiting": (),
            "approved": waiting,
            "refused": waiting,
            "cancelled": waiting,
        }

    # === CRUD === #

    def write(self, vals):
        if not self.env.su:
            raise AccessError(
                self.env._("Approvals are decided by their buttons, not by hand.")
            )
        if any(step.state != "waiting" for step in self):
            raise UserError(self.env._("A decision that was taken can't be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Approvals are on record and can't be deleted."))

    # === WHO === #

    def _get_member_ids(self):
        """Return the ids of the users that decide on this step today."""
        self.ensure_one()
        return self._members(
            self.tier_id, self.group_id, self.approval_id.company_id
        ).ids

    @api.model
    def _members(self, tier, group, company):
        """Return the active users that a tier names, or the members of a group.

        Only who may open the company, or a branch of it, decides for it.
        """
        users = tier.user_ids | (tier.group_id | group).all_user_ids
        return users.filtered(
            lambda user: (
                user.active and not user.share and company in user.company_ids.root_id
            )
        )
