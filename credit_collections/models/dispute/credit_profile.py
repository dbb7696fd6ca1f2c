from odoo import api, fields, models


class CreditProfile(models.Model):
    """What the customer complains about."""

    _inherit = "credit.profile"

    dispute_ids = fields.One2many("collection.dispute", "profile_id", string="Disputes")
    dispute_count = fields.Integer(
        "Open Disputes", compute="_compute_disputed", compute_sudo=False
    )
    disputed_amount = fields.Monetary(
        "Disputed",
        compute="_compute_disputed",
        compute_sudo=False,
        help="What collection runs leave out because of open disputes.",
    )

    def _compute_disputed(self):
        groups = self.env["collection.dispute"]._read_group(
            [("profile_id", "in", self.ids), ("suspended_amount", ">", 0)],
            ["profile_id"],
            ["__count", "suspended_amount:sum"],
        )
        figures = {profile: rest for profile, *rest in groups}
        for profile in self:
            profile.dispute_count, profile.disputed_amount = figures.get(
                profile, (0, 0.0)
            )

    # === ACTIONS === #

    def action_dispute(self):
        """Open a dispute about open items of the customer, to be chosen."""
        self.ensure_one()
        items = self._get_open_items()
        action = items.action_dispute()
        action["context"]["dispute_is_choice"] = len(items) > 1
        return action

    def action_open_disputes(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_dispute_action"
        )
        return {
            **action,
            "domain": [("profile_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        super()._merge_into(kept)
        self.dispute_ids.profile_id = kept

    # === RISK === #

    @api.model
    def _flush_risk_facts(self):
        super()._flush_risk_facts()
        self.env["collection.dispute"].flush_model()
