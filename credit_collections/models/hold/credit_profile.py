from odoo import fields, models


class CreditProfile(models.Model):
    """Held orders of the customer."""

    _inherit = "credit.profile"

    hold_ids = fields.One2many("credit.hold", "profile_id", string="Holds")
    hold_count = fields.Integer(compute="_compute_hold_count")

    def _compute_hold_count(self):
        counts = dict(
            self.env["credit.hold"]._read_group(
                [("profile_id", "in", self.ids), ("state", "=", "held")],
                ["profile_id"],
                ["__count"],
            )
        )
        for profile in self:
            profile.hold_count = counts.get(profile, 0)

    # === ACTIONS === #

    def action_open_holds(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_hold_action"
        )
        return {
            **action,
            "domain": [("profile_id", "=", self.id)],
            "context": {"search_default_held": 1},
        }

    # === WHAT FOLLOWS === #

    def _on_status_lifted(self):
        """Look again at what is held."""
        super()._on_status_lifted()
        self.hold_ids.filtered(lambda hold: hold.state == "held").action_evaluate()

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        super()._merge_into(kept)
        self.hold_ids.profile_id = kept
