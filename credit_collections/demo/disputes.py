"""Complaints and cases: opened, answered, credited, rejected, handed over."""

from odoo.fields import Command

from .payments import open_invoices
from .quotations import profile_of

#: Who leads which department.
LEADS = {
    "finance": "credit_controller",
    "billing": "credit_controller",
    "logistics": "salesperson2",
    "operations": "salesperson2",
    "sales": "salesperson",
    "quality": "salesperson",
}


#: Customer, reason, share of the oldest open invoice, days ago, what the customer says.
DISPUTES = {
    "open": (
        "Argent Facades",
        "quality",
        0.25,
        -2,
        "Eleven of forty brackets came with a bent lip.",
    ),
    "late": (
        "Blackthorn Property Group",
        "price",
        0.15,
        -19,
        "The framework contract says two percent less from this quarter on.",
    ),
    "proposed": (
        "Crosswind Installations",
        "quantity",
        0.1,
        -6,
        "Two boxes fewer than on the delivery note.",
    ),
    "rejected": (
        "Old Quarry Masonry",
        "not_delivered",
        0.3,
        -25,
        "Nobody saw the second pallet.",
    ),
    "accepted": (
        "Vesper Hill Restorations",
        "duplicate",
        0.05,
        -12,
        "The freight is on the invoice of the week before already.",
    ),
}
#: Customers with a case: days ago that it was opened, and whether a receiver has it.
CASES = {
    "Rustwater Plumbing": (-11, False),
    "Whitlock Scaffolding": (-4, False),
    "Wexcombe Demolition": (-30, True),
}
#: Whose case was talked about: days ago, outcome, words.
CALLS = {
    "Rustwater Plumbing": (-5, "cash_flow", "Waits for the second half of a job."),
    "Wexcombe Demolition": (-24, "message", "The office is closed, says the machine."),
}


def tell(stage):
    _set_up_departments(stage)
    disputes = {
        name: dispute
        for name, complaint in DISPUTES.items()
        if (dispute := _complain(stage, *complaint))
    }
    _decide(stage, disputes)
    cases = _open_cases(stage)
    stage.remember({f"dispute_{name}": one for name, one in disputes.items()})
    stage.remember({f"case_{one.id}": one for one in cases})


def _set_up_departments(stage):
    for name, login in LEADS.items():
        department = stage.env.ref(f"credit_collections.collection_department_{name}")
        user = stage.users[login]
        department.write(
            {"lead_id": user.id, "member_ids": [Command.link(user.id)]},
        )


def _complain(stage, name, reason, share, day, words):
    """Open a dispute as the credit controller, so many days ago."""
    customer = stage.customer(name)
    items = open_invoices(stage, customer)[:1].line_ids._open_receivables()[:1]
    if not items:
        return None
    controller = stage.users["credit_controller"]
    reason = stage.env.ref(f"credit_collections.credit_reason_dispute_{reason}")
    amount = customer.currency.round(items.amount_residual_currency * share)
    dispute = stage.as_user(controller, customer.company, items)._open_dispute(
        {
            "reason_id": reason.id,
            "open_date": stage.date(day),
            "description": words,
        },
        [{"move_line_id": items.id, "amount": amount}],
    )
    stage.date_messages({dispute: stage.moment(day, dispute.id)})
    return dispute


def _decide(stage, disputes):
    """Answer some of them, as the departments and the credit manager do."""
    controller, manager = (
        stage.users[login] for login in ("credit_controller", "credit_manager")
    )

    def seen_by(user, name):
        dispute = disputes.get(name, stage.env["collection.dispute"])
        return stage.as_user(user, stage.company, dispute)

    for dispute in seen_by(controller, "proposed"):
        dispute.answer = "The driver counted eight of ten."
        _propose(dispute)
    for dispute in seen_by(controller, "rejected"):
        dispute._reject("The delivery note for both pallets is signed.")
        dispute.sudo().closed_date = stage.date(-20)
    for dispute in seen_by(controller, "accepted"):
        dispute.answer = "Right, the freight was invoiced twice."
        _propose(dispute)
    for dispute in seen_by(manager, "accepted"):
        dispute.action_approve()
        dispute.action_post_credit_notes()
        dispute.sudo().closed_date = stage.date(-8)


def _propose(dispute):
    dispute._propose({line: line.amount for line in dispute.line_ids})


def _open_cases(stage):
    controller = stage.users["credit_controller"]
    cases = stage.env["collection.case"]
    for name, (day, is_legal) in CASES.items():
        customer = stage.customer(name)
        profile = profile_of(stage, customer)
        profile = stage.as_user(controller, customer.company, profile)
        case = profile.env["collection.case"]._open_for(profile, only_overdue=False)
        case.sudo().open_date = stage.date(day)
        stage.date_messages({one: stage.moment(day, one.id) for one in case})
        _call(stage, name, case)
        if case and is_legal:
            case.action_demand()
            case.sudo().demand_date = stage.date(day + 10)
            case._hand_over(
                "insolvency",
                _receiver(stage),
                stage.date(-3),
                "IN 17/44",
                case.open_amount,
            )
        stage.date_messages({one: stage.moment(-3, one.id) for one in case})
        cases += case
    return cases


def _call(stage, name, case):
    """Log what was said on the phone about a case."""
    if not case or name not in CALLS:
        return
    day, outcome, words = CALLS[name]
    reason = f"credit_collections.credit_reason_outcome_{outcome}"
    stage.env["collection.interaction"].create(
        {
            "profile_id": case.profile_id.id,
            "case_id": case.id,
            "partner_id": stage.customer(name).buyer.id,
            "user_id": stage.users["credit_controller"].id,
            "date": stage.moment(day, case.id),
            "outcome_id": stage.env.ref(reason).id,
            "agreed": words,
        }
    )


def _receiver(stage):
    return stage.env["res.partner"].create(
        {"name": "Office of the Insolvency Receiver", "is_company": True}
    )
