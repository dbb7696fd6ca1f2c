from odoo import models
from odoo.exceptions import UserError

from ...tools.client_actions import open_dialog


class CreditProfile(models.Model):
    """Writing to the customer by hand: the same gate as for runs, and on record."""

    _inherit = "credit.profile"

    # === ACTIONS === #

    def action_write_email(self):
        """Open an e-mail to the customer, empty."""
        return self._write_email()

    def _write_email(self, template=None, override_reason=None):
        self.ensure_one()
        reason = self._get_refusal("email", override_reason)
        if reason and self.env["collection.interaction"]._may_override():
            return open_dialog(
                self.env,
                "collection.override",
                self.env._("Write Anyway"),
                profile_id=self.id,
                guard_reason=reason,
                template_id=template and template.id,
            )
        self._refuse_to_write(reason)
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
                "collection_override_reason": override_reason,
            },
        }

    # === GATE === #

    def message_post(self, **kwargs):
        """Let the guard see what goes to the customer, and log it as a contact."""
        written_to = self._get_written_to(kwargs)
        override_reason = self.env.context.get("collection_override_reason")
        reason = None
        if written_to:
            reason = self._get_refusal("email")
            if (
                not override_reason
                or not self.env["collection.interaction"]._may_override()
            ):
                self._refuse_to_write(reason)
        message = super().message_post(**kwargs)
        if written_to:
            self._log_message(written_to[:1], "out", reason, override_reason)
        elif self._is_family(message.author_id) and message.message_type == "email":
            self._log_message(message.author_id, "in")
        return message

    def _is_family(self, partner):
        return bool(partner) and partner.commercial_partner_id == self.partner_id

    def _get_written_to(self, kwargs):
        """Return those people of the customer to whom a message goes."""
        partners = self.env["res.partner"].browse(kwargs.get("partner_ids") or ())
        if kwargs.get("subtype_xmlid") == "mail.mt_comment":
            partners |= self.message_partner_ids
        return partners.sudo().filtered(self._is_family)  # just whose people they are

    def _get_refusal(self, channel, override_reason=None):
        """Return the reason not to write now, ``None`` when one may."""
        if override_reason:
            return None
        # whether one may write is no secret of those who write
        profile_sudo = self.sudo()
        expecting = profile_sudo._get_expecting()
        return profile_sudo._guard_reasons(channel, expecting.ids)[self.id]

    def _refuse_to_write(self, reason):
        if not reason:
            return
        labels = self.env["collection.interaction"]._get_guard_labels()
        raise UserError(
            self.env._(
                "%(customer)s may not be contacted: %(reason)s. Only a credit manager "
                "can decide otherwise, with “E-mail” on the page of the customer.",
                customer=self.partner_id.name,
                reason=labels[reason],
            )
        )

    def _log_message(self, partner, direction, reason=None, override_reason=None):
        # every message to or from a customer is on record, whoever writes it
        self.env["collection.interaction"].sudo().create(
            {
                "profile_id": self.id,
                "partner_id": partner.id,
                "user_id": self.env.uid,
                "channel": "email",
                "direction": direction,
                "guard_reason": reason,
                "override_reason": override_reason if reason else False,
            }
        )
