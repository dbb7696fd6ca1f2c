from odoo import fields, models
from odoo.tools import format_date

from ...tools import access
from ...tools.client_actions import open_dialog


class AccountMoveLine(models.Model):
    """Items that collection runs leave alone because somebody says so."""

    _inherit = "account.move.line"

    # plain columns without default: a big table is neither rewritten nor recomputed
    collection_excluded_until = fields.Date(
        "Not Collected Until",
        copy=False,
        readonly=True,
        help="Collection runs leave the item alone before this day; then it is to be "
        "reviewed.",
        groups="base.group_user",
    )
    collection_exclusion_reason_id = fields.Many2one(
        "credit.reason",
        string="Why Not Collected",
        domain="[('kind', '=', 'exclusion')]",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups="base.group_user",
    )

    def action_exclude_from_collections(self):
        self._check_may_exclude()
        return open_dialog(
            self.env,
            "collection.exclude",
            self.env._("Exclude from Collections"),
            move_line_ids=self.ids,
        )

    def action_include_in_collections(self):
        """Let collection runs see these items again."""
        self._set_collection_exclusion(None, self.env["credit.reason"])
        return True

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
