from odoo import fields, models


class CreditProfile(models.Model):
    """The collateral of the customer."""

    _inherit = "credit.profile"

    collateral_ids = fields.One2many(
        "credit.collateral",
        "profile_id",
        groups="credit_collections.group_collector,account.group_account_readonly",
    )

    def action_add_collateral(self):
        """Open a proposal of collateral for the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Collateral of %s", self.partner_id.name),
            "res_model": "credit.collateral",
            "view_mode": "form",
            "context": {
                "default_profile_id": self.id,
                "default_currency_id": self.currency_id.id,
            },
        }

    def _merge_into(self, kept):
        """What secures these customers secures the one that stays."""
        super()._merge_into(kept)
        collaterals = self.env["credit.collateral"].with_context(active_test=False)
        collaterals.search([("profile_id", "in", self.ids)]).profile_id = kept
