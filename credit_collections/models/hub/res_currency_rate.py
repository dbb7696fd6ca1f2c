from odoo import models


class ResCurrencyRate(models.Model):
    _name = "res.currency.rate"
    _inherit = ["res.currency.rate", "credit.cached.mixin"]
    _credit_is_versioned = True
