from odoo import fields, models


class CreditRiskClass(models.Model):
    """How risky a customer is: an interval of the risk score, and what it suggests."""

    _name = "credit.risk.class"
    _description = "Risk Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The best class first.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(translate=True)
