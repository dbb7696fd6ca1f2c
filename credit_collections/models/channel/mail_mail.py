from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.batches import apart, explain

#: Mails whose documents are made in one go.
ATTACH_BATCH = 20


class MailMail(models.Model):
    """Mails of collection actions: what became of them, and their documents.

    Documents are rendered by a job of their own, not by a run.
    """

    _inherit = "mail.mail"

    collection_action_id = fields.Many2one(
        "collection.action",
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
    )
    collection_move_id = fields.Many2one(
        "account.move",
        index="btree_not_null",
        ondelete="set null",
        help="The document that the mail is about, where it is about one alone.",
        groups="base.group_user",
    )
    collection_is_held = fields.Boolean(
        "Waits for Documents",
        help="The queue leaves the mail alone until it has them.",
        groups="base.group_user",
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

    def _give_up(self, why):
        res = super()._give_up(why)
        # sudo: whoever deletes mails takes back what they stand for
        actions_sudo = self.sudo().collection_action_id
        actions_sudo = actions_sudo.filtered(lambda action: action.state == "queued")
        # of those that may have arrived, somebody says it
        actions_sudo.filtered(lambda action: not action.is_unclear)._fail(why)
        return res

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # before super: it may delete the mails
        mails_sudo = self.sudo()  # the queue, whoever runs it
        actions_sudo = mails_sudo.collection_action_id
        if actions_sudo and failure_type:
            actions_sudo._fail(failure_reason or failure_type)
        elif actions_sudo:
            waiting_sudo = (actions_sudo.mail_ids - mails_sudo).filtered(
                lambda mail: mail.state in ("outgoing", "exception")
            )
            (actions_sudo - waiting_sudo.collection_action_id)._succeed()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    # === DOCUMENTS === #

    @api.model
    def _cron_attach_collection_documents(self):
        """Make the documents of mails that wait for them, and let the mails go."""
        cron = self.env["ir.cron"]
        domain = [("collection_is_held", "=", True), ("state", "=", "outgoing")]
        cron._commit_progress(remaining=self.search_count(domain))
        while mails := self.search(domain, order="id", limit=ATTACH_BATCH):
            mails = mails.try_lock_for_update()
            mails._attach_collection_documents()
            if not mails or not cron._commit_progress(len(mails)):
                break
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _attach_collection_documents(self):
        """Attach the documents and let the mails go; a failure of one is its own."""
        errors = apart(self, lambda some: some._attach_documents(), "documents")
        for mail, error in errors.items():
            mail.write({"state": "cancel", "failure_reason": explain(error)})
            # sudo: whoever runs the queue puts failures of actions on record
            mail.sudo().collection_action_id._fail(explain(error))

    def _attach_documents(self):
        mails_sudo = self.sudo()  # documents are part of what was decided to be sent
        wanted = {
            mail: mail.collection_action_id._get_documents(mail.collection_move_id)
            for mail in mails_sudo
        }
        # see above: whoever sends may not read all invoices
        moves_sudo = self.env["account.move"].sudo().union(*wanted.values())
        invoices = moves_sudo._render_for_collection()
        stated_sudo = mails_sudo.filtered(
            lambda mail: mail.collection_action_id.step_id.attach_statement
        )
        statements = stated_sudo.collection_action_id.profile_id._render_statements()
        for mail, documents in wanted.items():
            files = [invoices[move.id] for move in documents]
            if mail in stated_sudo:
                files.append(statements[mail.collection_action_id.profile_id.id])
            mail._attach_files(files)
        mails_sudo.collection_is_held = False

    def _attach_files(self, files):
        """Attach files, each a name and its content."""
        self.attachment_ids += self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": "mail.message",
                    "res_id": self.mail_message_id.id,
                }
                for name, content in files
            ]
        )
