from odoo import api, models


class ResCompany(models.Model):
    """Companies without credit groups spend no time on them."""

    _inherit = "res.company"

    @api.model
    def _credit_features(self):
        return {**super()._credit_features(), "group": "credit.group"}
