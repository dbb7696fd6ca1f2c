from odoo import api, fields, models

from ...sql.run.collection_items import listed_items


class CollectionAction(models.Model):
    """What a planned action would be about, for the preview of a run."""

    _inherit = "collection.action"

    planned_item_ids = fields.Many2many(
        "account.move.line",
        string="Items to List",
        compute="_compute_planned_item_ids",
        help="What the customer would be reminded of now. It is read again at the "
        "moment of sending.",
    )

    @api.depends("state", "level", "strategy_id")
    def _compute_planned_item_ids(self):
        listed = {}
        planned = self.filtered(lambda action: action.state == "planned")
        for run, actions in planned.grouped("run_id").items():
            listed.update(run._get_listed_items(actions))
        for action in self:
            items = action.planned_item_ids.browse(listed.get(action._origin.id, ()))
            # of branches that the user may not open nothing is shown
            action.planned_item_ids = items._filtered_access("read")


class CollectionRun(models.Model):
    _inherit = "collection.run"

    def _get_listed_items(self, actions):
        """Return ``{action_id: ids of the items}`` that planned actions list now."""
        days = self._get_days(self._get_policies())
        if not days:
            return {}
        self.env["credit.profile"]._flush_collection_facts()
        self.env["collection.action"].flush_model()
        pot = self.company_id._credit_pot(self.date)
        listed = {}
        rows = self.env.execute_query(listed_items(pot, days, actions._origin.ids))
        for action_id, item_id, *_figures in rows:
            listed.setdefault(action_id, []).append(item_id)
        return listed
