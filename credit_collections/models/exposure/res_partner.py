from odoo import fields, models

from ...tools import access


class ResPartner(models.Model):
    """What the customer owes, as a picture on the partner."""

    _inherit = "res.partner"

    # read as the user: whose customer it is not sees no picture
    credit_picture = fields.Json(
        related="credit_profile_id.exposure_picture",
        related_sudo=False,
        groups=access.READERS,
    )

    def action_open_credit_profile(self):
        """Open the credit profile of the customer in this company, made if missing."""
        self.ensure_one()
        profile = self.env["credit.profile"]._ensure(
            self.env.company, self.commercial_partner_id.ids
        )
        profile.check_access("read")
        return profile._get_records_action(name=self.env._("Credit"))
