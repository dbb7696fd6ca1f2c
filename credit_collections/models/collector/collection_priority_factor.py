from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.collector.priority import Factor


class CollectionPriorityFactor(models.Model):
    """What makes a customer urgent for the collector, and by how much."""

    _name = "collection.priority.factor"
    _description = "Collection Priority Factor"
    _order = "points desc, id"
    _rec_name = "kind"

    kind = fields.Selection(
        [
            ("amount_rank", "Overdue amount beside that of other customers"),
            ("overdue_days", "Days overdue"),
            ("overdue_share", "Share of the balance that is overdue"),
            ("limit_used", "Limit used"),
            ("broken_promises", "Broken promises"),
            ("days_late", "Days the customer pays late on average"),
        ],
        string="Figure",
        required=True,
    )
    low = fields.Float(
        "Lower End",
        help="Up to this figure the factor earns nothing. Shares: 0.8 = 80 %.",
    )
    high = fields.Float(
        "Upper End", required=True, help="From this figure on it earns all its points."
    )
    points = fields.Float(
        required=True, help="The priority is the share of all points that is earned."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: the factor counts in all companies."
    )

    _check_points = models.Constraint(
        "CHECK (points > 0)", "A factor needs points above zero."
    )

    @api.constrains("low", "high")
    def _check_range(self):
        for factor in self:
            if factor.high <= factor.low:
                raise ValidationError(
                    self.env._("The end of the range has to be above its beginning.")
                )

    @api.model
    def _get_factors(self, company):
        """Return the factors that count in a company, for ``engine.priority``."""
        # policy, not data
        factors_sudo = self.sudo().search([("company_id", "in", (False, company.id))])
        return tuple(
            Factor(factor.kind, factor.low, factor.high, factor.points)
            for factor in factors_sudo
        )
