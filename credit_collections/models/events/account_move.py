from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    dispute_id = fields.Many2one(
        "collection.dispute",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The dispute that this credit note was made for.",
    )
    dispute_count = fields.Integer(compute="_compute_dispute_count")

    def _compute_partner_credit_warning(self):
        """Silence core: the credit profile is the one verdict on a customer."""
        self.partner_credit_warning = ""

    def _compute_dispute_count(self):
        counts = dict(
            self.env["collection.dispute.line"]._read_group(
                [("move_id", "in", self.ids)],
                ["move_id"],
                ["dispute_id:count_distinct"],
            )
        )
        for move in self:
            move.dispute_count = counts.get(move, 0)

    # === DISPUTES === #

    def action_dispute(self):
        """Open a dispute about open items of these invoices."""
        return self.line_ids._open_receivables().action_dispute()

    def action_open_disputes(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_dispute_action"
        )
        domain = [("line_ids.move_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}}

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._update_disputes()
        return posted

    def button_draft(self):
        res = super().button_draft()
        self._update_disputes()
        # money that is taken back keeps no promise any more
        promises = self.env["collection.promise"]
        promises._on_matched(self.env["account.move.line"], self.partner_id)
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
