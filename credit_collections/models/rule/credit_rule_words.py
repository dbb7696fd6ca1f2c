from odoo import api, models
from odoo.tools import formatLang

from ...engine.rule import rule as engine_rule


class CreditRule(models.Model):
    """What a rule does, in one sentence."""

    _inherit = "credit.rule"

    @api.depends(
        "kind",
        "rule_type",
        "releases",
        "value_type",
        "amount",
        "days",
        "count",
        "limit_share",
        "currency_id",
        "status_reason_ids.name",
        "payment_term_ids.name",
        "risk_class_ids.name",
    )
    def _compute_description(self):
        for rule in self:
            rule.description = rule._describe() if rule.kind else ""

    @api.depends(lambda self: list(self._get_checkpoint_labels()))
    def _compute_checkpoint_names(self):
        labels = self._get_checkpoint_labels()
        for rule in self:
            names = [label for name, label in labels.items() if rule[name]]
            rule.checkpoint_names = ", ".join(names) or self.env._("Never")

    @api.model
    def _get_checkpoint_labels(self):
        """Return ``{field: label}`` of checkpoints, in the order of business.

        Override where an addon has others.
        """
        return {
            "at_confirm": self.env._("Order"),
            "at_invoice": self.env._("Invoice"),
        }

    def _describe(self):
        """Say in one sentence when the rule holds an order, or what it excludes."""
        words = {
            "amount": formatLang(self.env, self.amount, currency_obj=self.currency_id),
            "share": self._percent(self.limit_share),
            "days": self.days,
            "count": self.count,
            "names": self._describe_names(),
        }
        if self.rule_type == engine_rule.BLOCK:
            return self._describe_block(words)
        condition = self._describe_exclusion(words)
        if self.value_type == engine_rule.AMOUNT and not self.releases:
            return self.env._(
                "Is true %s, but lifts no rule about days: let it release outright.",
                condition,
            )
        if self.releases:
            return self.env._(
                "Lets an order pass, whatever other rules say, %s.", condition
            )
        return self.env._(
            "Keeps wider rules of its kind from holding an order %s.", condition
        )

    def _describe_names(self):
        names = {
            engine_rule.ACCOUNT_STATUS: self.status_reason_ids,
            engine_rule.PAYMENT_TERMS: self.payment_term_ids,
            engine_rule.RISK_CLASS: self.risk_class_ids,
        }.get(self.kind)
        return ", ".join(names.mapped("name")) if names else "…"

    def _describe_block(self, words):
        if self.kind == engine_rule.OVERDUE_AMOUNT and self.limit_share:
            return self.env._(
                "Holds when more than %(amount)s is overdue and the order takes the "
                "exposure above %(share)s of the limit.",
                **words,
            )
        if self.kind == engine_rule.TERMS_BETTER and not self.days:
            return self.env._(
                "Holds when the order gives longer credit than usual, or a better "
                "discount for early payment."
            )
        return {
            engine_rule.LIMIT_USED: self.env._(
                "Holds when the order takes the exposure above %(share)s of the limit.",
                **words,
            ),
            engine_rule.DAYS_OVERDUE: self.env._(
                "Holds when the oldest invoice is more than %(days)s days overdue.",
                **words,
            ),
            engine_rule.OVERDUE_AMOUNT: self.env._(
                "Holds when more than %(amount)s is overdue.", **words
            ),
            engine_rule.ORDER_AMOUNT: self.env._(
                "Holds when the order is larger than %(amount)s.", **words
            ),
            engine_rule.MANUAL: self.env._(
                "Holds every order of a customer who was put on hold."
            ),
            engine_rule.LIMIT_EXPIRED: self.env._(
                "Holds when the credit limit ended more than %(days)s days ago.",
                **words,
            ),
            engine_rule.ACCOUNT_STATUS: self.env._(
                "Holds when the account status of the customer is: %(names)s.", **words
            ),
            engine_rule.PAYMENT_TERMS: self.env._(
                "Holds when the payment terms of the order are: %(names)s.", **words
            ),
            engine_rule.TERMS_BETTER: self.env._(
                "Holds when the order gives more than %(days)s days longer credit than "
                "usual, or a better discount for early payment.",
                **words,
            ),
            engine_rule.RISK_CLASS: self.env._(
                "Holds when the risk class of the customer is: %(names)s.", **words
            ),
            engine_rule.BROKEN_PROMISES: self.env._(
                "Holds when the customer broke more than %(count)s promises to pay.",
                **words,
            ),
            engine_rule.DUNNING_STEP: self.env._(
                "Holds when reminders about an open item came to step %(count)s.",
                **words,
            ),
        }[self.kind]

    def _describe_exclusion(self, words):
        """Return the condition under which an exclusion is true."""
        kind = self.kind
        if kind == engine_rule.DAYS_OVERDUE and self.value_type == engine_rule.AMOUNT:
            kind = engine_rule.OVERDUE_AMOUNT
        elif kind == engine_rule.OVERDUE_AMOUNT and self.limit_share:
            return self.env._(
                "while no more than %(amount)s is overdue, or the exposure stays "
                "within %(share)s of the limit",
                **words,
            )
        return {
            engine_rule.LIMIT_USED: self.env._(
                "while the exposure stays within %(share)s of the limit", **words
            ),
            engine_rule.DAYS_OVERDUE: self.env._(
                "while no invoice is more than %(days)s days overdue", **words
            ),
            engine_rule.OVERDUE_AMOUNT: self.env._(
                "while no more than %(amount)s is overdue", **words
            ),
            engine_rule.ORDER_AMOUNT: self.env._(
                "while the order is no larger than %(amount)s", **words
            ),
            engine_rule.MANUAL: "",
            engine_rule.LIMIT_EXPIRED: self.env._(
                "until %(days)s days after the end of the limit", **words
            ),
            engine_rule.ACCOUNT_STATUS: self.env._(
                "while the account status of the customer is: %(names)s", **words
            ),
            engine_rule.PAYMENT_TERMS: self.env._(
                "while its payment terms are: %(names)s", **words
            ),
            engine_rule.TERMS_BETTER: self.env._(
                "while its credit is no more than %(days)s days longer than usual",
                **words,
            ),
            engine_rule.RISK_CLASS: self.env._(
                "while the risk class of the customer is: %(names)s", **words
            ),
            engine_rule.BROKEN_PROMISES: self.env._(
                "while the customer broke no more than %(count)s promises to pay",
                **words,
            ),
            engine_rule.DUNNING_STEP: self.env._(
                "while reminders about open items are before step %(count)s", **words
            ),
        }[kind]

    @api.model
    def _percent(self, share):
        return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"
