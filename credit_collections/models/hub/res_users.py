from odoo import models


class ResUsers(models.Model):
    """Who is there to be given something to do."""

    _inherit = "res.users"

    def _get_present(self, company):
        """Return those who work in a company, or in a branch of it: active users of
        their own house. Nobody else is given a customer, a call or a task there."""
        if not self:
            return self
        # where people work is asked for their sake, not for that of who asks
        root_sudo = company.sudo().root_id
        present_sudo = self.sudo().filtered(
            lambda user: (
                user.active and not user.share and root_sudo in user.company_ids.root_id
            )
        )
        return self.browse(present_sudo.ids)
