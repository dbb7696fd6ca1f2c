"""What a collection run does about one customer: the step, or why none is done.

Facts come in as rows, one per customer; plans go out. No clock, no database.
"""

from dataclasses import dataclass, field

from ..strategy import dunning
from ..strategy.channels import NEEDS
from . import guard

#: Reasons of a run itself, besides those of the guard.
PAID, NOT_DUE = "paid", "not_due"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a strategy says: its steps in order, and how it is applied.

    :param channels, minimums: of each step, by its id
    :param needs: whom of a customer a channel needs, by its name
    """

    steps: tuple
    catch_up: str
    quiet_days: int
    minimum: float
    channels: dict
    minimums: dict
    needs: dict = field(default_factory=lambda: NEEDS)


@dataclass(frozen=True, slots=True)
class Plan:
    """One action: the level that is done and what it is about, or why it is not done.

    Amounts in the currency of the company; ``credit`` is what unapplied payments and
    credit notes cover.
    """

    step_id: int
    level: int
    contact_id: int | None
    items: int
    amount: float
    credit: float
    reason: str | None


def plan(facts, policy, today, is_bank_current=True):
    """Return the :class:`Plan` for a customer, ``None`` when nothing is due today.

    :param facts: mapping of the facts of one customer, see ``sql.run.collection_plan``
    """
    level = _due_level(facts, policy, today)
    if not level:
        return None
    step = policy.steps[level - 1]
    need = policy.needs.get(policy.channels[step.id])
    contact_id = facts[need or "contact_id"]
    items, amount, credit = _subject(facts, step)
    contact = guard.Contact(
        items=items,
        excluded=facts["excluded"],
        disputed=facts["disputed"],
        promised=facts["promised"],
        amount=amount,
        credit=credit,
        is_legal=bool(facts["is_legal"]),
        not_before=facts["not_before"],
        is_waiting=bool(facts["is_waiting"]),
        # one run a day, whatever the quiet days
        last_contact=today if facts["is_done_today"] else facts["last_contact"],
        minimum=max(policy.minimum, policy.minimums[step.id]),
        quiet_days=max(policy.quiet_days, int(facts["is_done_today"])),
        is_bank_current=is_bank_current,
        has_address=bool(contact_id) if need else True,
        is_archived=facts["is_archived"],
    )
    reason = guard.refuse(contact, today)
    contact_id = contact_id or facts["contact_id"]
    return Plan(step.id, level, contact_id, items, amount, credit, reason)


def _subject(facts, step):
    """Return number, amount and cover of the items that a step is about.

    Reminders before the due date are about all items that the strategy has come to,
    later ones about those that are overdue.
    """
    when = "early" if is_early(step) else "overdue"
    return (
        facts[f"{when}_items"],
        float(facts[f"{when}_amount"]),
        float(facts[f"{when}_credit"]),
    )


def is_early(step):
    """Tell whether a step comes before its items are overdue."""
    return step.days < 1


def _due_level(facts, policy, today):
    """Return the level that is due; the first one for customers all left out."""
    if facts["lead_due_date"] is None:
        left_out = facts["excluded"] + facts["disputed"] + facts["promised"]
        return 1 if left_out and not facts["early_items"] else 0
    days = (today - facts["lead_due_date"]).days
    return dunning.due_level(policy.steps, days, facts["lead_level"], policy.catch_up)
