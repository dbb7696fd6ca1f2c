from odoo import models

from ...engine.run import contact_kinds
from ...engine.run.contact_kinds import ANSWER, DEMAND
from ...tools.client_actions import open_dialog


class CreditProfile(models.Model):
    """Writing to the customer by hand, and what customers answer."""

    _inherit = "credit.profile"

    # === ACTIONS === #

    def action_write_email(self):
        """Open an e-mail to the customer, empty."""
        return self._write_email()

    def _write_email(self, template=None, override_reason=None):
        """Open an e-mail; what speaks against it is in its dialog.

        Nobody writes one in vain: what stops people is said before.
        """
        self.ensure_one()
        log = self.env["collection.interaction"]
        # whether one may write is no secret of those who write
        stops = self.sudo()._get_stops()
        verdict = contact_kinds.judge(ANSWER, contact_kinds.PERSON, stops)
        if verdict.stops and not override_reason and log._may_override():
            return open_dialog(
                self.env,
                "collection.override",
                self.env._("Write Anyway"),
                profile_id=self.id,
                guard_reason=verdict.stops,
                template_id=template and template.id,
            )
        log._check_verdict(self, verdict, override_reason)
        is_demand = template and template.sudo().collection_is_demand  # what it is
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to %s", self.partner_id.name),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "credit.profile",
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self._get_contact("email").ids,
                "default_template_id": template and template.id,
                "default_collection_kind": DEMAND if is_demand else ANSWER,
                "default_collection_override_reason": override_reason,
                "collection_override_reason": override_reason,
            },
        }

    # === ANSWERS === #

    def message_post(self, **kwargs):
        """Log what customers answer; what goes to them is seen as an e-mail."""
        message = super().message_post(**kwargs)
        if message.message_type == "email" and self._is_family(message.author_id):
            # every message from a customer is on record, whoever takes it in
            self.env["collection.interaction"].sudo().create(
                {
                    "profile_id": self.id,
                    "partner_id": message.author_id.id,
                    "user_id": self.env.uid,
                    "channel": "email",
                    "direction": "in",
                }
            )
        return message

    def _is_family(self, partner):
        return bool(partner) and partner.commercial_partner_id == self.partner_id
