from odoo import api, models


class ResCompany(models.Model):
    """Companies without collateral spend no time on it."""

    _inherit = "res.company"

    @api.model
    def _credit_features(self):
        return {**super()._credit_features(), "collateral": "credit.collateral"}
