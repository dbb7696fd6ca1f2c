from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.collector.assignment import Seat


class CollectionTeamMember(models.Model):
    """A collector in a team: how many customers at most, and who stands in."""

    _name = "collection.team.member"
    _description = "Collection Team Member"
    _order = "team_id, sequence, id"
    _rec_name = "user_id"
    _check_company_auto = True

    team_id = fields.Many2one(
        "collection.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="team_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        check_company=True,
    )
    capacity = fields.Integer(
        "Customers at Most",
        help="Who has so many overdue customers gets no more by rule while colleagues "
        "have room. 0: without limit.",
    )
    share = fields.Float(
        "Working Time",
        default=1.0,
        help="Share of a full-time colleague: who works half as long gets half as "
        "much.",
    )
    substitute_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        check_company=True,
        help="Gets the calls and tasks, and sees the customers as own ones, while the "
        "collector is away. The customers stay those of the collector.",
    )
    away_from = fields.Date(help="First day of the absence.")
    away_to = fields.Date(help="Last day of the absence. Empty: until further notice.")
    is_away = fields.Boolean(
        "Away Today", compute="_compute_is_away", search="_search_is_away"
    )
    customer_count = fields.Integer(
        "Overdue Customers",
        compute="_compute_customer_count",
        help="Overdue customers of the collector, in all companies.",
    )
    is_limited = fields.Boolean(compute="_compute_customer_count")
    capacity_used = fields.Float(compute="_compute_customer_count")

    _team_user_uniq = models.UniqueIndex(
        "(team_id, user_id)", "This collector is in the team already."
    )
    _check_numbers = models.Constraint(
        "CHECK (capacity >= 0 AND share > 0)",
        "The number of customers can't be negative, and the working time has to be "
        "above zero.",
    )
    _check_dates = models.Constraint(
        "CHECK (away_to >= away_from)",
        "The last day of the absence comes before the first one.",
    )
    _check_from = models.Constraint(
        "CHECK (away_from IS NOT NULL OR away_to IS NULL)",
        "Say from which day on the collector is away.",
    )
    _check_substitute = models.Constraint(
        "CHECK (substitute_id <> user_id)", "Nobody stands in for oneself."
    )

    # === COMPUTE === #

    @api.model
    def _away_domain(self, day):
        return Domain("away_from", "<=", day) & (
            Domain("away_to", "=", False) | Domain("away_to", ">=", day)
        )

    @api.model
    def _away_today_domain(self):
        """The same for the day of the company of each team."""
        by_day = self.env["res.company"]._credit_day_domain
        return by_day("away_from", "<=") & (
            Domain("away_to", "=", False) | by_day("away_to", ">=")
        )

    @api.depends("away_from", "away_to")
    def _compute_is_away(self):
        away = self.filtered_domain(self._away_today_domain())
        for member in self:
            member.is_away = member in away

    def _search_is_away(self, operator, value):
        if operator != "in":
            return NotImplemented
        away = self._away_today_domain()
        return away if True in value else ~away

    @api.depends("user_id", "capacity")
    def _compute_customer_count(self):
        # the load of a collector is one figure for all, whatever they may open
        counts = dict(
            self.env["credit.profile"]
            .sudo()  # see above
            ._read_group(
                [
                    ("collector_id", "in", self.user_id.ids),
                    ("overdue_amount", ">", 0),
                ],
                ["collector_id"],
                ["__count"],
            )
        )
        for member in self:
            count = counts.get(member.user_id, 0)
            member.customer_count = count
            member.is_limited = member.capacity > 0
            member.capacity_used = count / member.capacity if member.is_limited else 0

    # === CONSTRAINTS === #

    @api.constrains("away_from", "away_to", "substitute_id")
    def _check_absence(self):
        for member in self:
            if member.substitute_id and not member.away_from:
                raise ValidationError(
                    self.env._(
                        "Say from which day on %(substitute)s stands in for "
                        "%(collector)s.",
                        substitute=member.substitute_id.name,
                        collector=member.user_id.name,
                    )
                )

    # === SEATS === #

    def _get_seats(self):
        """Return the seats of these members, one for each collector."""
        seats = {}
        for member in self:
            seats.setdefault(
                member.user_id.id,
                Seat(member.user_id.id, member.capacity, member.share, member.is_away),
            )
        return list(seats.values())
