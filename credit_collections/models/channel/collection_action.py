from odoo import fields, models

from ...sql.run.collection_write import (
    take_back_levels,
    write_levels,
)
from ...tools.batches import apart, explain


class CollectionAction(models.Model):
    """Doing actions: queue mails, schedule calls and tasks, write what was done."""

    _inherit = "collection.action"

    def _do(self, due):
        """Contact the customers; a failure of one is its own."""
        super()._do(due)
        for (_step, channel), actions in due.grouped(
            lambda action: (action.step_id, action.channel)
        ).items():
            actions._attempt(channel)
        done = due.filtered(lambda action: action.state == "queued")
        done._write_levels()
        channels = self._get_channels()
        done.filtered(lambda action: channels[action.channel].is_immediate)._succeed()
        done._escalate()
        done._open_cases()

    def _attempt(self, channel):
        """Do all at once, apart where that fails, and put failures on record."""
        method = self._get_channels()[channel].method
        errors = apart(self, lambda some: getattr(some, method)(), "contacting")
        for action, error in errors.items():
            action._set_state("failed", error=explain(error))

    def _do_call(self):
        self._schedule("mail.mail_activity_data_call")

    def _do_task(self):
        self._schedule("mail.mail_activity_data_todo")

    def _schedule(self, type_xmlid):
        """Make an activity for each action of one step, on the profile."""
        manager = self.company_id._credit_approver()
        activities = self._create_activities(
            type_xmlid,
            {action: action._get_responsible(manager) for action in self},
            self.step_id.name,
        )
        for action, activity in zip(self, activities, strict=True):
            action.sudo().activity_id = activity  # what came of it is nobody's to write
        self._set_queued()

    def _create_activities(self, type_xmlid, users, summary):
        """Return an activity on the profile of each action, of the user of each, or of
        who does what falls to that one now."""
        activity_type = self.env.ref(type_xmlid)
        model_id = self.env["ir.model"]._get_id("credit.profile")
        everybody = self.env["res.users"].union(*users.values())
        workers = everybody._get_workers(self.company_id, self.run_id[:1].date)
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True  # no notification mail for each of them
        )
        return activities.create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": model_id,
                    "res_id": action.profile_id.id,
                    "user_id": workers[users[action]].id,
                    "summary": summary,
                    "note": action.step_id.instruction,
                    "date_deadline": action.run_id.date,
                    "automated": True,
                }
                for action in self
            ]
        )

    def _get_responsible(self, manager):
        """Return who calls or does the task of the step."""
        profile = self.profile_id
        users = {
            "collector": profile.collector_id,
            "salesperson": profile.user_id,
        }
        return users.get(self.step_id.responsible) or manager

    # === WHAT WAS DONE === #

    def _open_cases(self):
        """Open cases where the step says so; a failure does not undo the contact."""
        for step, actions in self.grouped("step_id").items():
            if step.opens_case:
                actions._attempt_cases(step)

    def _attempt_cases(self, step):
        """Open all at once, apart where that fails, and put failures on record."""
        cases = self.env["collection.case"]
        errors = apart(
            self,
            lambda some: cases._open_for(some.profile_id, step),
            "opening of cases",
        )
        for action, error in errors.items():
            # what came of it is nobody's to write
            action.sudo().error = self.env._("No case was opened: %s", explain(error))

    def _set_queued(self):
        """The contact of one step is on its way."""
        self._set_state(
            "queued",
            done_date=fields.Datetime.now(),
            cost=self.step_id.cost,
            error=False,
        )

    def _succeed(self):
        """The customer got it: the mail left, the letter was printed, the call made."""
        if not self:
            return
        # what failed before and was done at the second try counts again
        again = self.filtered(lambda action: action.state == "failed")
        again._write_levels()
        # what became of it is on record, whoever sent it; the others keep what went
        # wrong besides the contact
        again.sudo().error = False
        self._set_state("sent", done_date=fields.Datetime.now())
        self._record_contact()
        self._put_on_hold()

    def _fail(self, error):
        """The customer did not get it: the next run does the same step again."""
        if not self:
            return
        # on record, whoever sent it; of several mails the last one says why
        self.sudo().error = str(error)
        self._set_state("failed")
        # it was no contact
        interactions_sudo = self.env["collection.interaction"].sudo()
        interactions_sudo.search([("action_id", "in", self.ids)]).unlink()
        self.env["account.move.line"].flush_model(["collection_level"])
        self.env.execute_query(take_back_levels(self.ids))
        self.line_ids.move_line_id.invalidate_recordset(
            ["collection_level"], flush=False
        )

    def _write_levels(self):
        """Write the levels that the items have come to."""
        if not self:
            return
        self.flush_recordset()
        for company, actions in self.grouped("company_id").items():
            today = company._credit_today()
            self.env.execute_query(write_levels(actions.ids, today))
        self.env["account.move.line"].invalidate_model(
            ["collection_level", "collection_step_id", "collection_step_date"],
            flush=False,
        )

    def _record_contact(self):
        """Log that the customer was written to, which counts for the quiet days.

        Calls are contacts when somebody has made them, and tasks are none.
        """
        channels = self._get_channels()
        written = self.filtered(lambda action: channels[action.channel].is_written)
        if written:
            self.env["collection.interaction"]._log_actions(written)
            written.profile_id._refresh_last_contacts()

    # === WHAT COMES WITH IT === #

    def _put_on_hold(self):
        """Hold new orders of customers whose step says so."""
        wanted = self.filtered(lambda action: action.step_id.puts_on_hold)
        # mail queue and collectors do what the strategy says
        profiles_sudo = wanted.profile_id.sudo().filtered(
            lambda profile: profile.credit_status == "none"
        )
        if profiles_sudo:
            profiles_sudo.status_reason_id = self.env.ref(
                "credit_collections.credit_reason_status_collection"
            )
            profiles_sudo.action_set_on_hold()

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
