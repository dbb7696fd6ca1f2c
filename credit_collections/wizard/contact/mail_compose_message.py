from odoo import api, models


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "collection.asking"]

    @api.depends("model", "template_id")
    def _compute_collection_kind(self):
        for composer in self:
            composer.collection_kind = composer._find_kind(
                composer.model, composer.template_id
            )

    @api.depends("collection_kind", "model", "res_ids", "res_domain")
    def _compute_collection_question(self):
        return super()._compute_collection_question()

    def _get_asked(self):
        # those of a domain are found when it is sent: what is refused is on record then
        ids = [] if self.res_domain else self._evaluate_res_ids() or []
        return self.model, ids, self.body

    def _action_send_mail(self, auto_commit=False):
        mails, messages = self.env["mail.mail"], self.env["mail.message"]
        for composer in self:
            answered = composer._answered()
            sent = super(MailComposeMessage, answered)._action_send_mail(auto_commit)
            mails += sent[0]
            messages += sent[1]
        return mails, messages
