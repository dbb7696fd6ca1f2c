import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.modules.registry import Registry

from ...sql.channel.mail_sending import lost_mails, mark_mail

_logger = logging.getLogger(__name__)

#: A message takes seconds; who has not come back by then is gone.
LOST_AFTER_MINUTES = 15


class MailMail(models.Model):
    """Mails of collection actions leave once, whatever happens meanwhile.

    What a mail server has taken is not undone by a rollback. So a mail is marked, and
    the mark committed, before the server gets it: one that is still marked when its
    worker is gone may have arrived. The queue leaves it alone, and a person decides.
    """

    _inherit = "mail.mail"

    collection_sending_date = fields.Datetime(
        "Given to the Mail Server",
        readonly=True,
        copy=False,
        help="When a worker began to send the reminder. It is empty again as soon as "
        "it is known what became of it.",
        groups="base.group_user",
    )

    _collection_sending_idx = models.Index(
        "(collection_sending_date) WHERE collection_sending_date IS NOT NULL"
    )

    # === SEND === #

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        self._find_lost_reminders()
        unmarked = Domain("collection_sending_date", "=", False)
        others = self.env.context.get("filters", [])
        queue = self.with_context(filters=[*others, *unmarked])
        return super(MailMail, queue).process_email_queue(email_ids, batch_size)

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # those of a transaction that was rolled back are none
        mails = self.exists()
        if not auto_commit and not self.env["ir.mail_server"]._disable_send():
            reminders = mails._get_reminders()
            reminders._send_after_commit()
            mails -= reminders
        return super(MailMail, mails).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _send_after_commit(self):
        """Send reminders in a transaction of their own: it is committed in between, and
        this one is the caller's."""
        if not self:
            return
        self.check_access("write")
        database, mail_ids = self.env.cr.dbname, self.ids

        @self.env.cr.postcommit.add
        def send_reminders():
            try:
                with Registry(database).cursor() as cr:
                    # who sends was checked above
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env["mail.mail"].browse(mail_ids).send(auto_commit=True)
            except Exception:
                # they wait in the queue; what else follows the commit goes on
                _logger.exception("Reminders %s could not be sent now", mail_ids)

    def _send(self, auto_commit=False, **options):
        reminders = self._get_reminders() if auto_commit else self.browse()
        res = True
        if others := self - reminders:
            res = super(MailMail, others)._send(auto_commit=auto_commit, **options)
        for reminder in reminders:
            if reminder._claim():
                super(MailMail, reminder)._send(auto_commit=True, **options)
        return res

    def _get_reminders(self):
        # whoever sends need not know what a mail is about
        return self.browse(self.sudo().filtered("collection_action_id").ids)

    def _claim(self):
        """Mark a mail that is about to leave, commit that, and hold on to its row.

        :return: whether it may leave: nobody else is sending it or was
        """
        cr = self.env.cr
        cr.commit()  # pylint: disable=invalid-commit; and read what others committed
        rows = self.env.execute_query(mark_mail(self.id))
        cr.commit()  # pylint: disable=invalid-commit; the queue does for each mail
        return bool(rows) and bool(self.try_lock_for_update(allow_referencing=True))

    # === WHAT BECAME OF IT === #

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        self._take_mark_away()  # before super: it may delete the mails
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def mark_outgoing(self):
        """Whoever puts mails back into the queue has decided to send them again."""
        self._take_mark_away()
        # see _take_mark_away
        self.sudo().collection_action_id._set_clear()
        return super().mark_outgoing()

    def cancel(self):
        self._take_mark_away()
        return super().cancel()

    def _take_mark_away(self):
        # the mark is nobody's to write
        marked_sudo = self.sudo().filtered("collection_sending_date")
        marked_sudo.collection_sending_date = False

    # === LOST === #

    @api.model
    def _find_lost_reminders(self):
        """Let people decide about mails whose worker is gone: it holds no row any more,
        and nobody knows whether the mail server had taken the message."""
        self.flush_model(["collection_sending_date", "state"])
        rows = self.env.execute_query(lost_mails(LOST_AFTER_MINUTES))
        # jobs put on record what became of actions, whoever runs them
        self.sudo().browse(row[0] for row in rows).collection_action_id._set_unclear()
