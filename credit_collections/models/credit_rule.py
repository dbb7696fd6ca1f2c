from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang, ormcache

from ..engine import hold_rules

#: Which parameters a kind of rule reads.
PARAMETERS = {
    hold_rules.LIMIT_USED: {"limit_share"},
    hold_rules.DAYS_OVERDUE: {"days"},
    hold_rules.OVERDUE_AMOUNT: {"amount", "limit_share"},
    hold_rules.ORDER_AMOUNT: {"amount"},
    hold_rules.MANUAL: set(),
}


class CreditRule(models.Model):
    """A blocking rule: what must not be passed for an order to go through."""

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
            (hold_rules.LIMIT_USED, "Credit limit used"),
            (hold_rules.DAYS_OVERDUE, "Days overdue"),
            (hold_rules.OVERDUE_AMOUNT, "Overdue amount"),
            (hold_rules.ORDER_AMOUNT, "Order amount"),
            (hold_rules.MANUAL, "Customer on hold"),
        ],
        required=True,
        default=hold_rules.LIMIT_USED,
        help="What the rule looks at:\n"
        "- Credit limit used: the order takes the exposure above a share of the limit\n"
        "- Days overdue: the oldest invoice is past due for more than so many days\n"
        "- Overdue amount: more than so much is overdue, and (if set) the order takes "
        "the exposure above a share of the limit\n"
        "- Order amount: the order is larger than so much\n"
        "- Customer on hold: a credit manager put the customer on hold",
    )
    level = fields.Selection(
        [("all", "All customers"), ("customer", "One customer")],
        required=True,
        default="all",
        string="Valid For",
    )
    profile_id = fields.Many2one(
        "credit.profile",
        string="Customer",
        ondelete="cascade",
        compute="_compute_profile_id",
        store=True,
        readonly=False,
    )
    amount = fields.Monetary(help="The rule holds an order above this amount.")
    days = fields.Integer(
        help="The rule holds an order when the oldest open invoice is overdue for more "
        "than so many days."
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
    at_invoice = fields.Boolean(
        "At Invoicing",
        help="Check when an invoice of an order is posted. Invoices of what was "
        "delivered, down payments and orders that are paid already always pass.",
    )
    description = fields.Char(compute="_compute_description")

    _check_parameters = models.Constraint(
        "CHECK (amount >= 0 AND days >= 0 AND limit_share >= 0)",
        "Amounts, days and shares of a credit rule can't be negative.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.depends("level")
    def _compute_profile_id(self):
        self.filtered(lambda rule: rule.level == "all").profile_id = False

    @api.depends("kind", "amount", "days", "limit_share", "currency_id")
    def _compute_description(self):
        for rule in self:
            rule.description = rule._describe() if rule.kind else ""

    @api.constrains("level", "profile_id", "company_id")
    def _check_level(self):
        for rule in self:
            if rule.level == "customer" and not rule.profile_id:
                raise ValidationError(
                    self.env._("Choose the customer that “%s” is for.", rule.name)
                )
            company = rule.company_id.root_id
            if rule.profile_id and company and rule.profile_id.company_id != company:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” is for a customer of another company.",
                        rule=rule.name,
                    )
                )

    # === DECISIONS === #

    @api.model
    @ormcache("root_id", "checkpoint")
    def _get_engine_rules(self, root_id, checkpoint):
        """Return the :class:`~..engine.hold_rules.Rule` of a root company, in order.

        Cached: 50 rules cost an order no more than one. Override to add to a rule.

        :param checkpoint: ``confirm`` or ``invoice``; a field's name without ``at_``
        """
        branches = self.env["res.company"]._credit_branch_ids(root_id)
        rules = self.sudo().search(  # rules are the same for every user
            [
                (f"at_{checkpoint}", "=", True),
                ("company_id", "in", (False, *branches)),
            ]
        )
        return tuple(
            hold_rules.Rule(
                id=rule.id,
                kind=rule.kind,
                amount=rule.amount,
                days=rule.days,
                share=rule.limit_share,
                profile_id=rule.profile_id.id or None,
            )
            for rule in rules
        )

    def _is_checked_elsewhere(self, checkpoint):
        """Tell whether this rule is in force at other checkpoints, but not at this."""
        at = {name for name in self._fields if name.startswith("at_") and self[name]}
        return self.active and bool(at) and f"at_{checkpoint}" not in at

    # === WORDS === #

    def _describe(self):
        """Say in one sentence when the rule holds an order."""
        amount = formatLang(self.env, self.amount, currency_obj=self.currency_id)
        share = self._percent(self.limit_share)
        if self.kind == hold_rules.OVERDUE_AMOUNT and self.limit_share:
            return self.env._(
                "Holds when more than %(amount)s is overdue and the order takes the "
                "exposure above %(share)s of the limit.",
                amount=amount,
                share=share,
            )
        return {
            hold_rules.LIMIT_USED: self.env._(
                "Holds when the order takes the exposure above %(share)s of the limit.",
                share=share,
            ),
            hold_rules.DAYS_OVERDUE: self.env._(
                "Holds when the oldest invoice is more than %(days)s days overdue.",
                days=self.days,
            ),
            hold_rules.OVERDUE_AMOUNT: self.env._(
                "Holds when more than %(amount)s is overdue.", amount=amount
            ),
            hold_rules.ORDER_AMOUNT: self.env._(
                "Holds when the order is larger than %(amount)s.", amount=amount
            ),
            hold_rules.MANUAL: self.env._(
                "Holds every order of a customer who was put on hold."
            ),
        }[self.kind]

    @api.model
    def _percent(self, share):
        return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"
