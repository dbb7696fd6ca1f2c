"""Who collects: two teams, their rules, somebody who is away, a key account."""

from datetime import timedelta

from odoo.fields import Command

#: The key account that a manager gave to a collector by hand.
KEY_ACCOUNT = "Ironwood Timber Frames"
#: Customers whom the part-time collector had before the absence.
OF_PART_TIMER = (
    "Argent Facades",
    "Docklane Fit-Out",
    "Pinecrest Decking",
    "Vesper Hill Restorations",
    "Whitlock Scaffolding",
)
#: From this overdue amount on, customers go to the experienced collector.
LARGE = 20000


def set_up(stage):
    teams = _make_teams(stage)
    rules = _make_rules(stage, teams)
    _give_key_account(stage)
    _give_some_away(stage, rules[1])


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
    return rules


def _give_key_account(stage):
    _profiles(stage, KEY_ACCOUNT).write(
        {
            "collector_id": stage.users["collector"].id,
            "is_collector_fixed": True,
            "collector_source": "hand",
            "collector_date": stage.date(-40),
        }
    )


def _give_some_away(stage, rule):
    _profiles(stage, *OF_PART_TIMER).write(
        {
            "collector_id": stage.users["collector2"].id,
            "collector_source": "rule",
            "collector_rule_id": rule.id,
            "collector_date": stage.date(-12),
        }
    )


def _profiles(stage, *names):
    partners = [stage.customer(name).partner.id for name in names]
    return stage.env["credit.profile"]._ensure(stage.company, partners)
