"""The kinds of rules about what was decided on the customer, and agreed with it."""

from odoo.tools import format_date

from ...engine.rule import kinds as engine_kinds
from .rule_kind import RuleKind


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
