"""The mail that asks for a payment says when the order has changed."""

from odoo import SUPERUSER_ID, api
from odoo.tools.convert import convert_file


def migrate(cr, version):
    """Load the mail anew where nobody made it his own."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref(
        "credit_collections.mail_template_credit_payment", raise_if_not_found=False
    )
    if template and template.write_date == template.create_date:
        path = "data/pay/mail_template_credit_payment_data.xml"
        convert_file(env, "credit_collections", path, {}, mode="init", noupdate=True)
