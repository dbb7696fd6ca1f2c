from odoo import models

from ..contact.collection_interaction_gate import LOGGED


class CollectionAction(models.Model):
    """Text messages of actions: queued for Odoo's SMS queue."""

    _inherit = "collection.action"

    def _do_sms(self):
        """Queue a text message for each action of one step, and note it on profiles."""
        bodies = self._render_sms()
        messages = self.profile_id._message_log_batch(
            bodies={action.profile_id.id: bodies[action.id] for action in self},
            message_type="sms",
        )
        notes = {message.res_id: message.id for message in messages}
        values = [
            {
                "body": bodies[action.id],
                "number": action.partner_id.phone_sanitized or action.partner_id.phone,
                "partner_id": action.partner_id.id,
                "mail_message_id": notes[action.profile_id.id],
            }
            for action in self
        ]
        with self.env["collection.interaction"]._marked(LOGGED):
            texts = self.env["sms.sms"].create(values)
        self.env["sms.tracker"].create(
            [
                {"sms_uuid": text.uuid, "collection_action_id": action.id}
                for action, text in zip(self, texts, strict=True)
            ]
        )
        self._set_queued()

    def _render_sms(self):
        """Return ``{action_id: text}`` in the languages of the contacts."""
        template = self.step_id.sms_template_id
        bodies = {}
        for lang, actions in self.grouped(
            lambda action: action.partner_id.lang
        ).items():
            spoken = template.with_context(lang=lang or self.env.lang)
            bodies.update(spoken._render_field("body", actions.ids))
        return bodies
