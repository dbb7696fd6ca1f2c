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
        self.env["credit.collateral"].check_access("create")
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

    def _mind_deadlines(self, root):
        """Let collateral begin and end, by night, and remind of what comes due soon."""
        collateral_sudo = self.env["credit.collateral"].sudo()  # for everybody
        collateral = collateral_sudo.with_context(active_test=False).search(
            [("profile_id", "in", self.ids)]
        )
        collateral._refresh_states()
        in_force = collateral.filtered(
            lambda one: one.active and one.state in ("active", "upcoming")
        ).with_env(collateral_sudo.env)  # nobody who is archived is reminded
        in_force._refresh_deadlines()
        in_force._remind()

    def _merge_into(self, kept):
        """What secures these customers secures the one that stays."""
        super()._merge_into(kept)
        collaterals = self.env["credit.collateral"].with_context(active_test=False)
        collaterals.search([("profile_id", "in", self.ids)]).profile_id = kept
