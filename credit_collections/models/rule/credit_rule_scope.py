from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .credit_rule import SCOPES


class CreditRule(models.Model):
    """Who a rule is valid for."""

    _inherit = "credit.rule"

    level = fields.Selection(
        [
            ("customer", "One customer"),
            ("group", "A credit group"),
            ("segment", "A segment"),
            ("all", "All customers"),
        ],
        required=True,
        default="all",
        string="Valid For",
        help="An exclusion lifts rules of a wider level: one customer comes before "
        "groups and segments, and these before all customers.",
    )
    profile_id = fields.Many2one(
        "credit.profile",
        string="Customer",
        ondelete="cascade",
        compute="_compute_scope",
        store=True,
        readonly=False,
    )
    group_id = fields.Many2one(
        "credit.group",
        ondelete="cascade",
        compute="_compute_scope",
        store=True,
        readonly=False,
    )
    segment_id = fields.Many2one(
        "collection.segment",
        ondelete="cascade",
        compute="_compute_scope",
        store=True,
        readonly=False,
    )

    scope_name = fields.Char("Who", compute="_compute_scope_name")

    @api.depends(*SCOPES.values(), "level", "kind", "risk_class_ids")
    def _compute_scope_name(self):
        for rule in self:
            scope = rule[SCOPES[rule.level]] if rule.level in SCOPES else rule.browse()
            names = scope.mapped("display_name")
            kind = self._get_kinds().get(rule.kind)
            if not kind or not kind.engine.is_about_classes:
                names += rule.risk_class_ids.mapped("name")
            rule.scope_name = ", ".join(names)

    @api.depends("level")
    def _compute_scope(self):
        for rule in self:
            for level, name in SCOPES.items():
                rule[name] = rule[name] if rule.level == level else False

    @api.constrains("level", *SCOPES.values(), "company_id")
    def _check_level(self):
        for rule in self:
            name = SCOPES.get(rule.level)
            if not name:
                continue
            if not rule[name]:
                raise ValidationError(rule._get_missing_scope())
            company = rule.company_id.root_id
            scope = rule.profile_id or rule.segment_id
            other = scope.company_id.root_id if scope else company
            if company and other and other != company:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” is for a customer or segment of another company.",
                        rule=rule.name,
                    )
                )

    def _get_missing_scope(self):
        return {
            "customer": self.env._("Choose the customer that “%s” is for.", self.name),
            "group": self.env._("Choose the group that “%s” is for.", self.name),
            "segment": self.env._("Choose the segment that “%s” is for.", self.name),
        }[self.level]
