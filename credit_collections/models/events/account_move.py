from odoo import models


class AccountMove(models.Model):
    """Posting, and taking back, tells promises and disputes."""

    _inherit = "account.move"

    def _compute_partner_credit_warning(self):
        """Silence core: the credit profile is the one verdict on a customer."""
        self.partner_credit_warning = ""

    def write(self, vals):
        res = super().write(vals)
        if "matched_payment_ids" in vals:  # registered, in no entry
            items = self.line_ids.filtered(
                lambda item: item.account_type == "asset_receivable"
            )
            promises = self.env["collection.promise"]
            promises._on_matched(items, items.partner_id)
        return res

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._update_disputes()
        if matches := posted.line_ids._get_matches():
            matches._tell_settled()
        return posted

    def button_draft(self):
        res = super().button_draft()
        self._update_disputes()
        # money that is taken back keeps no promise any more
        promises = self.env["collection.promise"]
        promises._on_matched(self.env["account.move.line"], self.partner_id)
        # and what stays matched with it is open again
        if matches := self.line_ids._get_matches():
            matches._tell_undone()
        return res

    def _update_disputes(self):
        """What a credit note covers is collected no more, nor suspended."""
        if disputes := self.dispute_id:
            # amounts of disputes follow their credit notes, whoever posts them
            disputes.sudo().line_ids._write_disputed()
            disputes._refresh_next_steps()

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """Match credit notes of disputes with the disputed items first."""
        for note in reverse_moves.filtered("dispute_id"):
            # which items were disputed is no data of whoever posts
            items = note.dispute_id.sudo().line_ids.filtered("accepted_amount")
            items = items.move_line_id & note.reversed_entry_id.line_ids
            credit = note.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            if open_items := items.filtered(lambda item: not item.reconciled):
                (open_items.with_env(self.env) + credit).reconcile()
        return super()._reconcile_reversed_moves(reverse_moves, move_reverse_cancel)
