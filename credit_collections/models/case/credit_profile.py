from odoo import fields, models
from odoo.fields import Domain

from ...tools import access
from ...tools.client_actions import open_dialog


class CreditProfile(models.Model):
    """Cases of the customer."""

    _inherit = "credit.profile"

    case_ids = fields.One2many(
        "collection.case", "profile_id", string="Cases", groups=access.OFFICE
    )
    case_count = fields.Integer(
        "Open Cases",
        compute="_compute_case_count",
        compute_sudo=False,
        groups=access.OFFICE,
    )

    def _compute_case_count(self):
        if not self.env["collection.case"].has_access("read"):
            self.case_count = 0
            return
        counts = dict(
            self.env["collection.case"]._read_group(
                [("profile_id", "in", self.ids), ("state", "!=", "closed")],
                ["profile_id"],
                ["__count"],
            )
        )
        for profile in self:
            profile.case_count = counts.get(profile, 0)

    # === ACTIONS === #

    def action_open_case(self):
        """Ask with which items a case is opened, or for many customers by whom."""
        self.env["collection.case"]._check_may_open(self)
        items = self._get_open_items() if len(self) == 1 else []
        free = [item.id for item in items if item.case_id.state in (False, "closed")]
        return open_dialog(
            self.env,
            "collection.case.open",
            self.env._("Open Case"),
            profile_ids=self.ids,
            move_line_ids=free,
        )

    def action_open_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_case_action"
        )
        return {**action, "domain": [("profile_id", "=", self.id)], "context": {}}

    # === BY NIGHT === #

    def _put_cases_right(self, root):
        """Close what was settled, open again what is open: for all that was missed."""
        cases_sudo = self.env["collection.case"].sudo()  # for everybody
        of_customers = Domain("profile_id", "in", self.ids)
        going_on = Domain("state", "!=", "closed")
        cases_sudo.search(of_customers & going_on)._close_settled()
        is_open = Domain("move_line_ids.reconciled", "=", False)
        cases_sudo.search(of_customers & ~going_on & is_open)._open_again()

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        super()._merge_into(kept)
        self.case_ids.profile_id = kept
