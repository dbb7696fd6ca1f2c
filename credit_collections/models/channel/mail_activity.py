from odoo import models


class MailActivity(models.Model):
    """Calls and tasks of collection actions are done when their activity is."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        activity_ids = self.ids
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        # sudo: collectors only read actions; those of their own activities are done
        actions_sudo = self.env["collection.action"].sudo()
        done_sudo = actions_sudo.search(
            [("activity_id", "in", activity_ids), ("state", "=", "queued")]
        )
        done_sudo._succeed()
        calls_sudo = done_sudo.filtered(lambda action: action.channel == "call")
        self.env["collection.interaction"]._log_actions(calls_sudo, feedback)
        return res
