"""Limits that were changed: for good, for some weeks, and one that waits."""

from odoo.fields import Command

from .quotations import profile_of

#: Customer, kind, who proposes, by which factor, from and until (days from today), why.
CHANGES = {
    "raised": (
        "Beacon Row Construction",
        "permanent",
        "credit_manager",
        1.25,
        (-20, 345),
        "Two years of prompt payment, and a school to build.",
    ),
    "temporary": (
        "North Pier Marine",
        "temporary",
        "credit_manager",
        1.5,
        (-5, 25),
        "Refits of the season; the limit of the winter counts again afterwards.",
    ),
    "submitted": (
        "Quickset Pavilions",
        "permanent",
        "credit_controller",
        1.4,
        (0, 180),
        "Orders for the fair of next month do not fit any more.",
    ),
}


def change(stage):
    stage.date_messages({})
    changes = {name: _change(stage, *row) for name, row in CHANGES.items()}
    days = {name: min(row[4][0], -1) for name, row in CHANGES.items()}
    stage.date_messages(
        {one: stage.moment(days[name], one.id) for name, one in changes.items()}
    )
    stage.remember({f"limit_change_{name}": one for name, one in changes.items()})


def _change(stage, name, kind, login, factor, days, why):
    customer = stage.customer(name)
    profile = profile_of(stage, customer)
    start, end = (stage.date(day) for day in days)
    changes = stage.env["credit.limit.change"]
    one = stage.as_user(stage.users[login], customer.company, changes).create(
        {
            "kind": kind,
            "company_id": customer.company.id,
            "description": why,
            "line_ids": [
                Command.create(
                    {
                        "profile_id": profile.id,
                        "new_limit": round(profile.credit_limit * factor / 500) * 500,
                        "date_from": start if kind == "temporary" else False,
                        "date_to": end,
                    }
                )
            ],
        }
    )
    one.action_submit()
    _set_back(stage, one.sudo(), days[0])
    return one.with_env(stage.env)


def _set_back(stage, one, day):
    """Let what was decided have been decided some days ago."""
    moment = stage.moment(min(day, -1), one.id)
    values = {"submitted_date": moment}
    if one.state == "posted":
        values |= {"approved_date": moment, "posted_date": moment}
        lines = one.line_ids.filtered(lambda line: line.kind == "permanent")
        lines.date_from = moment.date()
        lines.profile_id.limit_date = moment.date()
        one.line_ids.posted_date = moment.date()
    one.write(values)
