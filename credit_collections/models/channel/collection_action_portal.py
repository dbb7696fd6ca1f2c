from odoo import models
from odoo.tools import frozendict


class CollectionAction(models.Model):
    """Messages of actions in the portal, where customers look at their invoices."""

    _inherit = "collection.action"

    def _do_portal(self):
        """Put the text of each action on the page of each of its documents.

        It names that document alone: whoever has the link to one invoice reads its
        page. It is there when the customer looks; nobody gets an e-mail for it.
        """
        self._prepare_links()
        for moves in self._get_rounds(by_document=True):
            actions = self.filtered(lambda action, moves=moves: action.id in moves)
            actions._post_in_portal(moves)
        self._set_queued()

    def _post_in_portal(self, moves):
        """Post one message for each action.

        :param dict moves: ``{action_id: id of the document}``
        """
        template = self.step_id.mail_template_id.with_context(
            collection_moves=frozendict(moves)
        )
        bodies = template._render_field("body_html", self.ids, compute_lang=True)
        subjects = template._render_field("subject", self.ids, compute_lang=True)
        comment_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        self.env["mail.message"].create(
            [
                {
                    "model": "account.move",
                    "res_id": moves[action.id],
                    "message_type": "comment",
                    "subtype_id": comment_id,
                    "subject": subjects[action.id],
                    "body": bodies[action.id],
                    "author_id": self.env.user.partner_id.id,
                }
                for action in self
            ]
        )
