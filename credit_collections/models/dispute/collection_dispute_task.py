import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import disputes

_logger = logging.getLogger(__name__)

TASKS = (
    "mail_activity_dispute_answer",
    "mail_activity_dispute_late",
)


class CollectionDispute(models.Model):
    """Who has to answer disputes until when, and who is told when it is late."""

    _inherit = "collection.dispute"

    def _tell_owner(self):
        """Give the owner of open disputes a task, and only him."""
        # whoever opens a dispute gives tasks to the department
        for dispute in self.sudo().filtered("is_open"):
            dispute.activity_unlink([f"credit_collections.{TASKS[0]}"])
            if dispute.user_id:
                summary = f"{dispute.reason_id.name}: {dispute.partner_id.name}"
                dispute._schedule_dispute(TASKS[0], dispute.user_id, summary)
            followers = dispute.user_id + dispute.requested_by_id
            dispute.message_subscribe(partner_ids=followers.partner_id.ids)

    def _schedule_dispute(self, task, user, summary=None):
        for dispute in self.sudo():  # tasks for others, see _tell_owner
            dispute.with_context(mail_activity_quick_update=True).activity_schedule(
                f"credit_collections.{task}",
                date_deadline=dispute.deadline,
                user_id=user.id,
                summary=summary,
            )

    def _done_activities(self):
        # tasks of others, see _tell_owner
        self.sudo().activity_unlink([f"credit_collections.{task}" for task in TASKS])

    def _get_dispute_approver(self):
        """Return a credit manager of the company who did not open the dispute."""
        self.ensure_one()
        # who decides there is no data of the user
        company_sudo = self.sudo().company_id
        approver = company_sudo._credit_approver()
        if approver != self.requested_by_id:
            return approver
        managers = company_sudo.env.ref("credit_collections.group_credit_manager")
        others = managers.all_user_ids.filtered(
            lambda user: (
                user.active and company_sudo in user.company_ids and user != approver
            )
        )
        return others.sorted("id")[:1] or approver

    # === LATE === #

    @api.model
    def _cron_escalate(self):
        """Tell the lead of a department, then the credit manager, of late answers."""
        today = fields.Date.context_today(self)
        late = self.search(
            [
                ("is_open", "=", True),
                ("is_proposed", "=", False),
                ("deadline", "<", today),
                ("escalation_level", "<", disputes.MANAGER),
            ],
            order="deadline, id",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(late))
        for dispute in late:
            try:
                with self.env.cr.savepoint():
                    dispute._escalate(today)
            except UserError as error:
                _logger.warning("%s could not be escalated: %s", dispute.name, error)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _escalate(self, today):
        """Tell who has to know that the answer is late; each of them once."""
        self.ensure_one()
        department = self.department_id
        level = disputes.escalation(
            self.deadline,
            today,
            department.days_to_manager,
            self.escalation_level,
            bool(department.lead_id),
        )
        if level == disputes.NOBODY:
            return
        approver = self._get_dispute_approver()
        user = department.lead_id if level == disputes.LEAD else approver
        self._schedule_dispute(
            "mail_activity_dispute_late", user, self.env._("The answer is late")
        )
        self.escalation_level = level
        self._message_note(
            self.env._("The answer is late: %s was told.", user.name),
        )
