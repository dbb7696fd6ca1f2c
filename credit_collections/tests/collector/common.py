from datetime import timedelta

from odoo.fields import Command

from ..run.common import CollectionCommon


class AssignmentCommon(CollectionCommon):
    """Two collectors in one team, led by the credit controller."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["collection.assignment.rule"].search([]).active = False
        cls.env["collection.team"].search([]).active = False
        cls.rules = cls.env["collection.assignment.rule"]
        group = "credit_collections.group_collector"
        cls.ann, cls.ben = cls._user("ann", group), cls._user("ben", group)
        cls.team = cls._team(cls.ann, cls.ben, leader_id=cls.controller.id)

    @classmethod
    def _team(cls, *users, **values):
        return cls.env["collection.team"].create(
            {
                "name": "Team",
                "company_id": cls.company.id,
                "member_ids": [Command.create({"user_id": user.id}) for user in users],
                **values,
            }
        )

    @classmethod
    def _member(cls, user, team=None):
        team = team or cls.team
        return team.member_ids.filtered(lambda member: member.user_id == user)

    @classmethod
    def _away(cls, user, substitute=None, first=0, last=3):
        """Let a collector be away, from and to so many days from today."""
        cls._member(user).write(
            {
                "away_from": cls.today + timedelta(days=first),
                "away_to": cls.today + timedelta(days=last),
                "substitute_id": substitute and substitute.id,
            }
        )

    @classmethod
    def _assignment(cls, **values):
        return cls.rules.create(
            {
                "name": "Rule",
                "company_id": cls.company.id,
                "team_id": cls.team.id,
                **values,
            }
        )

    @classmethod
    def _overdue(cls, name, amount=100.0, collector=None, **values):
        """Return the profile of a customer who owes an amount since ten days."""
        profile = cls._profile(cls._debtor(name, (amount, 10), **values))
        profile.action_refresh()
        if collector:
            profile.sudo().collector_id = collector  # not chosen by hand
        return profile

    def _assign(self, company=None):
        return self.rules._assign(company or self.company)
