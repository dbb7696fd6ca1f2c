"""Which credit rules hold an order, and in which order they are asked.

Pure decisions: rules and facts come in, judgements go out. Words are made elsewhere.

1. An exclusion that releases and is true lets the order pass: nothing else is asked.
2. Rules of one customer come first, then those of a group or segment, then those of
   all. An exclusion says something about rules of its own kind only.
3. An exclusion lifts wider blocks, where both compare the same: days and days.
4. It does not lift a block of its own level.
"""

from dataclasses import dataclass

from .rule_checks import (
    ACCOUNT_STATUS,
    AMOUNT,
    BLOCK,
    BROKEN_PROMISES,
    CONFIRM,
    COUNT,
    DAYS,
    DAYS_OVERDUE,
    DUNNING_STEP,
    EPSILON,
    EXCLUDE,
    LIMIT_EXPIRED,
    LIMIT_USED,
    MANUAL,
    MATCH,
    ORDER_AMOUNT,
    OVERDUE_AMOUNT,
    PAYMENT_TERMS,
    RISK_CLASS,
    SHARE,
    TERMS_BETTER,
    VALUE_TYPES,
    Measure,
    Order,
    Rule,
    is_true,
    measure,
)

__all__ = [
    "ACCOUNT_STATUS",
    "AMOUNT",
    "BLOCK",
    "BROKEN_PROMISES",
    "CONFIRM",
    "COUNT",
    "DAYS",
    "DAYS_OVERDUE",
    "DUNNING_STEP",
    "EPSILON",
    "EXCLUDE",
    "LIMIT_EXPIRED",
    "LIMIT_USED",
    "MANUAL",
    "MATCH",
    "ORDER_AMOUNT",
    "OVERDUE_AMOUNT",
    "PAYMENT_TERMS",
    "RISK_CLASS",
    "SHARE",
    "TERMS_BETTER",
    "VALUE_TYPES",
    "BEYOND",
    "CLEAR",
    "ELSEWHERE",
    "FIRED",
    "IDLE",
    "LIFTS",
    "OTHER_VALUE",
    "PREPAID",
    "RELEASES",
    "SKIPPED",
    "SUPPRESSED",
    "TOO_WIDE",
    "Finding",
    "Judgement",
    "Order",
    "Rule",
    "evaluate",
    "evaluate_in_turn",
    "explain",
]

#: Verdicts on blocks: it holds the order, it would but an exclusion lifts it, or its
#: threshold is not passed.
FIRED, SUPPRESSED, CLEAR = "fired", "suppressed", "clear"
#: Verdicts on exclusions: it lets the order pass, it lifts blocks, no block of its kind
#: fires, the blocks are as narrow or narrower, they compare something else, or its own
#: threshold is passed.
RELEASES, LIFTS, IDLE, TOO_WIDE, OTHER_VALUE, BEYOND = (
    "releases",
    "lifts",
    "idle",
    "too_wide",
    "other_value",
    "beyond",
)
#: Verdicts on rules that were not asked: for other customers, nothing left to pay, or
#: the order was let through before.
ELSEWHERE, PREPAID, SKIPPED = "elsewhere", "prepaid", "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: ``value`` passed ``threshold``; ``missing`` money would clear it.

    Value and threshold are amounts, shares, days or counts, by the kind of rule.
    ``missing`` is 0.0 where money alone does not help.
    """

    rule_id: int
    kind: str
    value: float
    threshold: float
    missing: float = 0.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one rule.

    :param found: :class:`~.rule_checks.Measure`, ``None`` where the rule was not asked
    :param by: ids of the rules that made it so: exclusions that lift a block, blocks
        that an exclusion lifts, the exclusion that let the order pass
    """

    rule: Rule
    verdict: str
    found: Measure | None = None
    by: tuple = ()

    @property
    def finding(self):
        rule, found = self.rule, self.found
        return Finding(rule.id, rule.kind, found.value, found.threshold, found.missing)


def evaluate(rules, customer, order):
    """Return the findings of an order, empty where it may go through.

    An order with nothing left to pay (return, fully prepaid) breaks no rule about
    money; a manual hold stops it all the same.

    :param rules: iterable of :class:`Rule`, in the order in which reasons are shown
    :param customer: :class:`~.exposure.CustomerCredit` without the order in hand
    :param order: :class:`Order`
    """
    return [
        judgement.finding
        for judgement in explain(rules, customer, order)
        if judgement.verdict == FIRED
    ]


def explain(rules, customer, order):
    """Return the :class:`Judgement` of every rule, narrow levels first.

    Parameters as of :func:`evaluate`, which keeps what fired.
    """
    rules = sorted(rules, key=lambda rule: rule.level)
    if order.is_excluded:
        return [Judgement(rule, SKIPPED) for rule in rules]
    found = {
        rule.id: measure(rule, customer, order)
        for rule in rules
        if rule.is_for(customer) and not (order.is_free and rule.kind != MANUAL)
    }
    true = [
        rule for rule in rules if rule.id in found and is_true(rule, found[rule.id])
    ]
    exclusions = [rule for rule in true if rule.type == EXCLUDE]
    for exclusion in exclusions:
        if exclusion.releases:
            return [_passed_by(exclusion, rule, found) for rule in rules]
    blocks = [rule for rule in true if rule.type == BLOCK]
    judged = {rule.id: _judge_block(rule, found, exclusions) for rule in blocks}
    judged |= {rule.id: _judge_exclusion(rule, found, blocks) for rule in exclusions}
    return [
        judged.get(rule.id) or _judge_untrue(rule, customer, found) for rule in rules
    ]


def evaluate_in_turn(rules, customer, orders, is_released):
    """Return one list of findings per order, where a passed order uses up credit.

    Orders of one customer confirmed together are decided one after the other: what
    passes is part of the exposure of the next. A return lowers nothing, as it does not
    once it is confirmed either.

    :param is_released: function that tells whether a release covers an order, which
        then passes whatever rules it breaks
    """
    verdicts = []
    for order in orders:
        findings = [] if is_released(order) else evaluate(rules, customer, order)
        verdicts.append(findings)
        if not findings:
            customer = customer.with_order(max(order.on_credit, 0.0))
    return verdicts


def _lifts(exclusion, block):
    return (
        block.kind == exclusion.kind
        and block.value_type == exclusion.value_type
        and exclusion.level < block.level
    )


def _judge_block(rule, found, exclusions):
    by = tuple(one.id for one in exclusions if _lifts(one, rule))
    return Judgement(rule, SUPPRESSED if by else FIRED, found[rule.id], by)


def _judge_exclusion(rule, found, blocks):
    own = [block for block in blocks if block.kind == rule.kind]
    lifted = tuple(block.id for block in own if _lifts(rule, block))
    if lifted:
        verdict = LIFTS
    elif not own:
        verdict = IDLE
    else:
        is_narrower = any(rule.level < block.level for block in own)
        verdict = OTHER_VALUE if is_narrower else TOO_WIDE
    return Judgement(rule, verdict, found[rule.id], lifted)


def _judge_untrue(rule, customer, found):
    if rule.id in found:
        verdict = BEYOND if rule.type == EXCLUDE else CLEAR
        return Judgement(rule, verdict, found[rule.id])
    return Judgement(rule, PREPAID if rule.is_for(customer) else ELSEWHERE)


def _passed_by(exclusion, rule, found):
    if rule is exclusion:
        return Judgement(rule, RELEASES, found[rule.id])
    return Judgement(rule, SKIPPED, by=(exclusion.id,))
