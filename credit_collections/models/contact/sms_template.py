from odoo import fields, models


class SmsTemplate(models.Model):
    """Text messages that ask for what is overdue."""

    _inherit = "sms.template"

    collection_is_demand = fields.Boolean(
        "Asks for What Is Overdue",
        help="What is sent with the template passes the guard of collections and "
        "counts for the quiet days, where something is overdue.",
        groups="base.group_user",
    )
