"""Who has to approve releases, and an order that waits for it."""

from odoo.fields import Command

#: Order that waits for the credit manager.
WAITS = "Paper Crane Exhibitions"
WORDS = "A trade fair next week, and the customer pays half of it in advance."


def tell(stage):
    tiers = _set_up_tiers(stage)
    substitute = _name_substitute(stage)
    stage.remember({**tiers, "approval_substitute": substitute})
    _ask(stage)


def _set_up_tiers(stage):
    """The credit manager decides on large orders, above that the management too."""
    managers = stage.env.ref("credit_collections.group_credit_manager")
    admin = stage.env.ref("base.user_admin")
    shared = {"document": "release", "company_id": stage.company.id}
    first, second, credit = stage.env["credit.approval.tier"].create(
        [
            {
                **shared,
                "name": "Credit manager",
                "level": 1,
                "amount_from": 10000.0,
                "group_id": managers.id,
            },
            {
                **shared,
                "name": "Management",
                "level": 2,
                "amount_from": 100000.0,
                "share_from": 0.5,
                "user_ids": [Command.set(admin.ids)],
            },
            {
                "name": "Management",
                "document": "dispute_credit",
                "company_id": stage.company.id,
                "amount_from": 5000.0,
                "user_ids": [Command.set(admin.ids)],
            },
        ]
    )
    return {
        "approval_tier_release": first,
        "approval_tier_release_large": second,
        "approval_tier_credit": credit,
    }


def _name_substitute(stage):
    """The credit manager goes on holiday, and a colleague stands in."""
    return stage.env["credit.approval.substitute"].create(
        {
            "user_id": stage.users["credit_manager"].id,
            "substitute_id": stage.users["credit_controller"].id,
            "date_from": stage.date(21),
            "date_to": stage.date(35),
            "document": "release",
        }
    )


def _ask(stage):
    """A controller asks for a release that is the credit manager's to decide."""
    hold = stage.tried[WAITS].credit_hold_id
    controller = stage.users["credit_controller"]
    reason = stage.env.ref("credit_collections.credit_reason_release_good_payer")
    hold = stage.as_user(controller, stage.company, hold)
    hold._ask_for_release(reason, note=WORDS, confirm=True)
    approval = hold.sudo().approval_id
    approval.write(
        {"requested_date": stage.moment(0, hold.id), "asked_date": stage.today}
    )
    stage.date_messages({approval: stage.moment(0, hold.id)})
    stage.remember({"approval_release": approval})
