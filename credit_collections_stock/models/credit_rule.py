from odoo import fields, models


class CreditRule(models.Model):
    _inherit = "credit.rule"

    at_delivery = fields.Boolean(
        help="Check when goods of an order leave for the customer. Returns, "
        "replacements of returned goods and direct deliveries by vendors always pass.",
    )
