"""Customers that share a limit, and what secures the debts of some."""

from odoo.fields import Command

from .limits import USUAL

#: The group of companies in the list of customers: its parent and four subsidiaries.
BRIGHTWATER = (
    "Brightwater Group",
    "Brightwater Civil Works",
    "Brightwater Facilities",
    "Brightwater Homes",
    "Brightwater Rail Services",
)

#: A shipyard that buys from both companies.
SHIPYARD = "Hafenkante Schiffsbau"

#: Customer, type, amount as a share of the limit, share that raises the limit, first
#: and last day, days to report and to claim, and whether it was validated.
COLLATERAL = (
    ("Ironwood Timber Frames", "insurance", 0.5, 0.8, -200, 21, 60, 180, True),
    ("Brightwater Homes", "parent", 0.2, 0.5, -90, 275, 0, 0, True),
    ("Beacon Row Construction", "bank", 0.25, 1.0, -400, -35, 0, 0, True),
    ("Dunmore Roofing", "retention", 0.6, 0.0, -30, None, 0, 0, True),
    ("Alder & Finch Builders", "insurance", 0.4, 1.0, 0, 364, 45, 150, False),
)


def found(stage):
    """Let the companies of a group share one limit, and a shipyard that buys twice."""
    here, there = stage.company, stage.europa
    members = [stage.customer(name, here) for name in BRIGHTWATER]
    _found(stage, "Brightwater", members, here.currency_id)
    members = [stage.customer(SHIPYARD, company) for company in (here, there)]
    _found(stage, "Hafenkante", members, there.currency_id)


def _found(stage, name, members, currency):
    """Share a limit that is less than all members may owe by themselves."""
    profiles = stage.env["credit.profile"].browse()
    for member in members:
        profiles += profiles._ensure(member.company, member.partner.ids)
    limits = sum(
        profile.currency_id._convert(
            profile.credit_limit, currency, profile.company_id, stage.today
        )
        for profile in profiles
    )
    group = stage.env["credit.group"].create(
        {
            "name": name,
            "credit_limit": round(limits * 0.9, -3),
            "currency_id": currency.id,
            "expiry_date": stage.date(240),
            "profile_ids": [Command.link(profile.id) for profile in profiles],
        }
    )
    stage.remember({f"group_{name.lower()}": group})


def secure(stage):
    """Enter collateral: in force, over, and one that nobody validated yet."""
    for name, kind, worth, share, first, last, notice, claim, is_valid in COLLATERAL:
        partner = stage.customer(name).partner
        profile = stage.env["credit.profile"]._ensure(stage.company, partner.ids)
        limit = profile.credit_limit or USUAL["M"]
        collateral = stage.env["credit.collateral"].create(
            {
                "profile_id": profile.id,
                "type_id": stage.env.ref(
                    f"credit_collections.credit_collateral_type_{kind}"
                ).id,
                "coverage_type": "named" if kind == "insurance" else False,
                "policy_number": f"{kind[:2].upper()}-{1000 + profile.id}",
                "amount": round(limit * worth, -2),
                "currency_id": stage.company.currency_id.id,
                "limit_share": share,
                "date_from": stage.date(first),
                "date_to": last is not None and stage.date(last),
                "notice_days": notice,
                "claim_days": claim,
            }
        )
        if is_valid:
            collateral.write(
                {
                    "validated_date": stage.date(first),
                    "validated_by_id": stage.users["credit_manager"].id,
                }
            )
            collateral.activity_unlink(
                ["credit_collections.mail_activity_collateral_validate"]
            )
