from odoo import models


class MailActivity(models.Model):
    """Calls and tasks of collection actions are done when their activity is."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        activity_ids = self.ids
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        # sudo: collectors only read actions; those of their own activities are done
        actions = self.env["collection.action"].sudo()
        done = actions.search(
            [("activity_id", "in", activity_ids), ("state", "=", "queued")]
        )
        done._succeed()
        calls = done.filtered(lambda action: action.channel == "call")
        self.env["collection.interaction"]._log_actions(calls, feedback)
        return res
