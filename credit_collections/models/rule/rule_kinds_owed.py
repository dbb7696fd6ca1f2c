"""The kinds of rules about what is owed, and how it is paid."""

from ...engine.rule import kinds as engine_kinds
from ...engine.rule.rule import EXCLUDE
from .rule_kind import RuleKind


class LimitUsed(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.LIMIT_USED]
    fields = ("limit_share",)

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when the order takes the exposure above %(share)s of the limit.",
            **words,
        )

    def say_exclusion(self, rule, words):
        return rule.env._(
            "while the exposure stays within %(share)s of the limit", **words
        )

    def say_reason(self, case):
        finding, customer = case.finding, case.customer
        if finding.of_group:
            return self._say_group(case)
        after = case.money(customer.exposure + case.order.on_credit)
        if not customer.limit:
            return case.env._(
                "The customer gets no credit. With this order %(after)s would be open.",
                after=after,
            )
        return case.env._(
            "With this order the exposure is %(after)s, %(used)s of the limit of "
            "%(limit)s (allowed: %(share)s). It is %(missing)s too much.",
            after=after,
            limit=case.money(customer.limit),
            **self._say_shares(case),
        )

    def _say_group(self, case):
        customer = case.customer
        return case.env._(
            "With this order the group %(group)s owes %(after)s, %(used)s of the limit "
            "of %(limit)s that its members share (allowed: %(share)s). It is "
            "%(missing)s too much.",
            group=case.name("credit.group", customer.group_id),
            after=case.money(customer.group_exposure + case.order.on_credit),
            limit=case.money(customer.group_limit),
            **self._say_shares(case),
        )

    def _say_shares(self, case):
        percent = case.env["credit.rule"]._percent
        return {
            "used": percent(case.finding.value),
            "share": percent(case.finding.threshold),
            "missing": case.money(case.finding.missing),
        }


class OverdueAmount(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.OVERDUE_AMOUNT]
    fields = ("amount", "limit_share")

    def say_block(self, rule, words):
        if rule.limit_share:
            return rule.env._(
                "Holds when more than %(amount)s is overdue and the order takes the "
                "exposure above %(share)s of the limit.",
                **words,
            )
        return rule.env._("Holds when more than %(amount)s is overdue.", **words)

    def say_exclusion(self, rule, words):
        if rule.limit_share:
            return rule.env._(
                "while no more than %(amount)s is overdue, or the exposure stays "
                "within %(share)s of the limit",
                **words,
            )
        return self.say_within(rule, words)

    @staticmethod
    def say_within(rule, words):
        return rule.env._("while no more than %(amount)s is overdue", **words)

    def say_reason(self, case):
        return case.env._(
            "%(overdue)s is overdue (allowed: %(allowed)s).",
            overdue=case.money(case.finding.value),
            allowed=case.money(case.finding.threshold),
        )

    def say_clear(self, env, judgement):
        rule, found = judgement.rule, judgement.found
        if found.value <= found.threshold:
            return super().say_clear(env, judgement)
        return env._(
            "More is overdue, but the exposure stays within %s of the limit, or "
            "there is no limit.",
            env["credit.rule"]._percent(rule.share),
        )


class DaysOverdue(RuleKind):
    """An exclusion from it may look at the overdue amount instead."""

    engine = engine_kinds.KINDS[engine_kinds.DAYS_OVERDUE]
    fields = ("days",)

    def get_fields(self, rule):
        choice = ("value_type",) if rule.rule_type == EXCLUDE else ()
        is_amount = rule.value_type == engine_kinds.AMOUNT
        return (*choice, "amount" if is_amount else "days")

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when the oldest invoice is more than %(days)s days overdue.",
            **words,
        )

    def say_exclusion(self, rule, words):
        if rule.value_type == engine_kinds.AMOUNT:
            return OverdueAmount.say_within(rule, words)
        return rule.env._(
            "while no invoice is more than %(days)s days overdue", **words
        )

    def say_reason(self, case):
        return case.env._(
            "The oldest open invoice is %(days)s days overdue (allowed: %(allowed)s). "
            "%(overdue)s is overdue in all.",
            days=case.days["found"],
            allowed=case.days["allowed"],
            overdue=case.money(case.customer.overdue_amount),
        )


class OrderAmount(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.ORDER_AMOUNT]
    fields = ("amount",)

    def say_block(self, rule, words):
        return rule.env._("Holds when the order is larger than %(amount)s.", **words)

    def say_exclusion(self, rule, words):
        return rule.env._("while the order is no larger than %(amount)s", **words)

    def say_reason(self, case):
        return case.env._(
            "The order comes to %(amount)s (allowed without a look: %(allowed)s).",
            amount=case.money(case.finding.value),
            allowed=case.money(case.finding.threshold),
        )


class DunningStep(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.DUNNING_STEP]
    fields = ("count",)
    is_reached = True

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when reminders about an open item came to step %(count)s.", **words
        )

    def say_exclusion(self, rule, words):
        return rule.env._(
            "while reminders about open items are before step %(count)s", **words
        )

    def say_reason(self, case):
        return case.env._(
            "Reminders came to step %(level)s (orders are looked at from step "
            "%(allowed)s). %(overdue)s is overdue in all.",
            level=case.days["found"],
            allowed=max(case.days["allowed"], 1),
            overdue=case.money(case.customer.overdue_amount),
        )


class BrokenPromises(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.BROKEN_PROMISES]
    fields = ("count",)

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when the customer broke more than %(count)s promises to pay.",
            **words,
        )

    def say_exclusion(self, rule, words):
        return rule.env._(
            "while the customer broke no more than %(count)s promises to pay",
            **words,
        )

    def say_reason(self, case):
        return case.env._(
            "Promises to pay that were broken: %(count)s (allowed: %(allowed)s).",
            count=case.days["found"],
            allowed=case.days["allowed"],
        )
