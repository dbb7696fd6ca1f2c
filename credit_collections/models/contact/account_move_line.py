from odoo import fields, models
from odoo.tools import format_date

from ...tools import access
from ...tools.client_actions import open_dialog


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # plain columns without default: a big table is neither rewritten nor recomputed
    collection_level = fields.Integer(
        readonly=True,
        copy=False,
        help="Level of the last collection step that was done about the item.",
    )
    collection_step_id = fields.Many2one(
        "collection.step", readonly=True, copy=False, ondelete="set null"
    )
    collection_step_date = fields.Date(readonly=True, copy=False)
    collection_excluded_until = fields.Date(
        "Not Collected Until",
        copy=False,
        readonly=True,
        help="Collection runs leave the item alone before this day; then it is to be "
        "reviewed.",
    )
    collection_exclusion_reason_id = fields.Many2one(
        "credit.reason",
        string="Why Not Collected",
        domain="[('kind', '=', 'exclusion')]",
        copy=False,
        readonly=True,
        ondelete="restrict",
    )

    collection_promise_line_ids = fields.One2many(
        "collection.promise.line", "move_line_id", string="Promises"
    )

    # Odoo's own index on unreconciled items also carries every income line. These hold
    # what is open on receivable and payable accounts, and answer from the index alone.
    _credit_open_items_idx = models.Index(
        "(account_id, company_id, partner_id, date_maturity) "
        "INCLUDE (amount_residual, amount_residual_currency, currency_id) "
        "WHERE reconciled IS NOT TRUE AND parent_state = 'posted' "
        "AND amount_residual <> 0"
    )
    _credit_draft_items_idx = models.Index(
        "(account_id, company_id, partner_id) "
        "WHERE parent_state = 'draft' AND display_type = 'payment_term'"
    )
    # the few items that were dunned: the highest level of a customer is its last entry
    _collection_level_idx = models.Index(
        "(partner_id, collection_level) "
        "WHERE collection_level > 0 AND reconciled IS NOT TRUE"
    )

    # === EXCLUSION FROM COLLECTIONS === #

    def action_exclude_from_collections(self):
        self._check_may_exclude()
        return open_dialog(
            "collection.exclude",
            self.env._("Exclude from Collections"),
            move_line_ids=self.ids,
        )

    def action_include_in_collections(self):
        """Let collection runs see these items again."""
        self._set_collection_exclusion(None, self.env["credit.reason"])

    def _set_collection_exclusion(self, until, reason):
        """Exclude the items until a day, or include them where there is none."""
        self._check_may_exclude()
        items = self.filtered(lambda line: line.account_type == "asset_receivable")
        # collectors read the ledger only; nothing else of it is written
        items.sudo().write(
            {
                "collection_excluded_until": until,
                "collection_exclusion_reason_id": reason.id,
            }
        )
        message = (
            self.env._(
                "Not collected until %(until)s: %(reason)s",
                until=format_date(self.env, until),
                reason=reason.name,
            )
            if until
            else self.env._("Collected again")
        )
        moves = items.move_id
        moves.sudo()._message_log_batch(  # on record, whoever does it
            bodies=dict.fromkeys(moves.ids, message),
            author_id=self.env.user.partner_id.id,
        )

    def _check_may_exclude(self):
        self.check_access("read")
        access.require(
            self.env,
            self.env._("Only collectors exclude items from collections."),
            access.COLLECTOR,
        )

    # === PROMISES === #

    def action_promise(self):
        """Take a promise to pay for these items."""
        self.env["collection.promise"].check_access("create")
        return open_dialog(
            "collection.promise.make",
            self.env._("Promise to Pay"),
            move_line_ids=self.ids,
        )
