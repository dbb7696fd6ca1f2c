from odoo import api, models

from ...engine.rule import rule_order


class CreditProfile(models.Model):
    """What the rules say about an order of a customer, rule by rule."""

    _inherit = "credit.profile"

    @api.model
    def _judge_order(self, company, partner, order, without_orders=()):
        """Judge an order as the gate does, and keep what became of every rule.

        Nothing is locked or written.

        :param order: :class:`~..engine.engine_rule.Order`
        :return: :class:`~..engine.exposure.CustomerCredit` and judgements of the rules
        """
        root = company.browse(company._credit_root_id())
        rules = self.env["credit.rule"]._get_engine_rules(root.id, order.checkpoint)
        credit = self._collect(root, partner.ids, without_orders=without_orders)
        customer = credit[partner.id]
        return customer, rule_order.explain(rules, customer, order)

    def action_try_rules(self):
        """Show what the rules say about an order of this customer."""
        self.ensure_one()
        return self._open_try_rules(
            {"default_profile_id": self.id, "default_amount": 1000.0}
        )

    @api.model
    def _open_try_rules(self, context):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_rule_try_action"
        )
        context = {"dialog_size": "extra-large", **context}
        return {**action, "target": "new", "context": context}
