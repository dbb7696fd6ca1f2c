from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.rule import kinds as engine_kinds
from ...engine.rule.rule import BLOCK, EXCLUDE
from .rule_kinds import KINDS

#: The field that says who a rule is for, by level.
SCOPES = {
    "customer": "profile_id",
    "group": "group_id",
    "segment": "segment_id",
}


class CreditRule(models.Model):
    """A rule about orders: it blocks them, or excludes them from being blocked."""

    _name = "credit.rule"
    _description = "Credit Rule"
    _inherit = "credit.cached.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Order in which the reasons of a hold are shown."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        help="Company with its branches that uses the rule. Empty: all companies; "
        "amounts then count in the currency of each.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    kind = fields.Selection(
        [
            (engine_kinds.LIMIT_USED, "Credit limit used"),
            (engine_kinds.DAYS_OVERDUE, "Days overdue"),
            (engine_kinds.OVERDUE_AMOUNT, "Overdue amount"),
            (engine_kinds.ORDER_AMOUNT, "Order amount"),
            (engine_kinds.MANUAL, "Customer on hold"),
            (engine_kinds.LIMIT_EXPIRED, "Credit limit expired"),
            (engine_kinds.ACCOUNT_STATUS, "Account status"),
            (engine_kinds.PAYMENT_TERMS, "Payment terms"),
            (engine_kinds.TERMS_BETTER, "Better terms than usual"),
            (engine_kinds.RISK_CLASS, "Risk class"),
            (engine_kinds.BROKEN_PROMISES, "Broken promises"),
            (engine_kinds.DUNNING_STEP, "Collection step reached"),
        ],
        required=True,
        default=engine_kinds.LIMIT_USED,
        help="What the rule looks at:\n"
        "- Credit limit used: the order takes the exposure above a share of the limit\n"
        "- Days overdue: the oldest invoice is past due for more than so many days\n"
        "- Overdue amount: more than so much is overdue, and (if set) the order takes "
        "the exposure above a share of the limit\n"
        "- Order amount: the order is larger than so much\n"
        "- Customer on hold: a credit manager put the customer on hold\n"
        "- Credit limit expired: the limit ended more than so many days ago\n"
        "- Account status: the status of the customer is one of these\n"
        "- Payment terms: the order has one of these\n"
        "- Better terms than usual: the order gives longer credit, or a better "
        "discount for early payment, than the customer usually gets\n"
        "- Risk class: the customer is in one of these\n"
        "- Broken promises: the customer broke more than so many promises to pay\n"
        "- Collection step reached: reminders about an open item came so far",
    )
    rule_type = fields.Selection(
        [(BLOCK, "Blocks"), (EXCLUDE, "Excludes")],
        string="Type",
        required=True,
        default=BLOCK,
        help="A rule that blocks holds orders. One that excludes keeps wider rules of "
        "its own kind from holding them, as long as its own bounds are kept.",
    )
    releases = fields.Boolean(
        "Releases Outright",
        compute="_compute_releases",
        store=True,
        readonly=False,
        help="While the exclusion is true the order passes, and no other rule is "
        "asked: of whatever kind and level, also where the customer is on hold.",
    )
    value_type = fields.Selection(
        [(engine_kinds.DAYS, "Days"), (engine_kinds.AMOUNT, "Amount")],
        string="Compares",
        compute="_compute_value_type",
        store=True,
        readonly=False,
        default=engine_kinds.DAYS,
        help="An exclusion from days overdue may look at the overdue amount instead. "
        "It then lifts no rule about days, unless it releases outright.",
    )
    risk_class_ids = fields.Many2many(
        "credit.risk.class",
        string="Risk Classes",
        ondelete="restrict",
        context={"active_test": False},
        help="The risk classes that the rule is about. For other kinds: only customers "
        "in these classes; empty for all.",
    )
    status_reason_ids = fields.Many2many(
        "credit.reason",
        string="Account Statuses",
        domain="[('kind', '=', 'status')]",
        ondelete="restrict",
        context={"active_test": False},
    )
    payment_term_ids = fields.Many2many(
        "account.payment.term",
        string="Payment Terms",
        ondelete="restrict",
        context={"active_test": False},
    )
    amount = fields.Monetary(help="The rule holds an order above this amount.")
    days = fields.Integer(
        help="The rule holds an order above so many days: since the oldest open "
        "invoice was due, since the limit ended, or by which the terms are longer than "
        "usual."
    )
    count = fields.Integer(
        "Number",
        help="Broken promises that are allowed, or the collection step that is one too "
        "many.",
    )
    limit_share = fields.Float(
        "Share of Limit",
        default=1.0,
        help="Share of the credit limit that may be in use, with the order. For an "
        "overdue amount: the rule holds only above this share; 0 % holds always.",
    )
    at_confirm = fields.Boolean(
        "At Confirmation", default=True, help="Check when an order is confirmed."
    )
    auto_release = fields.Selection(
        [
            ("company", "As the company"),
            ("yes", "Yes"),
            ("no", "No, a person decides"),
        ],
        "Release by Itself",
        required=True,
        default="company",
        help="When an order is evaluated again and no reason is left: whether it is "
        "released by itself, if this rule held it. “As the company” follows the credit "
        "policy of the company.",
    )
    at_invoice = fields.Boolean(
        "At Invoicing",
        help="Check when an invoice of an order is posted. Invoices of what was "
        "delivered, down payments and orders that are paid already always pass.",
    )
    description = fields.Char(compute="_compute_description")
    needed_fields = fields.Char(
        compute="_compute_needed_fields",
        help="Names of the fields that are filled in for a rule of this kind.",
    )
    checkpoint_names = fields.Char(
        "When", compute="_compute_checkpoint_names", help="When the rule is checked."
    )

    _check_parameters = models.Constraint(
        "CHECK (amount >= 0 AND days >= 0 AND limit_share >= 0 AND count >= 0)",
        "Amounts, days and shares of a credit rule can't be negative.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.depends("rule_type")
    def _compute_releases(self):
        self.filtered(lambda rule: rule.rule_type == "block").releases = False

    @api.depends("kind", "rule_type")
    def _compute_value_type(self):
        for rule in self:
            kind = self._get_kinds().get(rule.kind)
            has_choice = kind and kind.engine.others and rule.rule_type == EXCLUDE
            if not has_choice:
                rule.value_type = engine_kinds.DAYS

    @api.depends("kind", "rule_type", "value_type")
    def _compute_needed_fields(self):
        for rule in self:
            kind = self._get_kinds().get(rule.kind)
            names = kind.get_fields(rule) if kind else ()
            rule.needed_fields = f",{','.join(names)},"

    @api.constrains(lambda self: self._get_named_fields())
    def _check_named(self):
        for rule in self:
            name = self._get_kinds()[rule.kind].named
            if name and not rule[name]:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” needs at least one of: %(what)s.",
                        rule=rule.name,
                        what=rule._fields[name]._description_string(self.env),
                    )
                )

    @api.constrains("kind", "rule_type")
    def _check_may_exclude(self):
        for rule in self.filtered(lambda rule: rule.rule_type == EXCLUDE):
            if self._get_kinds()[rule.kind].engine.by_hand:
                raise ValidationError(
                    self.env._(
                        "“%s” can't exclude a customer from a hold by hand: lift it on "
                        "the customer instead.",
                        rule.name,
                    )
                )

    # === KINDS === #

    @api.model
    def _get_kinds(self):
        """Return all kinds of rules: ``{name: RuleKind}``.

        Override to add one: what it compares and how it is found, the fields that are
        filled in for it, and its words are all said there. Its label is an option that
        is added to the field ``kind``.
        """
        return dict(KINDS)

    @api.model
    def _get_named_fields(self):
        """Return the fields that name what rules are about, and that of the kind."""
        named = {kind.named for kind in self._get_kinds().values() if kind.named}
        return ["kind", *sorted(named)]
