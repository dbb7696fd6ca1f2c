"""What customers promised, what became of it, and what was said on the phone."""

from datetime import timedelta

from odoo.fields import Command

from ..engine.promise.instalments import WEEKS, in_equal_parts, over_items
from .cases import EVERYTHING, ON_HOLD
from .customers import slug
from .payments import pay_now
from .quotations import profile_of

#: Promises: what became of it, the days when it was made and for which it was, how.
PROMISES = (
    ("kept", -16, -9, "transfer"),
    ("kept", -27, -20, "cheque"),
    ("partly_kept", -19, -12, "transfer"),
    ("broken", -13, -7, "transfer"),
    ("open", -2, 3, "courier"),
    ("open", -1, 5, "transfer"),
)
#: Instalments of a plan, its first day, and the weeks between them.
PLAN = (4, 4, 2)

#: Contacts by hand: days ago, channel, direction, outcome, words, next contact in days.
CONTACTS = (
    (-9, "call", "out", "not_reached", None, None),
    (-8, "call", "out", "message", "Asked the front desk for a call back.", None),
    (-6, "email", "in", "no_invoice", "Wants the invoice once more, as PDF.", None),
    (-3, "call", "in", "cash_flow", "Waits for money from the city.", 4),
    (-1, "visit", "out", "admin_error", "Found in the wrong tray; is paid now.", 7),
)


def take(stage):
    debtors = _debtors(stage)
    named = {}
    for number, story in enumerate(PROMISES):
        customer, items = next(debtors)
        promise = _promise(stage, customer, items[:2], *story[1:])
        _settle(stage, promise, items[:2], story[0], story[2])
        if story[0] not in named:
            named[story[0]] = promise
        _say(stage, customer, number)
    customer, items = next(debtors)
    named["plan"] = _take_plan(stage, customer, items)
    promises = stage.env["collection.promise"].sudo()
    promises.search([("state", "=", "open")])._evaluate()
    _contact(stage, next(debtors)[0])
    stage.remember({f"promise_{name}": one for name, one in named.items()})


def _debtors(stage):
    """Go through the customers who are overdue, those of no other story first."""
    elsewhere = {case.name for case in EVERYTHING} | set(ON_HOLD)
    customers = [one for one in stage.customers if one.company == stage.company]
    for customer in sorted(customers, key=lambda one: one.name in elsewhere):
        items = _overdue(stage, customer)
        if items:
            yield customer, items


def _overdue(stage, customer):
    return stage.env["account.move.line"].search(
        [
            ("partner_id", "child_of", customer.partner.id),
            ("partner_id.commercial_partner_id", "=", customer.partner.id),
            ("company_id", "=", customer.company.id),
            ("account_type", "=", "asset_receivable"),
            ("move_id.move_type", "=", "out_invoice"),
            ("parent_state", "=", "posted"),
            ("currency_id", "=", customer.company.currency_id.id),
            ("amount_residual", ">", 0),
            ("date_maturity", "<", stage.date(-1)),
        ],
        order="date_maturity, id",
    )


# === PROMISES === #


def _promise(stage, customer, items, made, day, method):
    return stage.env["collection.promise"].create(
        {
            **_prepare(stage, customer, made, day, method),
            "line_ids": [
                Command.create(
                    {"move_line_id": item.id, "amount": item.amount_residual}
                )
                for item in items
            ],
        }
    )


def _prepare(stage, customer, made, day, method):
    return {
        "profile_id": profile_of(stage, customer).id,
        "contact_id": customer.buyer.id,
        "user_id": stage.users["collector"].id,
        "made_on": stage.date(made),
        "date": stage.date(day),
        "method": method,
    }


def _settle(stage, promise, items, state, day):
    """Let the money come that makes the promise what it became."""
    if state == "kept":
        pay_now(stage, items.move_id, day=day)
    elif state == "partly_kept":
        pay_now(stage, items[:1].move_id, day, round(items[0].amount_residual / 2, 2))


def _take_plan(stage, customer, items):
    count, first_day, weeks = PLAN
    parts = in_equal_parts(
        sum(items.mapped("amount_residual")), count, stage.date(first_day), weeks, WEEKS
    )
    shares = over_items(
        [amount for _day, amount in parts],
        [(item.id, item.amount_residual) for item in items],
    )
    promises = stage.env["collection.promise"]
    for number, ((day, _amount), share) in enumerate(
        zip(parts, shares, strict=True), 1
    ):
        promises += promises.create(
            {
                **_prepare(stage, customer, -3, stage.day(day), "transfer"),
                "note": "Agreed with the owner after the second reminder.",
                "plan_id": promises[:1].id,
                "instalment": number,
                "line_ids": [
                    Command.create({"move_line_id": item_id, "amount": amount})
                    for item_id, amount in share
                ],
            }
        )
    return promises[:1]


# === CONTACTS === #


def _say(stage, customer, number):
    """The call in which the promise was made."""
    made = PROMISES[number][1]
    _log(stage, customer, (made, "call", "out", "promised", None, None))


def _contact(stage, customer):
    """The story of a customer who is hard to reach."""
    interactions = [_log(stage, customer, contact) for contact in CONTACTS]
    stage.remember({f"contact_{slug(customer.name)}": interactions[-1]})


def _log(stage, customer, contact):
    day, channel, direction, outcome, words, next_days = contact
    reason = stage.env.ref(f"credit_collections.credit_reason_outcome_{outcome}")
    moment = stage.moment(day, customer.partner.id) + timedelta(minutes=len(outcome))
    return stage.env["collection.interaction"].create(
        {
            "profile_id": profile_of(stage, customer).id,
            "partner_id": customer.buyer.id,
            "user_id": stage.users["collector"].id,
            "date": moment,
            "channel": channel,
            "direction": direction,
            "outcome_id": reason.id,
            "agreed": words,
            "next_date": next_days and stage.date(next_days),
        }
    )
