from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """A new address has not bounced yet: collections may use it."""
        corrected = self.browse()
        if "email" in vals:
            corrected = self.filtered(
                lambda partner: (
                    partner.message_bounce and partner.email != vals["email"]
                )
            )
        res = super().write(vals)
        if corrected:
            corrected.message_bounce = 0
        return res
