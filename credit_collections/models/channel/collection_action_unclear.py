from odoo import fields, models
from odoo.exceptions import UserError

from ...sql.channel.mail_sending import lock_marked
from ...sql.run.collection_items import still_open
from ...tools import access
from ...tools.client_actions import outcome


class CollectionAction(models.Model):
    """E-mails that may have arrived: Odoo was interrupted while it sent them."""

    _inherit = "collection.action"

    is_unclear = fields.Boolean(
        "May Have Arrived",
        readonly=True,
        copy=False,
        help="Odoo was interrupted while it sent the e-mail. The mail server may have "
        "taken it or not: somebody has to say.",
    )

    _unclear_idx = models.Index("(id) WHERE is_unclear IS TRUE")

    def _set_unclear(self):
        waiting = self.filtered(
            lambda action: action.state == "queued" and not action.is_unclear
        )
        if waiting:
            waiting.write(
                {
                    "is_unclear": True,
                    "error": self.env._(
                        "Odoo was interrupted while it sent the e-mail; it may have "
                        "arrived. Ask the customer, or look at the log of the mail "
                        "server."
                    ),
                }
            )

    def _set_clear(self):
        """Somebody has decided, or the customer's mail server has."""
        # what came of it is nobody's to write
        unclear_sudo = self.sudo().filtered("is_unclear")
        if unclear_sudo:
            unclear_sudo.write({"is_unclear": False, "error": False})

    def _succeed(self):
        self._set_clear()
        return super()._succeed()

    def _fail(self, error):
        self._set_clear()
        return super()._fail(error)

    # === ACTIONS === #

    def action_send_again(self):
        """Send e-mails once more that somebody knows, or thinks, have not arrived."""
        actions_sudo = self._lock_unclear()
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(still_open(actions_sudo.ids))
        open_ids = {row[0] for row in rows}
        owing_sudo = actions_sudo.filtered(lambda action: action.id in open_ids)
        owing_sudo.mail_ids.filtered("collection_sending_date").mark_outgoing()
        if owing_sudo:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return outcome(
            self.env._("%s will be sent again.", len(owing_sudo)),
            [
                self.env._(
                    "%s has paid in the meantime: nothing was sent again.",
                    action.partner_id.name,
                )
                for action in actions_sudo - owing_sudo
            ],
        )

    def action_arrived(self):
        """Say that e-mails arrived: the customers were contacted."""
        actions_sudo = self._lock_unclear()
        mails_sudo = actions_sudo.mail_ids.filtered("collection_sending_date")
        mails_sudo.write(
            {"state": "sent", "failure_type": False, "failure_reason": False}
        )
        actions_sudo._set_clear()
        people = mails_sudo.recipient_ids.ids
        mails_sudo._postprocess_sent_message(people, [])
        # of one whose mails somebody has deleted nothing is left to be sent
        actions_sudo.filtered(lambda action: not action.mail_ids)._succeed()
        return outcome(self.env._("%s arrived.", len(actions_sudo)), [])

    def _lock_unclear(self):
        """Return those of the actions that wait for somebody to say what became of
        them, as superuser; nobody else decides about them meanwhile.

        :raise AccessError: to all but collectors
        :raise UserError: for those that do not wait, or that are being sent just now
        """
        self.check_access("read")
        access.require(
            self.env,
            self.env._("Only collectors say what became of e-mails."),
            access.COLLECTOR,
        )
        # collectors only read actions, and mails are administrators' to see
        actions_sudo = self.sudo().filtered("is_unclear")
        if not actions_sudo:
            raise UserError(
                self.env._("It is known of all of these what became of them.")
            )
        marked_ids = actions_sudo.mail_ids.filtered("collection_sending_date").ids
        rows = self.env.execute_query(lock_marked(actions_sudo.ids))
        if len(rows) < len(marked_ids):
            raise UserError(
                self.env._("Some of these are being sent just now. Wait a minute.")
            )
        return actions_sudo
