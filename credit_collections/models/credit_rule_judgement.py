from odoo import api, models
from odoo.tools import formatLang

from ..engine import hold_rules

#: What became of a rule, for people.
VERDICTS = [
    (hold_rules.FIRED, "Holds"),
    (hold_rules.SUPPRESSED, "Lifted"),
    (hold_rules.CLEAR, "Not reached"),
    (hold_rules.RELEASES, "Lets it pass"),
    (hold_rules.LIFTS, "Lifts a rule"),
    (hold_rules.IDLE, "Nothing to lift"),
    (hold_rules.TOO_WIDE, "Not narrow enough"),
    (hold_rules.OTHER_VALUE, "Other measure"),
    (hold_rules.BEYOND, "Out of its bounds"),
    (hold_rules.ELSEWHERE, "For others"),
    (hold_rules.PREPAID, "Nothing to pay"),
    (hold_rules.SKIPPED, "Not asked"),
]


class CreditRule(models.Model):
    """Why a rule held an order, or did not, in plain words."""

    _inherit = "credit.rule"

    def _explain_judgement(self, judgement, customer, order, currency):
        """Say in one sentence why a rule was judged as it was.

        :param judgement: :class:`~..engine.hold_rules.Judgement` of this rule
        """
        if judgement.verdict == hold_rules.FIRED:
            lines = self.env["credit.hold.line"]
            return lines._explain(judgement.finding, customer, order, currency)
        names = ", ".join(f"“{rule.name}”" for rule in self.browse(judgement.by))
        if judgement.verdict == hold_rules.SKIPPED:
            return self._explain_skipped(names)
        return {
            hold_rules.SUPPRESSED: self.env._(
                "It would hold the order, but %s excludes the customer from it.", names
            ),
            hold_rules.CLEAR: self._explain_clear(judgement),
            hold_rules.RELEASES: self.env._(
                "It is true: the order passes, and no other rule is asked."
            ),
            hold_rules.LIFTS: self.env._(
                "It is true, and keeps %s from holding the order.", names
            ),
            hold_rules.IDLE: self.env._(
                "It is true, but no rule of its kind would hold the order."
            ),
            hold_rules.TOO_WIDE: self.env._(
                "It is true, but the rule that it could lift is as narrow or narrower: "
                "an exclusion lifts wider rules only."
            ),
            hold_rules.OTHER_VALUE: self.env._(
                "It is true, but the rule that it could lift compares something else: "
                "only an exclusion that releases outright would help."
            ),
            hold_rules.BEYOND: self.env._(
                "The customer or the order is out of its own bounds."
            ),
            hold_rules.ELSEWHERE: self.env._("It is for other customers."),
            hold_rules.PREPAID: self.env._(
                "Nothing is left to pay: only a customer on hold is stopped."
            ),
        }[judgement.verdict]

    def _explain_clear(self, judgement):
        rule, found = judgement.rule, judgement.found
        if rule.value_type == hold_rules.MATCH:
            return self.env._("It is not the case here.")
        if rule.kind == hold_rules.OVERDUE_AMOUNT and found.value > found.threshold:
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
        if value_type == hold_rules.SHARE:
            return self._percent(value)
        if value_type == hold_rules.AMOUNT:
            return formatLang(self.env, value, currency_obj=currency)
        if value_type == hold_rules.DAYS:
            return self.env._("%s days", int(value))
        if value_type == hold_rules.MATCH:
            return self.env._("Yes") if value else self.env._("No")
        return str(int(value))

    @api.model
    def _show_threshold(self, judgement, currency):
        """Return what a rule allows as people write it; nothing where it just asks."""
        if judgement.rule.value_type == hold_rules.MATCH:
            return ""
        shown = self._show_value(judgement.found.threshold, judgement, currency)
        # a step that is reached is one too many already
        return f"< {shown}" if judgement.rule.kind == hold_rules.DUNNING_STEP else shown
