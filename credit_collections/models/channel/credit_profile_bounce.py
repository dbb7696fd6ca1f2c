from odoo import models
from odoo.tools import email_normalize


class CreditProfile(models.Model):
    """Mails that come back: the customer did not get the reminder."""

    _inherit = "credit.profile"

    def _message_receive_bounce(self, email, partner):
        res = super()._message_receive_bounce(email, partner)
        # sudo: the gateway puts on record what became of a mail
        actions = self.env["collection.action"].sudo()
        last = actions.search(
            [
                ("profile_id", "in", self.ids),
                ("channel", "=", "email"),
                ("state", "in", ("queued", "sent")),
            ],
            order="id desc",
            limit=1,
        )
        contact = last.partner_id
        if contact and (
            contact in partner or contact.email_normalized == email_normalize(email)
        ):
            # the address is none until somebody corrects it
            contact.message_bounce = contact.message_bounce or 1
            last._fail(self.env._("The e-mail to %s came back.", contact.email))
        return res
