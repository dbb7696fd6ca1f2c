from dataclasses import replace

from odoo import models

from .sale_order import Verdict


class SaleOrder(models.Model):
    """What every rule says about an order, to look at."""

    _inherit = "sale.order"

    def _credit_judge(self, checkpoint="confirm"):
        """Return the :class:`Verdict` of one order and the judgements of all rules.

        What a release covers is judged too, as if it had not been given.
        """
        self.ensure_one()
        root = self.company_id.browse(self.company_id._credit_root_id())
        verdict = Verdict()
        self._credit_prepare_verdicts(root, {self: verdict})
        order = replace(verdict.order, checkpoint=checkpoint)
        verdict.customer, judgements = self.env["credit.profile"]._judge_order(
            root,
            self._credit_partner(),
            order,
            without_orders=self.ids if self.state == "sale" else (),
        )
        return verdict, judgements

    def action_try_rules(self):
        """Show what the rules say about this order."""
        self.ensure_one()
        profiles = self.env["credit.profile"]
        return profiles._open_try_rules({"default_order_id": self.id})
