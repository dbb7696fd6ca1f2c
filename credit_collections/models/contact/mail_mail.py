from odoo import api, models
from odoo.tools import email_normalize_all

from .collection_interaction_gate import Outgoing


class MailMail(models.Model):
    """E-mails to customers, whatever sends them: judged when they are made, and logged
    as contacts when they have left."""

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        interactions = self.env["collection.interaction"]
        leaving = mails.filtered(
            lambda mail: (
                mail.state == "outgoing"
                and (not mail.model or interactions._get_source(mail.model))
            )
        )
        if leaving:
            refused = interactions._see([mail._as_outgoing() for mail in leaving])
            for index, why in refused.items():
                leaving[index].write({"state": "cancel", "failure_reason": why})
        return mails

    def _as_outgoing(self):
        mail_sudo = self.sudo()  # who gets it and what it says, to be judged
        return Outgoing(
            # one that is about nothing is about the one who gets it
            model=mail_sudo.model or "res.partner",
            res_id=mail_sudo.res_id
            if mail_sudo.model
            else mail_sudo.recipient_ids[:1].id,
            partners=mail_sudo.recipient_ids,
            addresses=tuple(
                email_normalize_all(
                    ",".join(filter(None, (mail_sudo.email_to, mail_sudo.email_cc)))
                )
            ),
            channel="email",
            body=mail_sudo.body_html,
            author=mail_sudo.author_id,
            message_id=mail_sudo.mail_message_id.id,
        )

    # === WHAT BECAME OF THEM === #

    def _get_contacts(self):
        """Return what of the contact log these e-mails are."""
        # whoever runs the queue puts on record what became of them
        contacts_sudo = self.env["collection.interaction"].sudo()
        message_ids = self.sudo().mail_message_id.ids  # as above
        if not message_ids:
            return contacts_sudo
        return contacts_sudo.search([("mail_message_id", "in", message_ids)])

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # before super: it may delete the mails
        contacts = self._get_contacts()
        if failure_type and not (success_pids or success_emails):
            contacts.filtered(lambda one: one.state == "waiting")._fail(
                failure_reason or failure_type
            )
        else:
            contacts._arrive()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def mark_outgoing(self):
        self._get_contacts().filtered(lambda one: one.state == "failed")._wait()
        return super().mark_outgoing()

    def cancel(self):
        res = super().cancel()
        self._get_contacts().filtered(lambda one: one.state == "waiting")._fail(
            self.env._("The e-mail was cancelled.")
        )
        return res

    def unlink(self):
        queued = self.filtered(lambda mail: mail.state == "outgoing")
        if queued:
            queued._give_up(self.env._("The e-mail was deleted."))
        return super().unlink()

    def _give_up(self, why):
        """These will not leave any more; override for what else waits for them."""
        self._get_contacts().filtered(lambda one: one.state == "waiting")._fail(why)
