from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Matching tells promises, disputes and cases what is paid, or open again.

    So does what happens to entries that are matched: as long as they are drafts, or the
    bank has rejected the payment, they settle nothing.
    """

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._tell_settled()
        return partials

    def unlink(self):
        items = self.debit_move_id + self.credit_move_id
        paid = self.debit_move_id
        res = super().unlink()
        self._tell_open(items.exists(), paid.exists())
        return res

    def _tell_settled(self):
        # the items are at hand: nothing is read where there is no dispute and no case
        items = self.debit_move_id + self.credit_move_id
        if disputed := items.filtered("collection_disputed_amount"):
            self.env["collection.dispute"]._on_matched(disputed)
        if in_case := items.filtered("case_id"):
            self.env["collection.case"]._on_matched(in_case)
        paid = self.debit_move_id
        self.env["collection.promise"]._on_matched(paid, paid.partner_id)

    def _tell_undone(self):
        """Tell that one end of these settles nothing any more, though they stay."""
        self._tell_open(self.debit_move_id + self.credit_move_id, self.debit_move_id)

    @api.model
    def _tell_open(self, items, paid):
        """Tell that items are not settled any more.

        :param items: both ends of what was matched
        :param paid: those of them that customers owe
        """
        if receivable := items.filtered(
            lambda item: item.account_type == "asset_receivable"
        ):
            self.env["collection.dispute"]._on_unmatched(receivable)
            self.env["collection.case"]._on_unmatched(receivable)
            self.env["credit.profile"]._on_unmatched(receivable)
        if paid:
            self.env["collection.promise"]._on_matched(paid, paid.partner_id)
