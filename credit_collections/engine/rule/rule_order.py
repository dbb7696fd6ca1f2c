"""The order in which rules are asked, and what becomes of each.

1. An exclusion that releases and is true lets the order pass: nothing else is asked.
2. Rules of one customer come first, then those of a group or segment, then those of
   all. An exclusion says something about rules of its own kind only.
3. An exclusion lifts wider blocks, where both compare the same: days and days.
4. It does not lift a block of its own level.
"""

from dataclasses import dataclass
from typing import NamedTuple

from .kinds import Measure
from .rule import BLOCK, EXCLUDE, Rule
from .rule_checks import is_true, measure

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
    ``missing`` is 0.0 where money alone does not help. ``of_group`` tells that it is
    about the credit that the customer shares with a group.
    """

    rule_id: int
    kind: str
    value: float
    threshold: float
    missing: float = 0.0
    of_group: bool = False


class Judgement(NamedTuple):
    """What became of one rule.

    :param found: :class:`~.kinds.Measure`, ``None`` where the rule was not asked
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
        return Finding(
            rule.id,
            rule.kind,
            found.value,
            found.threshold,
            found.missing,
            found.of_group,
        )


def explain(rules, customer, order):
    """Return the :class:`Judgement` of every rule, narrow levels first.

    An order with nothing left to pay (return, fully prepaid) breaks no rule about
    money, nor does one of a customer who is exempt; a manual hold stops them all the
    same.

    :param rules: iterable of :class:`~.rule.Rule`, in the order in which reasons are
        shown
    :param customer: :class:`~.exposure.CustomerCredit` without the order in hand
    :param order: :class:`~.rule.Order`
    """
    weighed = _weigh(rules, customer, order)
    if order.is_excluded:
        return [Judgement(rule, SKIPPED) for rule in weighed.rules]
    if weighed.releasing:
        return [_passed_by(rule, weighed) for rule in weighed.rules]
    judged = {rule.id: _judge_block(rule, weighed) for rule in weighed.blocks}
    judged |= {rule.id: _judge_exclusion(rule, weighed) for rule in weighed.exclusions}
    return [
        judged.get(rule.id) or _judge_untrue(rule, customer, weighed)
        for rule in weighed.rules
    ]


def fired(rules, customer, order):
    """Return the findings of those rules alone that :func:`explain` calls fired."""
    weighed = _weigh(rules, customer, order)
    judged = [_judge_block(rule, weighed) for rule in weighed.blocks]
    return [one.finding for one in judged if one.verdict == FIRED]


class _Weighed(NamedTuple):
    """What rules found: narrow levels first, and which of them are true."""

    rules: list
    found: dict
    releasing: Rule | None = None
    exclusions: list = ()
    blocks: list = ()


def _weigh(rules, customer, order):
    rules = sorted(rules, key=_level)
    if order.is_excluded:
        return _Weighed(rules, {})
    is_left_alone = order.is_free or customer.is_exempt
    found = {
        rule.id: measure(rule, customer, order)
        for rule in rules
        if rule.is_for(customer) and not (is_left_alone and not rule.of.by_hand)
    }
    true = [
        rule for rule in rules if rule.id in found and is_true(rule, found[rule.id])
    ]
    exclusions = [rule for rule in true if rule.type == EXCLUDE]
    releasing = next((rule for rule in exclusions if rule.releases), None)
    if releasing:
        return _Weighed(rules, found, releasing)
    blocks = [rule for rule in true if rule.type == BLOCK]
    return _Weighed(rules, found, None, exclusions, blocks)


def _level(rule):
    return rule.level


def _lifts(exclusion, block):
    return (
        block.kind == exclusion.kind
        and block.value_type == exclusion.value_type
        and exclusion.level < block.level
    )


def _judge_block(rule, weighed):
    by = tuple(one.id for one in weighed.exclusions if _lifts(one, rule))
    return Judgement(rule, SUPPRESSED if by else FIRED, weighed.found[rule.id], by)


def _judge_exclusion(rule, weighed):
    own = [block for block in weighed.blocks if block.kind == rule.kind]
    lifted = tuple(block.id for block in own if _lifts(rule, block))
    if lifted:
        verdict = LIFTS
    elif not own:
        verdict = IDLE
    else:
        is_narrower = any(rule.level < block.level for block in own)
        verdict = OTHER_VALUE if is_narrower else TOO_WIDE
    return Judgement(rule, verdict, weighed.found[rule.id], lifted)


def _judge_untrue(rule, customer, weighed):
    found = weighed.found.get(rule.id)
    if found:
        return Judgement(rule, BEYOND if rule.type == EXCLUDE else CLEAR, found)
    if not rule.is_for(customer):
        return Judgement(rule, ELSEWHERE)
    return Judgement(rule, SKIPPED if customer.is_exempt else PREPAID)


def _passed_by(rule, weighed):
    exclusion = weighed.releasing
    if rule is exclusion:
        return Judgement(rule, RELEASES, weighed.found[rule.id])
    return Judgement(rule, SKIPPED, by=(exclusion.id,))
