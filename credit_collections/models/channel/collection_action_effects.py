from odoo import models


class CollectionAction(models.Model):
    """What actions bring with them: customers on hold, and people who look into it."""

    _inherit = "collection.action"

    def _put_on_hold(self):
        """Hold new orders of customers whose step says so."""
        wanted = self.filtered(lambda action: action.step_id.puts_on_hold)
        profiles = wanted.profile_id.filtered(lambda p: p.credit_status == "none")
        if not profiles:
            return
        # sudo: mail queue and collectors do what the strategy says
        profiles = profiles.sudo()
        profiles.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_collection"
        )
        profiles.action_set_on_hold()

    def _escalate(self):
        """Give a task to the person whom the step escalates to."""
        for step, actions in self.grouped("step_id").items():
            if not step.escalate_to:
                continue
            manager = actions.company_id._credit_approver()
            actions._create_activities(
                "mail.mail_activity_data_todo",
                {action: action._get_escalation_user(manager) for action in actions},
                self.env._("Look into it: %s", step.name),
            )

    def _get_escalation_user(self, manager):
        step = self.step_id
        users = {
            "salesperson": self.profile_id.user_id,
            "user": step.escalate_user_id,
        }
        return users.get(step.escalate_to) or manager
