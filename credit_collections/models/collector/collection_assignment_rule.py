from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, split_every
from odoo.tools.safe_eval import safe_eval

from ...engine.collector.assignment import (
    AMOUNT,
    CUSTOMERS,
    Customer,
    Desk,
    Office,
    Seat,
)
from ...sql.collector.assignment import desks, unowned, write_collectors

#: Customers of one part.
BATCH = 5000

#: The fields that the assignment writes.
WRITTEN = [
    "collector_id",
    "collector_rule_id",
    "collector_source",
    "collector_date",
    "is_collector_fixed",
]


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
        # nightly, for everybody
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

    # === ASSIGNMENT: COLLECT, DECIDE, APPLY === #

    @api.model
    def _assign(self, company):
        """Give every overdue customer of a root company who has none a collector.

        By the first rule that fits; else to the leader of the first team, else to the
        credit manager. The same number of statements for one customer and for all.

        :return: the profiles that changed
        """
        profiles = self.env["credit.profile"].sudo()  # nightly, for everybody
        parts = self._assign_in_parts(company)
        return profiles.union(*(changed for _last_id, changed in parts))

    @api.model
    def _assign_in_parts(self, company, after=0):
        """Decide about all of them, and write it for :data:`BATCH` at a time.

        After each part, yield the profiles that changed, behind an id that says
        nothing: who has a collector is not among those who need one.
        """
        profiles_sudo = self.env["credit.profile"].sudo()  # nightly, for everybody
        profiles_sudo.env.flush_all()  # conditions may be about anything
        rules_sudo = self.sudo().search([("company_id", "in", (False, company.id))])
        branches = self.env["res.company"]._credit_branch_ids(company.id)
        seats = {rule: rule._get_seats(branches) for rule in rules_sudo}
        found = [
            rule._select_members(company, rank, seats[rule])
            for rank, rule in enumerate(rules_sudo)
        ]
        rows = self.env.execute_query(unowned(company.id, found))
        if not rows:
            return
        owners = {row[0]: row[3] for row in rows}
        wanted = self._decide(company, rows, seats)
        yield after, profiles_sudo  # what is written is read after this
        today = company._credit_today()
        for some in split_every(BATCH, wanted):
            some = [(*row, owners[row[0]]) for row in some]
            written = self.env.execute_query(write_collectors(some, today))
            changed = profiles_sudo.browse(row[0] for row in written)
            changed.invalidate_recordset(WRITTEN, flush=False)
            yield after, changed

    @api.model
    def _decide(self, company, rows, seats):
        """Return ``(profile_id, user_id, rule_id or None, source)`` of them all."""
        office = self._get_office(company, [row[0] for row in rows])
        by_rule = {}
        for profile_id, amount, rule_id, _owner_id in rows:
            customer = Customer(profile_id, float(amount))
            by_rule.setdefault(rule_id, []).append(customer)
        wanted = []
        for rule, chairs in seats.items():
            customers = by_rule.get(rule.id, [])
            placements = office.place(customers, chairs, rule.balance)
            wanted += [
                (
                    one.customer_id,
                    one.user_id,
                    rule.id,
                    "full" if one.is_over else "rule",
                )
                for one in placements
            ]
            if not chairs and customers:  # nobody is left in the team
                wanted += self._fall_back(company, customers, rule.team_id.leader_id)
        return wanted + self._fall_back(company, by_rule.get(None, ()))

    @api.model
    def _get_office(self, company, without_ids):
        rows = self.env.execute_query(desks(company.id, without_ids))
        return Office(
            {user_id: Desk(number, float(amount)) for user_id, number, amount in rows}
        )

    @api.model
    def _fall_back(self, company, customers, leader=None):
        """Return the rows of customers for whom no rule finds anybody."""
        if not customers:
            return []
        leader = self._who_may_come(company, leader) or self._get_leader(company)
        user, source = leader, "leader"
        if not user:
            user, source = company.with_env(self.env)._credit_approver(), "manager"
        return [(customer.id, user.id, None, source) for customer in customers]

    @api.model
    def _get_leader(self, company):
        """Return the leader of the first team of a company that has one."""
        teams_sudo = self.env["collection.team"].sudo()  # nightly, for everybody
        leaders_sudo = teams_sudo.search(
            [("company_id", "in", (False, company.id))]
        ).leader_id
        return self._who_may_come(company, leaders_sudo)[:1]

    @api.model
    def _who_may_come(self, company, users):
        """Return those of the users who are there and may open the company."""
        return (users or self.env["res.users"]).filtered(
            lambda user: user.active and company in user.company_ids
        )
