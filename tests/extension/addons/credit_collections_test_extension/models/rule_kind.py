"""A kind of rule that looks at a fact of its own: how many orders there are already."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.credit_collections.engine.rule.kinds import COUNT, Kind, Measure
from odoo.addons.credit_collections.models.rule.rule_kind import RuleKind
from odoo.addons.credit_collections.sql.limit.standing import Fact

ORDERS = Fact(
    "order_count",
    SQL(
        """(SELECT COUNT(*) FROM sale_order ordered
             WHERE ordered.partner_id = profile.partner_id
               AND ordered.state = 'sale')"""
    ),
    unknown=0,
    is_costly=True,
)


def _measure(rule, customer, order):
    count = customer.standing.more["order_count"]
    return Measure(count, rule.count, count > rule.count)


class ManyOrders(RuleKind):
    engine = Kind("many_orders", COUNT, _measure, fact="order_count")
    fields = ("count",)

    def say_block(self, rule, words):
        return rule.env._(
            "Holds when the customer has more than %(count)s orders.", **words
        )

    def say_exclusion(self, rule, words):
        return rule.env._(
            "while the customer has no more than %(count)s orders", **words
        )

    def say_reason(self, case):
        return case.env._(
            "The customer has %(found)s orders already (allowed: %(allowed)s).",
            **case.days,
        )


class CreditRule(models.Model):
    _inherit = "credit.rule"

    kind = fields.Selection(
        selection_add=[("many_orders", "Many orders")],
        ondelete={"many_orders": "cascade"},
    )

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), "many_orders": ManyOrders()}


class CreditProfile(models.Model):
    _inherit = "credit.profile"

    @api.model
    def _get_facts(self):
        return {**super()._get_facts(), "order_count": ORDERS}
