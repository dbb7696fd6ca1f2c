from odoo import api, models
from odoo.tools import formatLang

from ...engine.rule import rule as engine_rule
from ...engine.rule import rule_order

#: What became of a rule, for people.
VERDICTS = [
    (rule_order.FIRED, "Holds"),
    (rule_order.SUPPRESSED, "Lifted"),
    (rule_order.CLEAR, "Not reached"),
    (rule_order.RELEASES, "Lets it pass"),
    (rule_order.LIFTS, "Lifts a rule"),
    (rule_order.IDLE, "Nothing to lift"),
    (rule_order.TOO_WIDE, "Not narrow enough"),
    (rule_order.OTHER_VALUE, "Other measure"),
    (rule_order.BEYOND, "Out of its bounds"),
    (rule_order.ELSEWHERE, "For others"),
    (rule_order.PREPAID, "Nothing to pay"),
    (rule_order.SKIPPED, "Not asked"),
]


class CreditRule(models.Model):
    """Why a rule held an order, or did not, in plain words."""

    _inherit = "credit.rule"

    def _explain_judgement(self, judgement, customer, order, currency):
        """Say in one sentence why a rule was judged as it was.

        :param judgement: :class:`~..engine.rule_order.Judgement` of this rule
        """
        if judgement.verdict == rule_order.FIRED:
            return self._explain_finding(judgement.finding, customer, order, currency)
        names = ", ".join(f"“{rule.name}”" for rule in self.browse(judgement.by))
        if judgement.verdict == rule_order.SKIPPED:
            return self._explain_skipped(names)
        return {
            rule_order.SUPPRESSED: self.env._(
                "It would hold the order, but %s excludes the customer from it.", names
            ),
            rule_order.CLEAR: self._explain_clear(judgement),
            rule_order.RELEASES: self.env._(
                "It is true: the order passes, and no other rule is asked."
            ),
            rule_order.LIFTS: self.env._(
                "It is true, and keeps %s from holding the order.", names
            ),
            rule_order.IDLE: self.env._(
                "It is true, but no rule of its kind would hold the order."
            ),
            rule_order.TOO_WIDE: self.env._(
                "It is true, but the rule that it could lift is as narrow or narrower: "
                "an exclusion lifts wider rules only."
            ),
            rule_order.OTHER_VALUE: self.env._(
                "It is true, but the rule that it could lift compares something else: "
                "only an exclusion that releases outright would help."
            ),
            rule_order.BEYOND: self.env._(
                "The customer or the order is out of its own bounds."
            ),
            rule_order.ELSEWHERE: self.env._("It is for other customers."),
            rule_order.PREPAID: self.env._(
                "Nothing is left to pay: only a customer on hold is stopped."
            ),
        }[judgement.verdict]

    def _explain_clear(self, judgement):
        rule, found = judgement.rule, judgement.found
        if rule.value_type == engine_rule.MATCH:
            return self.env._("It is not the case here.")
        if rule.kind == engine_rule.OVERDUE_AMOUNT and found.value > found.threshold:
            return self.env._(
                "More is overdue, but the exposure stays within %s of the limit, or "
                "there is no limit.",
                self._percent(rule.share),
            )
        return self.env._("Within what is allowed.")

    def _explain_skipped(self, names):
        if names:
            return self.env._("%s lets the order pass already.", names)
        return self.env._("The order is excluded from credit control.")

    def _show_value(self, value, judgement, currency):
        """Return a value or threshold of a judgement as people write it."""
        value_type = judgement.rule.value_type
        if value_type == engine_rule.SHARE:
            return self._percent(value)
        if value_type == engine_rule.AMOUNT:
            return formatLang(self.env, value, currency_obj=currency)
        if value_type == engine_rule.DAYS:
            return self.env._("%s days", int(value))
        if value_type == engine_rule.MATCH:
            return self.env._("Yes") if value else self.env._("No")
        return str(int(value))

    @api.model
    def _show_threshold(self, judgement, currency):
        """Return what a rule allows as people write it; nothing where it just asks."""
        if judgement.rule.value_type == engine_rule.MATCH:
            return ""
        shown = self._show_value(judgement.found.threshold, judgement, currency)
        # a step that is reached is one too many already
        return (
            f"< {shown}" if judgement.rule.kind == engine_rule.DUNNING_STEP else shown
        )
