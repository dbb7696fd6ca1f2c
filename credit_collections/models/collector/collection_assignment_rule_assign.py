from odoo import api, fields, models

from ...engine.collector.assignment import Customer, Desk, Office
from ...sql.collector.assignment import desks, unowned, write_collectors

#: The fields that the assignment writes.
WRITTEN = [
    "collector_id",
    "collector_rule_id",
    "collector_source",
    "collector_date",
    "is_collector_fixed",
]


class CollectionAssignmentRule(models.Model):
    """Giving overdue customers to collectors: collect, decide, apply."""

    _inherit = "collection.assignment.rule"

    @api.model
    def _assign(self, company):
        """Give every overdue customer of a root company who has none a collector.

        By the first rule that fits; else to the leader of the first team, else to the
        credit manager. The same number of statements for one customer and for all.

        :return: the profiles that changed
        """
        profiles = self.env["credit.profile"].sudo()  # nightly, for everybody
        profiles.env.flush_all()  # conditions may be about anything
        rules = self.sudo().search([("company_id", "in", (False, company.id))])
        branches = self.env["res.company"]._credit_branch_ids(company.id)
        seats = {rule: rule._get_seats(branches) for rule in rules}
        found = [
            rule._select_members(company, rank, seats[rule])
            for rank, rule in enumerate(rules)
        ]
        rows = self.env.execute_query(unowned(company.id, found))
        if not rows:
            return profiles
        wanted = self._decide(company, rows, seats)
        today = fields.Date.context_today(self)
        written = self.env.execute_query(write_collectors(wanted, today))
        changed = profiles.browse(row[0] for row in written)
        changed.invalidate_recordset(WRITTEN, flush=False)
        return changed

    @api.model
    def _decide(self, company, rows, seats):
        """Return ``(profile_id, user_id, rule_id or None, source)`` of them all."""
        office = self._get_office(company, [row[0] for row in rows])
        by_rule = {}
        for profile_id, amount, rule_id in rows:
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
        teams = self.env["collection.team"].sudo()  # nightly, for everybody
        leaders = teams.search([("company_id", "in", (False, company.id))]).leader_id
        return self._who_may_come(company, leaders)[:1]

    @api.model
    def _who_may_come(self, company, users):
        """Return those of the users who are there and may open the company."""
        return (users or self.env["res.users"]).filtered(
            lambda user: user.active and company in user.company_ids
        )
