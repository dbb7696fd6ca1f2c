from odoo import api, models

from ...engine import approval as engine
from ...tools.batches import in_turn
from ...tools.client_actions import outcome

#: Type of the activity that an approval puts on the list of who may decide.
APPROVAL_ACTIVITY = "credit_collections.mail_activity_credit_approval"


class CreditApproval(models.Model):
    """Who is told what about approvals: who may decide, who asked, and who lets it
    wait."""

    _inherit = "credit.approval"

    def _ask_deciders(self):
        """Give those who decide now a task, and take it from who no longer does."""
        if self.env.context.get("mail_activity_automation_skip"):
            return
        approvals_sudo = self.sudo()  # who decides is no data of the user
        kind = self.env.ref(APPROVAL_ACTIVITY, raise_if_not_found=False)
        kind = kind or self._default_activity_type()
        found = approvals_sudo._get_deciders()
        documents = approvals_sudo._get_documents()
        vals_list = []
        for approval in approvals_sudo:
            # see above
            deciders_sudo = self.env["res.users"].sudo().browse(found[approval.id])
            asked = documents[approval]._approval_asked(deciders_sudo)
            vals_list += [
                approval._prepare_activity_vals(kind, user)
                for user in approval._drop_stale_tasks(kind, asked)
            ]
        activities_sudo = self.env["mail.activity"].sudo()  # tasks for others
        activities_sudo.with_context(mail_activity_quick_update=True).create(vals_list)

    def _drop_stale_tasks(self, kind, asked):
        """Take the task from who is not asked any more; return who has none yet."""
        self.ensure_one()
        tasks = self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
        stale = tasks.filtered(lambda task: task.user_id not in asked)
        missing = asked - (tasks - stale).user_id
        stale.unlink()
        return missing

    def _prepare_activity_vals(self, kind, user):
        return {
            "activity_type_id": kind.id,
            "automated": True,
            "date_deadline": self.company_id._credit_today(),
            "res_id": self.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "summary": self.display_name,
            "user_id": user.id,
        }

    def _done_activities(self):
        # tasks of others, too
        self.sudo().activity_unlink([APPROVAL_ACTIVITY])

    # === WORDS === #

    def _name_deciders(self, found):
        """Return the names of who may decide, substitutes with whom they stand for.

        :param found: ``{user id: for whom, or None}``
        """
        users = self.env["res.users"]
        names = []
        for user_id, principal_id in found.items():
            name = users.browse(user_id).name
            if principal_id:
                name = self.env._(
                    "%(substitute)s for %(approver)s",
                    substitute=name,
                    approver=users.browse(principal_id).name,
                )
            names.append(name)
        return ", ".join(names) or self.env._("nobody")

    def _describe_decision(self, step):
        """Return one sentence: who decided what, for whom, and in which words."""
        values = {
            "tier": step.name,
            "user": step.decided_by_id.name,
            "approver": step.on_behalf_id.name,
            "note": step.note or "",
        }
        if step.state == "approved":
            if step.on_behalf_id:
                text = self.env._(
                    "“%(tier)s” approved by %(user)s for %(approver)s. %(note)s",
                    **values,
                )
            else:
                text = self.env._("“%(tier)s” approved by %(user)s. %(note)s", **values)
        elif step.on_behalf_id:
            text = self.env._(
                "“%(tier)s” refused by %(user)s for %(approver)s. %(note)s", **values
            )
        else:
            text = self.env._("“%(tier)s” refused by %(user)s. %(note)s", **values)
        return text.strip()

    # === MESSAGES === #

    def _message_decision(self, step, partners=None):
        """Put a decision in the history of the approval and of its document."""
        self.ensure_one()
        body = self._describe_decision(step)
        self.message_post(
            body=body,
            partner_ids=partners.ids if partners else [],
            subtype_xmlid="mail.mt_note",
        )
        document = self._get_document()
        if document and hasattr(document, "message_post"):
            document.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _tell_requester(self):
        """Tell who asked what was decided last."""
        for approval in self:
            partners = (approval.requested_by_id - self.env.user).partner_id
            approval._message_decision(approval.step_id, partners)

    def _tell_recalled(self):
        """Tell who asked that somebody else's step took the request back."""
        for approval in self:
            partners = (approval.requested_by_id - self.env.user).partner_id
            approval.message_post(
                body=approval.decision_note,
                partner_ids=partners.ids,
                subtype_xmlid="mail.mt_note",
            )

    def _notify(self, troubles):
        """Return a notification about approvals that need a hand.

        :param troubles: ``{approval: text}``
        """
        lines = [f"{approval.res_name}: {text}" for approval, text in troubles.items()]
        return outcome("" if lines else self.env._("Decided."), lines)

    # === REMIND === #

    @api.model
    def _cron_remind(self):
        """Give tasks to who decides today, and remind of what waits for days."""
        pending = self.search([("state", "=", "pending")], order="id")

        def remind(approval):
            approval._ask_deciders()
            approval._remind_when_due(approval.company_id._credit_today())

        in_turn(pending, remind, "reminding of what waits")

    def _remind_when_due(self, today):
        self.ensure_one()
        every = self.company_id.credit_approval_reminder_days
        if engine.is_reminder_due(
            self.asked_date, self.reminded_date or None, every, today
        ):
            self._remind(today)

    def _remind(self, today):
        """Write to who may decide; where nobody may, to who can set that right."""
        deciders = self._get_document()._approval_asked(self.decider_ids)
        body = self.env._(
            "Waits for “%(tier)s” since %(days)s days.",
            tier=self.step_id.name,
            days=(today - self.asked_date).days,
        )
        if not deciders:
            deciders = self.company_id._credit_approver()
            nobody = self.env._("Nobody may decide any more: name an approver.")
            body = f"{body} {nobody}"
        self.message_post(
            body=body,
            partner_ids=deciders.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
        self.write({"reminded_date": today, "reminder_count": self.reminder_count + 1})
