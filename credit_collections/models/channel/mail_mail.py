from odoo import api, fields, models
from odoo.fields import Domain


class MailMail(models.Model):
    """What became of the mails of collection actions."""

    _inherit = "mail.mail"

    collection_action_id = fields.Many2one(
        "collection.action", ondelete="set null", index="btree_not_null"
    )
    collection_move_id = fields.Many2one(
        "account.move",
        ondelete="set null",
        help="The document that the mail is about, where it is about one alone.",
    )
    collection_is_held = fields.Boolean(
        "Waits for Documents", help="The queue leaves the mail alone until it has them."
    )

    _collection_held_idx = models.Index("(id) WHERE collection_is_held IS TRUE")

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        free = Domain("collection_is_held", "=", False)
        others = self.env.context.get("filters", [])
        queue = self.with_context(filters=[*others, *free])
        return super(MailMail, queue).process_email_queue(email_ids, batch_size)

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # somebody who sends a mail at once gets it whole
        held = self.filtered("collection_is_held")
        held._attach_collection_documents()
        return super(MailMail, self - held.filtered("collection_is_held")).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def cancel(self):
        res = super().cancel()
        # sudo: whoever may cancel mails takes back what they stand for
        self.sudo().collection_action_id._fail(self.env._("The e-mail was cancelled."))
        return res

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # before super: it may delete the mails; sudo: the queue, whoever runs it
        actions = self.sudo().collection_action_id
        if actions and failure_type:
            actions._fail(failure_reason or failure_type)
        elif actions:
            waiting = (actions.mail_ids - self.sudo()).filtered(
                lambda mail: mail.state in ("outgoing", "exception")
            )
            (actions - waiting.collection_action_id)._succeed()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
