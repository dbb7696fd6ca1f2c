from odoo import fields, models


class AccountMoveLine(models.Model):
    """How far an item has come in the strategy of its customer."""

    _inherit = "account.move.line"

    # plain columns without default: a big table is neither rewritten nor recomputed
    collection_level = fields.Integer(
        readonly=True,
        copy=False,
        help="Level of the last collection step that was done about the item.",
        groups="base.group_user",
    )
    collection_step_id = fields.Many2one(
        "collection.step",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="base.group_user",
    )
    collection_step_date = fields.Date(
        readonly=True, copy=False, groups="base.group_user"
    )

    # the few items that were dunned: the highest level of a customer is its last entry
    _collection_level_idx = models.Index(
        "(partner_id, collection_level) "
        "WHERE collection_level > 0 AND reconciled IS NOT TRUE"
    )
