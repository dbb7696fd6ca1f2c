from odoo import fields, models


class MailMail(models.Model):
    """What became of the mails of collection actions."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # before super: it may delete the mails; sudo: the queue, whoever runs it
        actions = self.env["collection.action"].sudo()
        actions = actions.search([("mail_id", "in", self.ids)])
        if actions and failure_type:
            actions._fail(failure_reason or failure_type)
        elif actions:
            # a mail that failed before and was sent again counts again
            actions.filtered(lambda action: action.state == "failed")._record_contact()
            actions._set_state("sent", done_date=fields.Datetime.now(), error=False)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
