from odoo import models


class MailTemplate(models.Model):
    """Mails about many documents at once, each to the contact that was chosen for it.

    The context says whom: ``collection_recipients``, ``{document_id: contact_id}``.
    """

    _inherit = "mail.template"

    def _generate_template(self, res_ids, render_fields, *args, **kwargs):
        values = super()._generate_template(res_ids, render_fields, *args, **kwargs)
        recipients = self.env.context.get("collection_recipients")
        if recipients and "partner_to" in render_fields:
            for res_id in recipients.keys() & values.keys():
                values[res_id]["partner_ids"] = [recipients[res_id]]
        return values
