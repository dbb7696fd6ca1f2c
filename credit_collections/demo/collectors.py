"""Who collects: two teams, their rules, somebody who is away, a key account."""

from datetime import timedelta

from odoo.fields import Command

#: The key account that a manager gave to a collector by hand.
KEY_ACCOUNT = "Thornbury Developments"
#: From this overdue amount on, customers go to the experienced collector.
LARGE = 20000


def set_up(stage):
    teams = _make_teams(stage)
    _make_rules(stage, teams)
    _give_key_account(stage)


def _make_teams(stage):
    teams = stage.env["collection.team"]
    first, second = stage.users["collector"], stage.users["collector2"]
    home = teams.create(
        {
            "name": "Domestic Customers",
            "company_id": stage.company.id,
            "leader_id": stage.users["credit_manager"].id,
            "member_ids": [
                Command.create({"user_id": first.id, "capacity": 25}),
                Command.create(
                    {
                        "user_id": second.id,
                        "capacity": 12,
                        "share": 0.5,
                        "away_from": stage.today - timedelta(days=2),
                        "away_to": stage.today + timedelta(days=5),
                        "substitute_id": first.id,
                    }
                ),
                Command.create({"user_id": stage.users["credit_controller"].id}),
            ],
        }
    )
    europe = teams.create(
        {
            "name": "Halverstone Europa",
            "company_id": stage.europa.id,
            "leader_id": stage.users["credit_manager"].id,
            "member_ids": [Command.create({"user_id": second.id, "capacity": 12})],
        }
    )
    stage.remember({"team_home": home, "team_europa": europe})
    return {stage.company: home, stage.europa: europe}


def _make_rules(stage, teams):
    rules = stage.env["collection.assignment.rule"].create(
        [
            {
                "name": "Large debtors",
                "sequence": 10,
                "company_id": stage.company.id,
                "domain": f"[('overdue_amount', '>=', {LARGE})]",
                "target": "user",
                "user_id": stage.users["credit_controller"].id,
            },
            {
                "name": "Domestic customers",
                "sequence": 20,
                "company_id": stage.company.id,
                "country_ids": [Command.set(stage.env.ref("base.us").ids)],
                "team_id": teams[stage.company].id,
                "balance": "amount",
            },
            {
                "name": "Customers of Halverstone Europa",
                "sequence": 30,
                "company_id": stage.europa.id,
                "team_id": teams[stage.europa].id,
            },
        ]
    )
    names = ("rule_large", "rule_domestic", "rule_europa")
    stage.remember(dict(zip(names, rules, strict=True)))


def _give_key_account(stage):
    customer = stage.customer(KEY_ACCOUNT)
    profile = stage.env["credit.profile"]._ensure(stage.company, customer.partner.ids)
    profile.write(
        {
            "collector_id": stage.users["collector"].id,
            "is_collector_fixed": True,
            "collector_source": "hand",
            "collector_date": stage.date(-40),
        }
    )
