from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Matching tells promises, disputes and cases what is paid, or open again."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        # the items are at hand: nothing is read where there is no dispute and no case
        items = partials.debit_move_id + partials.credit_move_id
        if disputed := items.filtered("collection_disputed_amount"):
            self.env["collection.dispute"]._on_matched(disputed)
        if in_case := items.filtered("case_id"):
            self.env["collection.case"]._on_matched(in_case)
        paid = partials.debit_move_id
        self.env["collection.promise"]._on_matched(paid, paid.partner_id)
        return partials

    def unlink(self):
        items = self.debit_move_id + self.credit_move_id
        paid = self.debit_move_id
        res = super().unlink()
        if receivable := items.exists().filtered(
            lambda item: item.account_type == "asset_receivable"
        ):
            self.env["collection.dispute"]._on_unmatched(receivable)
            self.env["collection.case"]._on_unmatched(receivable)
            self.env["credit.profile"]._on_unmatched(receivable)
        if paid := paid.exists():
            self.env["collection.promise"]._on_matched(paid, paid.partner_id)
        return res
