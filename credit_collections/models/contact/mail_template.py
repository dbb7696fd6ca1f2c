from odoo import fields, models

from ...engine.run.contact_kinds import DEMAND


class MailTemplate(models.Model):
    """Texts that ask for what is overdue."""

    _inherit = "mail.template"

    collection_is_demand = fields.Boolean(
        "Asks for What Is Overdue",
        help="What is sent with the template passes the guard of collections and "
        "counts for the quiet days, where something is overdue.",
        groups="base.group_user",
    )

    def send_mail_batch(self, *args, **kwargs):
        template = self
        # what a text is, is no secret of who sends it
        if self.sudo().collection_is_demand:
            template = self.with_context(collection_kind=DEMAND)
        return super(MailTemplate, template).send_mail_batch(*args, **kwargs)
