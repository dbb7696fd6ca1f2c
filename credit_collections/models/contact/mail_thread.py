from odoo import models


class MailThread(models.AbstractModel):
    """E-mails that come back were no contacts."""

    _inherit = "mail.thread"

    def _routing_handle_bounce(self, email_message, message_dict):
        res = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        people = message_dict.get("bounced_partner") or self.env["res.partner"]
        if message:
            # the gateway puts on record what became of a mail
            contacts_sudo = self.env["collection.interaction"].sudo()
            contacts_sudo.search([("mail_message_id", "in", message.ids)]).filtered(
                lambda one: not one.partner_id or one.partner_id in people
            )._fail(self.env._("The e-mail came back."))
        return res
