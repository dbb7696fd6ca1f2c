from odoo import api, models


class SmsComposer(models.TransientModel):
    _name = "sms.composer"
    _inherit = ["sms.composer", "collection.asking"]

    @api.depends("res_model", "template_id")
    def _compute_collection_kind(self):
        for composer in self:
            composer.collection_kind = composer._find_kind(
                composer.res_model, composer.template_id
            )

    @api.depends("collection_kind", "res_model", "res_ids", "res_id")
    def _compute_collection_question(self):
        return super()._compute_collection_question()

    def _get_asked(self):
        records = self._get_records()
        return self.res_model, records.ids if records else [], self.body

    def _action_send_sms(self):
        sent = True
        for composer in self:
            sent = super(SmsComposer, composer._answered())._action_send_sms()
        return sent
