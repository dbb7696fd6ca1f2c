"""Jobs: what confirming an order costs more with a credit check than in stock Odoo."""

from measure import Case, Samples, every_side, once
from prepare import QUOTATION
from session import transaction
from targets import SPECIALS

ROUNDS, RUNS = 3, 8
RULES = {"no rule": 0, "1 rule": 1, "50 rules": 50}
# thresholds that no order here reaches: what is timed is the check of an order that
# passes, which is what nearly all orders do
KINDS = (
    {"kind": "limit_used", "limit_share": 1.0},
    {"kind": "days_overdue", "days": 10_000},
    {"kind": "overdue_amount", "amount": 1e9, "limit_share": 0.0},
    {"kind": "order_amount", "amount": 1e9},
    {"kind": "manual"},
    {"kind": "limit_expired", "days": 10_000},
    {"kind": "terms_better", "days": 10_000},
    {"kind": "broken_promises", "count": 10_000},
    {"kind": "dunning_step", "count": 10_000},
    # exclusions that have nothing to lift
    {"kind": "days_overdue", "days": 10_000, "rule_type": "exclude"},
    {"kind": "order_amount", "amount": 1e9, "rule_type": "exclude"},
)


def jobs(sides):
    """``{job: {side: Samples}}``: confirm a service order of five lines.

    Rules are switched between blocks of runs, never inside of one, because writing a
    rule empties caches. Stock and OCA run beside ours in every block.
    """
    found = {}
    for _round in range(ROUNDS):
        for rules, number in RULES.items():
            if "ours" in sides:
                set_rules(sides["ours"].database, number)
            for special in SPECIALS:
                job = f"confirm, {special:,} open invoices, {rules}"
                _block(found.setdefault(job, {}), _cases(sides, special))
    return dict(
        sorted(found.items(), key=lambda item: list(RULES).index(_rules(item[0])))
    )


def _rules(job):
    return job.rsplit(", ", 1)[1]


def held_jobs(sides):
    """The same order, held because of one rule that it breaks."""
    if "ours" not in sides:
        return {}
    set_rules(sides["ours"].database, 1, {"kind": "order_amount", "amount": 1})
    found = {}
    for special in SPECIALS:
        cases = [
            Case("stock", sides["stock"].database, _confirm, _quotation(special)),
            Case("ours", sides["ours"].database, _hold, _quotation(special)),
        ]
        job = f"hold, {special:,} open invoices"
        _block(found.setdefault(job, {}), cases)
    set_rules(sides["ours"].database, 0)
    return found


def _cases(sides, special):
    subject = _quotation(special)
    return every_side(sides, _confirm, subject)


def _block(samples, cases):
    for case in cases:
        once(case)
    for turn in range(RUNS):
        for case in cases[:: -1 if turn % 2 else 1]:
            once(case, samples.setdefault(case.side, Samples()))


def _quotation(special):
    domain = [
        ("client_order_ref", "=", QUOTATION),
        ("partner_id.name", "=", f"BENCH-{special}"),
    ]
    return lambda env: env["sale.order"].search(domain)


def _confirm(_env, order):
    order.action_confirm()
    if order.state != "sale":
        raise AssertionError("the order should have been confirmed")


def _hold(_env, order):
    order.action_confirm()
    if order.state == "sale":
        raise AssertionError("the order should have been held")


def set_rules(database, number, kind=None):
    """Leave ``number`` rules active; committed, and caches told."""
    with transaction(database, commit=True) as env:
        rules = env["credit.rule"]
        rules.search([]).unlink()
        wanted = [kind] if kind else [KINDS[n % len(KINDS)] for n in range(number)]
        for place, values in enumerate(wanted):
            rules.create({"name": f"Bench {place}", "company_id": False, **values})
