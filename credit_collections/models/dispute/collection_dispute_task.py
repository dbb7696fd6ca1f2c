from odoo import api, models
from odoo.fields import Domain

from ...engine import disputes
from ...tools.batches import in_turn

TASKS = (
    "mail_activity_dispute_answer",
    "mail_activity_dispute_late",
)


class CollectionDispute(models.Model):
    """Who has to answer disputes until when, and who is told when it is late."""

    _inherit = "collection.dispute"

    def _tell_owner(self):
        """Give the owners of open disputes a task, and only them."""
        # whoever opens a dispute gives tasks to the department
        open_sudo = self.sudo().filtered("is_open")
        if not open_sudo:
            return
        open_sudo.activity_unlink([f"credit_collections.{TASKS[0]}"])
        open_sudo.filtered("user_id")._schedule_dispute(
            TASKS[0],
            {one: one.user_id for one in open_sudo},
            {one: f"{one.reason_id.name}: {one.partner_id.name}" for one in open_sudo},
        )
        people = open_sudo.grouped(lambda one: one.user_id + one.requested_by_id)
        for followers, disputes_sudo in people.items():
            disputes_sudo.message_subscribe(partner_ids=followers.partner_id.ids)

    def _schedule_dispute(self, task, users, summaries):
        """Give tasks about disputes.

        :param users: ``{dispute: who gets the task}``
        :param summaries: ``{dispute: what it says}``
        """
        activity_type = self.env.ref(f"credit_collections.{task}")
        # tasks for others, see _tell_owner
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": one.id,
                    "user_id": one._get_there(users[one]).id,
                    "summary": summaries[one],
                    "note": activity_type.default_note,
                    "date_deadline": one.deadline or one.company_id._credit_today(),
                    "automated": True,
                }
                for one in self
            ]
        )

    def _get_there(self, user):
        """Return who gets what falls to a user: nobody who has left."""
        # who decides there is no data of the user
        company_sudo = self.sudo().company_id
        return user._get_present(company_sudo) or company_sudo._credit_approver()

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
        late = self.search(
            Domain("is_open", "=", True)
            & Domain("is_proposed", "=", False)
            & self.env["res.company"]._credit_day_domain("deadline", "<")
            & Domain("escalation_level", "<", disputes.MANAGER),
            order="deadline, id",
        )

        def escalate(dispute):
            dispute._escalate(dispute.company_id._credit_today())

        in_turn(late, escalate, "escalation")

    def _escalate(self, today):
        """Tell who has to know that the answer is late; each of them once."""
        self.ensure_one()
        department = self.department_id
        level = disputes.escalation(
            self.deadline,
            today,
            department.days_to_manager,
            self.escalation_level,
            bool(department.lead_id._get_present(self.company_id)),
        )
        if level == disputes.NOBODY:
            return
        approver = self._get_dispute_approver()
        user = department.lead_id if level == disputes.LEAD else approver
        summary = self.env._("The answer is late")
        self._schedule_dispute(TASKS[1], {self: user}, {self: summary})
        self.escalation_level = level
        self._message_note(
            self.env._("The answer is late: %s was told.", user.name),
        )
