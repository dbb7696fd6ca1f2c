from odoo import api, models

from .collection_interaction_gate import Outgoing

#: States of text messages that tell that they have left, and that they never will.
LEFT, LOST = ("pending", "sent"), ("error", "canceled")


class SmsSms(models.Model):
    """Text messages to customers, as e-mails are."""

    _inherit = "sms.sms"

    @api.model_create_multi
    def create(self, vals_list):
        texts = super().create(vals_list)
        leaving = texts.filtered(lambda text: text.state == "outgoing")
        if leaving:
            refused = self.env["collection.interaction"]._see(leaving._as_outgoing())
            for index in refused:
                leaving[index].write({"state": "canceled"})
        return texts

    def _as_outgoing(self):
        texts_sudo = self.sudo()  # who gets it and what it says, to be judged
        numbers = texts_sudo.filtered(
            lambda text: not text.partner_id and not text.mail_message_id
        ).mapped("number")
        owners = {}
        if numbers:
            partners_sudo = self.env["res.partner"].sudo()  # whose number it is
            for partner in partners_sudo.search([("phone_sanitized", "in", numbers)]):
                owners.setdefault(partner.phone_sanitized, partner)
        return [text._as_one(owners.get(text.number)) for text in texts_sudo]

    def _as_one(self, owner=None):
        message = self.mail_message_id
        partner = self.partner_id or owner or self.partner_id
        return Outgoing(
            # one that is about nothing is about the one who gets it
            model=message.model or "res.partner",
            res_id=message.res_id or partner.id,
            partners=partner,
            addresses=() if partner else (self.number,),
            channel="sms",
            body=self.body,
            author=message.author_id,
            message_id=message.id,
            sms_uuid=self.uuid,
        )

    # === WHAT BECAME OF THEM === #

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") in (*LEFT, *LOST):
            contacts = self._get_contacts()
            if vals["state"] in LEFT:
                contacts._arrive()
            else:
                contacts._fail(self._name_loss(vals.get("failure_type")))
        return res

    def unlink(self):
        queued = self.filtered(lambda text: text.state == "outgoing")
        if queued:
            queued._get_contacts()._fail(self.env._("The text message was deleted."))
        return super().unlink()

    def _get_contacts(self):
        """Return what of the contact log these text messages are."""
        # whoever runs the queue puts on record what became of them
        contacts_sudo = self.env["collection.interaction"].sudo()
        return contacts_sudo.search([("sms_uuid", "in", self.mapped("uuid"))])

    def _name_loss(self, failure_type):
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        return labels.get(failure_type) or self.env._("The text message was cancelled.")
