from odoo import api, models

from ...engine.run.contact_kinds import PAPER


class AccountMoveSendWizard(models.TransientModel):
    _name = "account.move.send.wizard"
    _inherit = ["account.move.send.wizard", "collection.asking"]

    @api.depends("move_id")
    def _compute_collection_kind(self):
        for wizard in self:
            kind = wizard.move_id and self._get_contact_kind(wizard.move_id)
            is_ours = wizard.move_id.is_sale_document(include_receipts=True)
            wizard.collection_kind = kind if is_ours and kind != PAPER else False

    @api.depends("collection_kind", "move_id")
    def _compute_collection_question(self):
        return super()._compute_collection_question()

    def _get_asked(self):
        return self.move_id._name, self.move_id.ids, self.body

    def action_send_and_print(self, allow_fallback_pdf=False):
        return super(AccountMoveSendWizard, self._answered()).action_send_and_print(
            allow_fallback_pdf=allow_fallback_pdf
        )
