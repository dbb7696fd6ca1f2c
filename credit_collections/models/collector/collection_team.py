from odoo import api, fields, models
from odoo.fields import Domain


class CollectionTeam(models.Model):
    """Collectors who share customers, and who leads them."""

    _name = "collection.team"
    _description = "Collection Team"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company.root_id,
        help="Empty: the team works for all companies.",
    )
    leader_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Minds overdue customers for whom no rule finds a collector.",
    )
    member_ids = fields.One2many("collection.team.member", "team_id", copy=True)
    user_ids = fields.Many2many(
        "res.users", string="Collectors", compute="_compute_user_ids"
    )
    customer_count = fields.Integer(
        "Overdue Customers",
        compute="_compute_customer_count",
        help="Overdue customers of the collectors of the team.",
    )
    away_count = fields.Integer("Away Today", compute="_compute_user_ids")

    @api.depends("member_ids.user_id", "member_ids.is_away")
    def _compute_user_ids(self):
        for team in self:
            team.user_ids = team.member_ids.user_id
            team.away_count = len(team.member_ids.filtered("is_away"))

    @api.depends("member_ids.customer_count")
    def _compute_customer_count(self):
        for team in self:
            team.customer_count = sum(team.member_ids.mapped("customer_count"))

    # === ACTIONS === #

    def _get_profile_domain(self):
        """Return which overdue customers the collectors of the team have."""
        return (
            Domain("collector_id", "in", self.member_ids.user_id.ids)
            & Domain("overdue_amount", ">", 0)
            & (
                Domain("company_id", "=", self.company_id.root_id.id)
                if self.company_id
                else Domain.TRUE
            )
        )

    def action_open_profiles(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_profile_action"
        )
        return {
            **action,
            "domain": list(self._get_profile_domain()),
            "context": {"search_default_group_collector": 1},
        }

    def action_reassign(self):
        """Open the wizard that evens out the team."""
        self.ensure_one()
        self.env["collection.reassign"].check_access("create")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_reassign_action"
        )
        return {
            **action,
            "context": {"default_mode": "rebalance", "default_team_id": self.id},
        }
