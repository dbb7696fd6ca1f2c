from odoo import api, fields, models


class CollectionSimulate(models.TransientModel):
    """What a run of some day would do about one customer; nothing is kept."""

    _name = "collection.simulate"
    _inherit = "collection.channel.mixin"
    _description = "Simulate a Collection Run"

    profile_id = fields.Many2one("credit.profile", required=True, readonly=True)
    company_id = fields.Many2one(related="profile_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="profile_id.currency_id", related_sudo=False)
    strategy_id = fields.Many2one(related="profile_id.strategy_id", related_sudo=False)
    date = fields.Date(
        "Run Of",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="With the items that are open now, as if nobody paid until then.",
    )
    is_contacted = fields.Boolean(compute="_compute_plan")
    step_id = fields.Many2one("collection.step", compute="_compute_plan")
    channel = fields.Selection(compute="_compute_plan")
    partner_id = fields.Many2one(
        "res.partner", string="Contact", compute="_compute_plan"
    )
    item_count = fields.Integer("Items", compute="_compute_plan")
    amount = fields.Monetary(compute="_compute_plan")
    skip_reason = fields.Selection(
        lambda self: self.env["collection.action"]._selection_skip_reason(),
        string="Why Not",
        compute="_compute_plan",
    )

    @api.depends("profile_id", "date")
    def _compute_plan(self):
        for wizard in self:
            row = wizard.profile_id._simulate(wizard.date) or {}
            wizard.is_contacted = row.get("state") == "planned"
            wizard.skip_reason = row.get("skip_reason")
            wizard.step_id = row.get("step_id")
            wizard.channel = row.get("channel")
            wizard.partner_id = row.get("partner_id")
            wizard.item_count = row.get("item_count")
            wizard.amount = row.get("amount")
