"""What people read of a kind of rule, and what they fill in for it."""

from dataclasses import dataclass

from odoo.api import Environment
from odoo.tools import formatLang

from ...engine.exposure.exposure import CustomerCredit
from ...engine.rule import kinds as engine_kinds
from ...engine.rule.rule import Order
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
