from markupsafe import Markup

from odoo import api, fields, models

from ...tools.client_actions import notification, outcome, reload_page

#: Type of the activity that a hold puts on the list of its approver.
RELEASE_ACTIVITY = "credit_collections.mail_activity_credit_release"


class CreditHold(models.Model):
    """Who is told what about held orders: approvers, salespeople, and who asks."""

    _inherit = "credit.hold"

    def _announce(self):
        """Tell salespeople why, and give approvers an activity."""
        for root, holds in self.grouped(lambda hold: hold.company_id.root_id).items():
            approver = root._credit_approver()
            holds.approver_id = approver
            holds._schedule_decision(approver)
        for hold in self.filtered("line_ids"):
            hold.order_id.message_post(
                body=Markup("<p>%s</p><ul>%s</ul>")
                % (
                    self.env._("On credit hold:"),
                    Markup().join(
                        Markup("<li>%s</li>") % message
                        for message in hold.line_ids.mapped("message")
                    ),
                ),
                partner_ids=hold.salesperson_id.partner_id.ids,
                subtype_xmlid="mail.mt_note",
                author_id=self.env.ref("base.partner_root").id,
            )

    def _schedule_decision(self, approver):
        """Give the approver activities that say what is to be decided."""
        if self.env.context.get("mail_activity_automation_skip"):
            return
        kind = self.env.ref(RELEASE_ACTIVITY, raise_if_not_found=False)
        env = self.with_context(lang=approver.lang or self.env.lang).env
        # not activity_schedule, which takes one summary for all records
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": (kind or self._default_activity_type()).id,
                    "automated": True,
                    "date_deadline": hold.company_id._credit_today(),
                    "res_id": hold.id,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "summary": env._(
                        "Release or reject %(order)s of %(customer)s",
                        order=hold.order_id.name,
                        customer=hold.partner_id.name,
                    ),
                    "user_id": approver.id,
                }
                for hold in self
            ]
        )

    def _ask(self, user, note):
        """Put on record that somebody asks for the release, and tell the approver.

        Who asks again has something new to say: the last request counts, and all of
        them stay in the history of the hold.
        """
        self.ensure_one()
        self.write(
            {
                "asked_by_id": user.id,
                "asked_date": fields.Datetime.now(),
                "asked_note": note,
            }
        )
        self.message_post(
            body=self.env._(
                "%(user)s asks for the release: %(note)s", user=user.name, note=note
            ),
            author_id=user.partner_id.id,
            partner_ids=self.approver_id.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _tell_salespeople(self, decision):
        """Post the decision on the orders; the salesperson gets a notification."""
        for hold in self:
            # a controller may have no rights on sales
            order_sudo = hold.order_id.sudo()
            body = self.env._(
                "Credit hold: %(decision)s by %(user)s (%(reason)s). %(note)s",
                decision=decision,
                user=hold.released_by_id.name,
                reason=hold.release_reason_id.name,
                note=hold.release_note or "",
            )
            order_sudo.message_post(
                body=body.strip(),
                partner_ids=order_sudo.user_id.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    def _notify(self, message, errors):
        """Return a notification: what was done, and which orders need a hand."""
        trouble = [f"{hold.order_id.name}: {error}" for hold, error in errors.items()]
        return outcome(message, trouble)

    @api.model
    def _notify_held(self, message, follows=None):
        """Return a notification of something that was held just now.

        :param follows: action after it, by default the page is read again
        """
        return notification(
            message,
            "warning",
            title=self.env._("Credit hold"),
            sticky=True,
            follows=follows or reload_page(),
        )
