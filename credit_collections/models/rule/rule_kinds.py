"""What people read of the kinds of rules, and what they fill in for them."""

from dataclasses import dataclass

from odoo.api import Environment
from odoo.tools import format_date, formatLang

from ...engine.exposure.exposure import CustomerCredit
from ...engine.rule import kinds as engine_kinds
from ...engine.rule.rule import EXCLUDE, Order
from ...engine.rule.rule_order import Finding


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule found of an order, with the facts that its words need."""

    env: Environment
    finding: Finding
    customer: CustomerCredit
    order: Order
    currency: object

    def money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency)

    @property
    def days(self):
        """Found and allowed, as days and counts are written."""
        return {
            "found": int(self.finding.value),
            "allowed": int(self.finding.threshold),
        }

    def name(self, model, record_id):
        """Return the name of what the customer or the order has."""
        # what it is called is no secret of those who see the order
        return self.env[model].sudo().browse(record_id or ()).name


class RuleKind:
    """A kind of rule: its place is ``credit.rule._get_kinds()``.

    Its label is an option of the field ``kind``.
    """

    #: The :class:`~...engine.rule.kinds.Kind`: what is compared, and how it is found.
    engine = None
    #: The fields of rules that are filled in for it.
    fields = ()
    #: The one of them that names what it is about: it may not be empty.
    named = None
    #: The allowed number is one too many already.
    is_reached = False

    def get_fields(self, rule):
        """Return the fields that are filled in for this rule."""
        return self.fields

    def get_named(self, rule):
        """Return the records that name what the rule is about."""
        return rule[self.named] if self.named else None

    def say_block(self, rule, words):
        """Say in one sentence when a rule of this kind holds an order.

        :param words: ``amount``, ``share``, ``days``, ``count`` and ``names``, as
            people write them
        """
        raise NotImplementedError

    def say_exclusion(self, rule, words):
        """Return the condition under which an exclusion is true: "while …"."""
        raise NotImplementedError

    def say_reason(self, case):
        """Say in plain words what was found, with the numbers.

        :param case: :class:`Case`
        """
        raise NotImplementedError

    def say_clear(self, env, judgement):
        """Say why a rule of this kind does not hold an order."""
        if judgement.rule.value_type == engine_kinds.MATCH:
            return env._("It is not the case here.")
        return env._("Within what is allowed.")


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


class Manual(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.MANUAL]

    def say_block(self, rule, words):
        return rule.env._("Holds every order of a customer who was put on hold.")

    def say_exclusion(self, rule, words):
        return ""  # nothing excludes from what was decided by hand

    def say_reason(self, case):
        reason = case.name("credit.reason", case.customer.standing.status_reason_id)
        if not reason:
            return case.env._("The customer is on hold.")
        return case.env._("The customer is on hold: %(reason)s.", reason=reason)


class LimitExpired(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.LIMIT_EXPIRED]
    fields = ("days",)

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when the credit limit ended more than %(days)s days ago.", **words
        )

    def say_exclusion(self, rule, words):
        return rule.env._("until %(days)s days after the end of the limit", **words)

    def say_reason(self, case):
        last_day = case.customer.standing.expiry_date
        if not last_day:
            return case.env._(
                "Nobody said until when the credit limit is good; it is to be reviewed."
            )
        return case.env._(
            "The credit limit was good until %(date)s, %(days)s days ago (allowed: "
            "%(allowed)s).",
            date=format_date(case.env, last_day),
            days=case.days["found"],
            allowed=case.days["allowed"],
        )


class AccountStatus(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.ACCOUNT_STATUS]
    fields = ("status_reason_ids",)
    named = "status_reason_ids"

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when the account status of the customer is: %(names)s.", **words
        )

    def say_exclusion(self, rule, words):
        return rule.env._(
            "while the account status of the customer is: %(names)s", **words
        )

    def say_reason(self, case):
        return case.env._(
            "The account status of the customer is “%s”.",
            case.name("credit.reason", case.customer.standing.status_reason_id),
        )


class PaymentTerms(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.PAYMENT_TERMS]
    fields = ("payment_term_ids",)
    named = "payment_term_ids"

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when the payment terms of the order are: %(names)s.", **words
        )

    def say_exclusion(self, rule, words):
        return rule.env._("while its payment terms are: %(names)s", **words)

    def say_reason(self, case):
        return case.env._(
            "Orders with the payment terms “%s” are looked at first.",
            self.name_terms(case, case.order.terms),
        )

    @staticmethod
    def name_terms(case, terms):
        name = case.name("account.payment.term", terms.id)
        return name or case.env._("Due at once")


class TermsBetter(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.TERMS_BETTER]
    fields = ("days",)

    def say_block(self, rule, words):
        if not rule.days:
            return rule.env._(
                "Holds when the order gives longer credit than usual, or a better "
                "discount for early payment."
            )
        return rule.env._(
            "Holds when the order gives more than %(days)s days longer credit than "
            "usual, or a better discount for early payment.",
            **words,
        )

    def say_exclusion(self, rule, words):
        return rule.env._(
            "while its credit is no more than %(days)s days longer than usual",
            **words,
        )

    def say_reason(self, case):
        order = case.order
        usual = case.customer.standing.terms_in(order.company_id)
        names = {
            "terms": PaymentTerms.name_terms(case, order.terms),
            "usual": PaymentTerms.name_terms(case, usual),
        }
        if case.finding.value > case.finding.threshold:
            return case.env._(
                "The order gives %(longer)s days longer credit than usual (allowed: "
                "%(allowed)s): “%(terms)s” instead of “%(usual)s”.",
                longer=case.days["found"],
                allowed=case.days["allowed"],
                **names,
            )
        return case.env._(
            "The order gives a better discount for early payment than usual: "
            "“%(terms)s” instead of “%(usual)s”.",
            **names,
        )


class RiskClass(RuleKind):
    engine = engine_kinds.KINDS[engine_kinds.RISK_CLASS]
    fields = ("risk_class_ids",)
    named = "risk_class_ids"

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when the risk class of the customer is: %(names)s.", **words
        )

    def say_exclusion(self, rule, words):
        return rule.env._("while the risk class of the customer is: %(names)s", **words)

    def say_reason(self, case):
        return case.env._(
            "The customer is in risk class “%s”.",
            case.name("credit.risk.class", case.customer.standing.risk_class_id),
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


_ALL = (
    LimitUsed(),
    DaysOverdue(),
    OverdueAmount(),
    OrderAmount(),
    Manual(),
    LimitExpired(),
    AccountStatus(),
    PaymentTerms(),
    TermsBetter(),
    RiskClass(),
    BrokenPromises(),
    DunningStep(),
)

#: Our kinds by name.
KINDS = {kind.engine.name: kind for kind in _ALL}
