from odoo import fields, models

from ...tools.access import MANAGER


class ResCompany(models.Model):
    """Who decides on credit in a company."""

    _inherit = "res.company"

    credit_approver_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Gets an activity for every order that is held. Without one, the first "
        "credit manager of the company does.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_approval_reminder_days = fields.Integer(
        "Reminder of Approvals",
        default=3,
        help="Who may approve is reminded after so many days, and again each time as "
        "many have passed. 0: never.",
        prefetch="credit",
        groups="base.group_user",
    )

    def _credit_approver(self):
        """Return who decides on credit here: the one in the settings, while working
        here, else the first credit manager who may see the company."""
        # a parameter of the policy, which holds in branches too
        if approver := self.sudo().credit_approver_id._get_present(self):
            return approver.with_env(self.env)
        group = self.env.ref(MANAGER)
        managers = self.env["res.users"].search(
            [("all_group_ids", "in", group.ids), ("company_ids", "in", self.ids)],
            order="id",
            limit=1,
        )
        return managers or self.env.user
