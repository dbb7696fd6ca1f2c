from odoo import fields, models


class AccountMove(models.Model):
    """Disputes about invoices, and the credit notes that come of them."""

    _inherit = "account.move"

    dispute_id = fields.Many2one(
        "collection.dispute",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The dispute that this credit note was made for.",
        groups="base.group_user",
    )
    dispute_count = fields.Integer(
        compute="_compute_dispute_count", groups="base.group_user"
    )

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

    # === ACTIONS === #

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
