from odoo import fields, models
from odoo.tools import frozendict

from ...sql.channel.collection_effects import link_mails, share_documents


class CollectionAction(models.Model):
    """E-mails of actions: queued for the mail queue, shown by the profile."""

    _inherit = "collection.action"

    mail_ids = fields.One2many("mail.mail", "collection_action_id", readonly=True)

    def _do_email(self):
        """Queue the mails of the actions of one step; the queue sends them.

        Mails that carry documents are held back until a job of its own has made them:
        rendering takes a second each, and nobody waits for it in a run.
        """
        # the texts would read them one by one, or fifty by fifty
        self.partner_id.fetch(["name", "lang"])
        self.line_ids.fetch(["move_line_id", "amount_currency", "interest_amount"])
        self._prepare_links()
        is_held = self.step_id.attach_invoices or self.step_id.attach_statement
        for moves in self._get_rounds(self.step_id.grouping == "document"):
            actions = self.filtered(lambda action, moves=moves: action.id in moves)
            actions._queue_mails(moves, is_held)
        self._set_queued()
        if is_held:
            self.env.ref("credit_collections.ir_cron_collection_attach")._trigger()

    def _get_rounds(self, by_document):
        """Return one ``{action_id: id of the document, or None for all}`` per message.

        Those about one document have as many rounds as the customer with the most of
        them.
        """
        if not by_document:
            return [dict.fromkeys(self.ids)]
        moves = {action.id: action.line_ids.move_id.ids for action in self}
        return [
            {
                action_id: ids[turn]
                for action_id, ids in moves.items()
                if turn < len(ids)
            }
            for turn in range(max(map(len, moves.values())))
        ]

    def _queue_mails(self, moves, is_held):
        template = self.step_id.mail_template_id
        if any(moves.values()):
            template = template.with_context(collection_moves=frozendict(moves))
        mails = template.send_mail_batch(self.ids)
        self.env["mail.mail"].flush_model()
        self.env["mail.message"].flush_model()
        self.env.cr.execute(link_mails(mails.ids, moves, is_held))
        mails.invalidate_recordset(
            ["collection_action_id", "collection_move_id", "collection_is_held"],
            flush=False,
        )
        mails.mail_message_id.invalidate_recordset(["model", "res_id"], flush=False)

    def _prepare_links(self):
        """Give documents that the text links to the token that opens them."""
        if not self.step_id.has_portal_link:
            return
        moves = self.line_ids.move_id
        self.env["account.move"].flush_model(["access_token"])
        self.env.cr.execute(share_documents(moves.ids))
        moves.invalidate_recordset(["access_token"], flush=False)

    # === DOCUMENTS === #

    def _get_documents(self, move=None):
        """Return the documents that go with a mail, where the step wants them.

        :param move: the document that the mail is about, all of the action without one
        :return: records of ``account.move`` whose PDF is attached
        """
        if not self.step_id.attach_invoices:
            return self.env["account.move"]
        moves = move or self.line_ids.move_id
        return moves.filtered(lambda move: move.is_sale_document(include_receipts=True))
