from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Matching tells disputes that their items are paid, or open again."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        # the items are at hand: nothing is read where nothing is disputed
        items = partials.debit_move_id + partials.credit_move_id
        if disputed := items.filtered("collection_disputed_amount"):
            self.env["collection.dispute"]._on_matched(disputed)
        return partials

    def unlink(self):
        items = self.debit_move_id + self.credit_move_id
        res = super().unlink()
        if receivable := items.exists().filtered(
            lambda item: item.account_type == "asset_receivable"
        ):
            self.env["collection.dispute"]._on_unmatched(receivable)
        return res
