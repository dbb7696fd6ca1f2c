from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Promises to pay follow the money, when it comes and when it is taken back."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        items = partials.debit_move_id
        self.env["collection.promise"]._on_matched(items, items.partner_id)
        return partials

    def unlink(self):
        items = self.debit_move_id
        res = super().unlink()
        if items:
            items = items.exists()
            self.env["collection.promise"]._on_matched(items, items.partner_id)
        return res
