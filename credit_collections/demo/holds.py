"""Holding orders, and deciding on them."""

from datetime import timedelta

from .cases import (
    ASKED,
    CANCELLED,
    CASE_OF,
    CASES,
    CASES_OF_EUROPA,
    EVERYTHING,
    ON_HOLD,
    PAID,
    RAISED,
    REJECTED,
    RELEASES,
    REVIEWED,
)
from .customers import slug
from .orders import confirm, place, raise_quantity
from .payments import open_invoices, pay_now
from .quotations import net_amount, profile_of


def tell(stage):
    _put_on_hold(stage)
    _raise_after_confirmation(stage)
    _try_to_confirm(stage, stage.company, CASES)
    _try_to_confirm(stage, stage.europa, CASES_OF_EUROPA)
    _date_messages(stage, {case.name: case.day for case in EVERYTHING})
    _ask(stage, stage.tried[ASKED])
    _release(stage)
    _reject(stage, stage.tried[REJECTED])
    stage.tried[CANCELLED]._action_cancel()
    _pay(stage, stage.tried[PAID], _days()[PAID])
    _lift_hold(stage, stage.tried[REVIEWED])
    _date_messages(stage, _days())
    _remember(stage)


def _days():
    """Return when something last happened to the orders: ``{customer: day}``."""
    return {
        case.name: min(case.day + 1, 0) if case.decided is None else case.decided
        for case in EVERYTHING
    }


# === HELD === #


def _put_on_hold(stage):
    manager = stage.users["credit_manager"]
    moments = {}
    for name, (reason, days) in ON_HOLD.items():
        profile = profile_of(stage, stage.customer(name))
        moments[profile] = stage.moment(CASE_OF[name].day - 2, profile.id)
        profile = stage.as_user(manager, stage.company, profile)
        reason = stage.env.ref(f"credit_collections.credit_reason_status_{reason}")
        profile.write(
            {
                "credit_status": "orders",
                "status_reason_id": reason.id,
                "status_review_date": stage.date(days),
            }
        )
    stage.date_messages(moments)


def _try_to_confirm(stage, company, cases):
    """Confirm the orders as their salespeople; the gate holds them."""
    planned = []
    for case in cases:
        customer = stage.customer(case.name, company)
        amount = net_amount(stage, customer, case.amount)
        planned.append((customer, case.day, amount))
    orders = place(stage, planned)
    stage.tried.update(
        {case.name: order for case, order in zip(cases, orders, strict=True)}
    )
    for seller, sold in orders.grouped("user_id").items():
        stage.as_user(seller, company, sold).action_confirm()


def _raise_after_confirmation(stage):
    """An order passed, and grew afterwards."""
    customer = stage.customer(RAISED.name)
    amount = net_amount(stage, customer, RAISED.amount)
    order = confirm(stage, place(stage, [(customer, RAISED.day - 2, amount)]))
    raise_quantity(stage.as_user(customer.seller, stage.company, order), 6)
    stage.tried[RAISED.name] = order


# === DECIDED === #


def _ask(stage, order):
    wizard = stage.as_user(
        order.user_id, stage.company, stage.env["credit.hold.request"]
    )
    wizard.create(
        {
            "order_id": order.id,
            "note": "The site opens on Monday; they promised to pay the oldest invoice "
            "this week.",
        }
    ).action_request()


def _release(stage):
    for name, login, reason, note, confirmed in RELEASES:
        hold = stage.tried[name].credit_hold_id
        hold = stage.as_user(stage.users[login], stage.company, hold)
        reason = stage.env.ref(f"credit_collections.credit_reason_release_{reason}")
        hold._release(reason, note=note, confirm=confirmed)


def _reject(stage, order):
    manager = stage.users["credit_manager"]
    reason = stage.env.ref("credit_collections.credit_reason_reject_overdue")
    hold = stage.as_user(manager, stage.company, order.credit_hold_id)
    hold._reject(reason, note="Three complaints are open; settle those first.")


def _pay(stage, order, day):
    """The customer pays, and the next evaluation releases the order by itself."""
    pay_now(stage, open_invoices(stage, stage.customer(PAID)), day=day)
    order.credit_hold_id.action_evaluate()


def _lift_hold(stage, order):
    """The review went well: nothing is left, and somebody has to say yes."""
    manager = stage.users["credit_manager"]
    profile = order.credit_hold_id.profile_id
    stage.as_user(manager, stage.company, profile).action_lift_hold()


# === ON RECORD === #


def _date_messages(stage, days):
    """Note the day of what was said about orders and holds.

    :param days: ``{customer: day}``
    """
    orders = {
        stage.tried[name]: _moment(stage, name, day) for name, day in days.items()
    }
    holds = {order.credit_hold_id: moment for order, moment in orders.items()}
    stage.date_messages({**orders, **holds})


def _moment(stage, name, day):
    """Return when something happens to an order, a little after it was written."""
    return stage.moment(day, stage.tried[name].id) + timedelta(minutes=5)


def _remember(stage):
    for case in EVERYTHING:
        hold = stage.tried[case.name].credit_hold_id
        later = min(case.day + 1, 0), case.decided or 0
        stage.hold_moments[hold.id] = tuple(
            _moment(stage, case.name, day) for day in (case.day, *later)
        )
        stage.remember({f"hold_{slug(case.name)}": hold})
