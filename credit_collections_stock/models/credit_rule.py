from odoo import api, fields, models


class CreditRule(models.Model):
    _inherit = "credit.rule"

    at_delivery = fields.Boolean(
        help="Check when goods of an order leave for the customer. Returns, "
        "replacements of returned goods and direct deliveries by vendors always pass.",
    )

    @api.model
    def _get_checkpoint_labels(self):
        labels = super()._get_checkpoint_labels()
        invoice = labels.pop("at_invoice")
        return {
            **labels,
            "at_delivery": self.env._("Delivery"),
            "at_invoice": invoice,
        }
