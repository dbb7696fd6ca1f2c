from odoo import fields, models

from ...engine.rule.exemption import ALWAYS, NEVER


class CreditProfile(models.Model):
    """Customers whose orders are looked at, or not, whatever is usual."""

    _inherit = "credit.profile"

    check_policy = fields.Selection(
        [(ALWAYS, "Always"), (NEVER, "Never")],
        string="Credit Check",
        tracking=True,
        help="Whether the credit rules look at the orders of this customer. Empty: as "
        "usual, which leaves out customers that are companies of this database where "
        "the credit policy says so. A customer on hold is held all the same.",
    )
