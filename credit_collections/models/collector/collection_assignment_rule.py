from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ...engine.collector.assignment import AMOUNT, CUSTOMERS, Seat


class CollectionAssignmentRule(models.Model):
    """Which collectors get which overdue customers: the first rule that fits."""

    _name = "collection.assignment.rule"
    _description = "Collection Assignment Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first rule that fits counts.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company.root_id,
        help="Empty: the rule is for all companies.",
    )
    segment_ids = fields.Many2many("collection.segment", string="Segments")
    category_ids = fields.Many2many("res.partner.category", string="Customer Tags")
    country_ids = fields.Many2many("res.country", string="Countries")
    domain = fields.Char(
        "Further Condition",
        required=True,
        default="[]",
        help="Which credit profiles the rule is for, for example by size.",
    )
    target = fields.Selection(
        [("team", "A team"), ("user", "One collector")],
        string="Goes To",
        required=True,
        default="team",
    )
    team_id = fields.Many2one(
        "collection.team", ondelete="restrict", index=True, check_company=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        domain="[('share', '=', False)]",
        ondelete="restrict",
        check_company=True,
    )
    balance = fields.Selection(
        [
            (CUSTOMERS, "Number of customers"),
            (AMOUNT, "Overdue amount"),
        ],
        string="Shared Out By",
        required=True,
        default=CUSTOMERS,
        help="What the collectors of the team get about the same of, by their working "
        "time.",
    )
    is_reassigning = fields.Boolean(
        "Take from Others",
        help="Also customers whom a collector outside of the team has, unless the "
        "collector was chosen by hand.",
    )
    profile_count = fields.Integer(
        "Customers",
        compute="_compute_profile_count",
        help="Overdue customers whom the rule has given to their collector.",
    )

    def _compute_profile_count(self):
        counts = dict(
            self.env["credit.profile"]._read_group(
                [("collector_rule_id", "in", self.ids), ("overdue_amount", ">", 0)],
                ["collector_rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.profile_count = counts.get(rule, 0)

    # === CONSTRAINTS === #

    @api.constrains("target", "team_id", "user_id")
    def _check_target(self):
        for rule in self:
            if not (rule.team_id if rule.target == "team" else rule.user_id):
                raise ValidationError(
                    self.env._("Say to whom the customers of rule “%s” go.", rule.name)
                )

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                self.env["credit.profile"].search(rule._get_domain(), limit=1)
            except (ValueError, TypeError, SyntaxError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of rule “%(rule)s” can't be read: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    # === ACTIONS === #

    def action_open_profiles(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_profile_action"
        )
        return {
            **action,
            "domain": [
                ("collector_rule_id", "=", self.id),
                ("overdue_amount", ">", 0),
            ],
            "context": {},
        }

    # === WHO IT IS FOR, AND TO WHOM === #

    def _get_domain(self):
        """Return the condition on profiles; override to add shortcuts."""
        domain = Domain(safe_eval(self.domain or "[]", {"uid": self.env.uid}))
        if self.segment_ids:
            domain &= Domain("segment_id", "in", self.segment_ids.ids)
        if self.category_ids:
            domain &= Domain("partner_id.category_id", "in", self.category_ids.ids)
        if self.country_ids:
            domain &= Domain("partner_id.country_id", "in", self.country_ids.ids)
        return domain

    def _get_seats(self, company_ids):
        """Return the seats to which the customers of the rule may go.

        :param company_ids: the companies that the users have to be allowed in one of
        """
        self.ensure_one()

        def may_come(user):
            return user.active and not set(company_ids).isdisjoint(user.company_ids.ids)

        if self.target == "user":
            users = self.user_id.filtered(may_come)
            return [Seat(user.id) for user in users]
        members = self.team_id.filtered("active").member_ids
        return members.filtered(lambda one: may_come(one.user_id))._get_seats()

    def _select_members(self, company, rank, seats):
        """Select the profiles that the condition finds, for ``sql.assignment``."""
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("overdue_amount", ">", 0)
            & self._get_domain()
        )
        members = self.env["credit.profile"].sudo()._search(domain, order=None)
        keepers = [seat.user_id for seat in seats] if seats else None
        return SQL(
            "(%s)",
            members.select(
                SQL("credit_profile.id AS id"),
                SQL("%s::int AS rank", rank),
                SQL("%s::int AS rule_id", self.id),
                SQL("%s::int[] AS keepers", keepers if self.is_reassigning else None),
            ),
        )
