from odoo import models
from odoo.tools import email_normalize


class CreditProfile(models.Model):
    """Mails that come back: the customer did not get the reminder."""

    _inherit = "credit.profile"

    def _message_receive_bounce(self, email, partner):
        res = super()._message_receive_bounce(email, partner)
        # sudo: the gateway puts on record what became of a mail
        actions_sudo = self.env["collection.action"].sudo()
        last_sudo = actions_sudo.search(
            [
                ("profile_id", "in", self.ids),
                ("channel", "=", "email"),
                ("state", "in", ("queued", "sent")),
            ],
            order="id desc",
            limit=1,
        )
        contact_sudo = last_sudo.partner_id
        if contact_sudo and (
            contact_sudo in partner
            or contact_sudo.email_normalized == email_normalize(email)
        ):
            # the address is none until somebody corrects it
            contact_sudo.message_bounce = contact_sudo.message_bounce or 1
            last_sudo._fail(
                self.env._("The e-mail to %s came back.", contact_sudo.email)
            )
        return res
