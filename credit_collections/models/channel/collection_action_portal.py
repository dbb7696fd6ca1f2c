from odoo import models


class CollectionAction(models.Model):
    """Messages of actions in the portal, where customers look at their invoices."""

    _inherit = "collection.action"

    def _do_portal(self):
        """Put the text of each action on the page of its oldest document.

        It is there when the customer looks; nobody gets an e-mail for it.
        """
        self._prepare_links()
        template = self.step_id.mail_template_id
        bodies = template._render_field("body_html", self.ids, compute_lang=True)
        subjects = template._render_field("subject", self.ids, compute_lang=True)
        comment_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        self.env["mail.message"].create(
            [
                {
                    "model": "account.move",
                    "res_id": action.line_ids[:1].move_id.id,
                    "message_type": "comment",
                    "subtype_id": comment_id,
                    "subject": subjects[action.id],
                    "body": bodies[action.id],
                    "author_id": self.env.user.partner_id.id,
                }
                for action in self
            ]
        )
        self._set_queued()
