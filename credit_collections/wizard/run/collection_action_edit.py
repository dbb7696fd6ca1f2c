from odoo import api, fields, models


class CollectionActionEdit(models.TransientModel):
    """Ask what a run is to do instead of what it has planned."""

    _name = "collection.action.edit"
    _inherit = "collection.channel.mixin"
    _description = "Change Planned Actions"

    action_ids = fields.Many2many("collection.action", required=True)
    strategy_ids = fields.Many2many(
        "collection.strategy", compute="_compute_strategy_ids"
    )
    step_id = fields.Many2one(
        "collection.step", domain="[('strategy_id', 'in', strategy_ids)]"
    )
    partner_id = fields.Many2one("res.partner", string="Contact")

    @api.depends("action_ids")
    def _compute_strategy_ids(self):
        for wizard in self:
            wizard.strategy_ids = wizard.action_ids.strategy_id

    def action_apply(self):
        self.ensure_one()
        self.action_ids._edit(self.step_id, self.channel, self.partner_id)
        return True
