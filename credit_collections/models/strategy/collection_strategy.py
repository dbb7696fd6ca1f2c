from odoo import api, fields, models
from odoo.tools import ormcache

from ...engine.strategy import dunning


class CollectionStrategy(models.Model):
    """What is done about overdue items, step by step, until the legal stage."""

    _name = "collection.strategy"
    _description = "Collection Strategy"
    _inherit = ["credit.cached.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: the strategy can be used in all companies."
    )
    step_ids = fields.One2many("collection.step", "strategy_id", copy=True)
    step_count = fields.Integer(compute="_compute_step_count")
    catch_up = fields.Selection(
        [
            (dunning.ONE_BY_ONE, "One after the other"),
            (dunning.LATEST, "Go to the latest"),
        ],
        string="Missed Steps",
        required=True,
        default=dunning.ONE_BY_ONE,
        help="When more than one step came due since the last run: do them one after "
        "the other, each on a run of its own, or go to the last one that came due.",
    )
    quiet_days = fields.Integer(
        default=5,
        help="Days to leave between two contacts, whoever made the last one and how.",
    )
    minimum_amount = fields.Float(
        help="Nobody is contacted about less than this, in the currency of the company."
    )
    profile_count = fields.Integer("Customers", compute="_compute_profile_count")

    _check_numbers = models.Constraint(
        "CHECK (quiet_days >= 0 AND minimum_amount >= 0)",
        "Quiet days and the minimum amount can't be negative.",
    )

    @api.depends("step_ids")
    def _compute_step_count(self):
        for strategy in self:
            strategy.step_count = len(strategy.step_ids)

    def _compute_profile_count(self):
        counts = dict(
            self.env["credit.profile"]._read_group(
                [("strategy_id", "in", self.ids)], ["strategy_id"], ["__count"]
            )
        )
        for strategy in self:
            strategy.profile_count = counts.get(strategy, 0)

    @api.model
    @ormcache()
    def _get_engine_steps(self):
        """Return ``{strategy_id: steps of the engine, in order}`` of all strategies."""
        strategies_sudo = self.sudo().search(
            [("step_ids", "!=", False)]
        )  # policy, not data
        return {
            strategy_sudo.id: dunning.in_order(
                dunning.Step(step.id, step.days, step.is_legal)
                for step in strategy_sudo.step_ids
            )
            for strategy_sudo in strategies_sudo
        }

    @api.model
    @ormcache()
    def _get_charging_steps(self):
        """Return the ids of the steps with a fee or interest."""
        charging = ["|", ("fee_amount", ">", 0), ("interest_rate", ">", 0)]
        return tuple(self.env["collection.step"].sudo().search(charging).ids)  # policy

    # === ACTIONS === #

    def action_open_profiles(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_profile_action"
        )
        return {**action, "domain": [("strategy_id", "=", self.id)], "context": {}}
