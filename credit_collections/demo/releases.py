"""Decisions out of the ordinary: by hand, in parts, against payment, and regretted."""

from datetime import timedelta

from .customers import slug
from .orders import deliver, invoice, place

#: An order that was put on hold by hand: customer, day, net amount, why.
FORCED = ("Vesper Hill Restorations", -2, 2380.0, "news")
#: An order of which a part was released: customer, day, net amount.
SPLIT = ("Blackthorn Property Group", -3, 8600.0)
#: A held order that waits for a payment, of the cases.
PAYABLE = "Rustwater Plumbing"
#: Releases that were regretted: customer, day, net amount.
REGRETTED = (
    ("Ironwood Timber Frames", -104, 3150.0),
    ("Summit Steel Erectors", -118, 4480.0),
)


def tell(stage):
    _regret(stage)
    _force(stage)
    _split(stage)
    _ask_for_payment(stage)


def _hold_by_hand(stage, order, reason, note=""):
    controller = stage.users["credit_controller"]
    holds = stage.as_user(controller, stage.company, stage.env["credit.hold"])
    reason = stage.env.ref(f"credit_collections.credit_reason_hold_{reason}")
    return holds._force(order, reason, note=note).sudo()


def _note(stage, name, hold, day, decided=None):
    """Note when a hold began and was decided, and give it an external id.

    What was said about it last is of that day.
    """
    order = hold.order_id
    moments = [
        stage.moment(one, order.id) + timedelta(minutes=5)
        for one in (day, day, decided or day)
    ]
    stage.hold_moments[hold.id] = tuple(moments)
    rest = hold.split_ids
    said = {order: moments[0], hold: moments[0]}
    if rest:
        said |= {rest.order_id: moments[2], rest: moments[2]}
    stage.date_messages(said)
    stage.remember(
        {f"hold_{name}_{slug(order.partner_id.commercial_partner_id.name)}": hold}
    )


def _force(stage):
    name, day, amount, reason = FORCED
    order = place(stage, [(stage.customer(name), day, amount)])
    hold = _hold_by_hand(
        stage, order, reason, "A supplier says they pay nobody any more."
    )
    _note(stage, "forced", hold, day)


def _split(stage):
    """The first half goes now, the rest waits until something is paid."""
    name, day, amount = SPLIT
    order = place(stage, [(stage.customer(name), day, amount)])
    hold = _hold_by_hand(stage, order, "talk")
    manager = stage.users["credit_manager"]
    lines = {line: line.product_uom_qty // 2 for line in order._credit_split_lines()}
    rest = stage.as_user(manager, stage.company, hold)._release_part(
        lines,
        stage.env.ref("credit_collections.credit_reason_release_management"),
        note="Half of it now; the rest when the first half is paid.",
    )
    stage.order_days[rest.id] = day
    _note(stage, "part", hold, day, day + 1)
    _note(stage, "rest", rest.credit_hold_id, day + 1)


def _ask_for_payment(stage):
    hold = stage.tried[PAYABLE].credit_hold_id
    stage.as_user(hold.salesperson_id, stage.company, hold)._ask_for_payment()


def _regret(stage):
    """Released in good faith, invoiced, and never paid."""
    manager = stage.users["credit_manager"]
    for name, day, amount in REGRETTED:
        order = place(stage, [(stage.customer(name), day, amount)])
        hold = _hold_by_hand(stage, order, "talk")
        stage.as_user(manager, stage.company, hold)._release(
            stage.env.ref("credit_collections.credit_reason_release_good_payer"),
            note="Always paid in the end.",
        )
        deliver(order)
        invoice(stage, order)
        _note(stage, "regretted", hold, day, day + 1)
