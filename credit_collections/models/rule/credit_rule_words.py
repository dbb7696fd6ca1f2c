from odoo import api, models
from odoo.tools import formatLang

from ...engine.rule.kinds import AMOUNT
from ...engine.rule.rule import BLOCK
from .rule_kind import Case


class CreditRule(models.Model):
    """What a rule does, in one sentence."""

    _inherit = "credit.rule"

    @api.depends(lambda self: self._get_described_fields())
    @api.depends_context("lang")
    def _compute_description(self):
        for rule in self:
            rule.description = rule._describe() if rule.kind else ""

    @api.model
    def _get_described_fields(self):
        """Return the fields that the sentence about a rule depends on."""
        kinds = self._get_kinds().values()
        named = {f"{kind.named}.name" for kind in kinds if kind.named}
        filled_in = {name for kind in kinds for name in kind.fields}
        filled_in -= {kind.named for kind in kinds}
        always = {"kind", "rule_type", "releases", "value_type", "currency_id"}
        # an exclusion from days may look at an amount instead
        return sorted({*always, *named, *filled_in, "amount"})

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
        kind = self._get_kinds()[self.kind]
        named = kind.get_named(self)
        words = {
            "amount": formatLang(self.env, self.amount, currency_obj=self.currency_id),
            "share": self._percent(self.limit_share),
            "days": self.days,
            "count": self.count,
            "names": ", ".join(named.mapped("name")) if named else "…",
        }
        if self.rule_type == BLOCK:
            return kind.say_block(self, words)
        condition = kind.say_exclusion(self, words)
        if self.value_type == AMOUNT and not self.releases:
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

    @api.model
    def _explain_finding(self, finding, customer, order, currency):
        """Say in plain words what a rule found, with the numbers."""
        case = Case(self.env, finding, customer, order, currency)
        return self._get_kinds()[finding.kind].say_reason(case)

    @api.model
    def _percent(self, share):
        return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"
