from odoo import fields, models

#: Type of the activity that an approval puts on the list of who may decide.
APPROVAL_ACTIVITY = "credit_collections.mail_activity_credit_approval"


class CreditApproval(models.Model):
    """Who is told what about approvals: who may decide, and who asked."""

    _inherit = "credit.approval"

    def _ask_deciders(self):
        """Give everybody who may decide now an activity, whoever has none yet."""
        if self.env.context.get("mail_activity_automation_skip"):
            return
        approvals = self.sudo()  # who decides is no data of the user
        kind = self.env.ref(APPROVAL_ACTIVITY, raise_if_not_found=False)
        kind = kind or self._default_activity_type()
        model_id = self.env["ir.model"]._get_id(self._name)
        today = fields.Date.context_today(self)
        found = approvals._get_deciders()
        vals_list = []
        for approval in approvals:
            asked = approval.activity_ids.filtered(
                lambda activity: activity.activity_type_id == kind
            )
            asked.filtered(lambda a: a.user_id.id not in found[a.res_id]).unlink()
            missing = set(found[approval.id]) - set(asked.exists().user_id.ids)
            vals_list += [
                {
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": today,
                    "res_id": approval.id,
                    "res_model_id": model_id,
                    "summary": approval.display_name,
                    "user_id": user_id,
                }
                for user_id in sorted(missing)
            ]
        activities = self.env["mail.activity"].sudo()  # tasks for others
        activities.with_context(mail_activity_quick_update=True).create(vals_list)

    def _done_activities(self):
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

    def _notify(self, troubles):
        """Return a notification about approvals that need a hand, ``{approval: text}``."""
        lines = [f"{approval.res_name}: {text}" for approval, text in troubles.items()]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if troubles else "success",
                "message": "\n".join(lines) or self.env._("Decided."),
                "sticky": bool(troubles),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
