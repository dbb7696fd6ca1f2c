from odoo import fields, models

from ...tools.client_actions import open_dialog


class AccountMoveLine(models.Model):
    """What is promised of receivable items."""

    _inherit = "account.move.line"

    collection_promise_line_ids = fields.One2many(
        "collection.promise.line",
        "move_line_id",
        string="Promises",
        groups="base.group_user",
    )

    def action_promise(self):
        """Take a promise to pay for these items."""
        self.env["collection.promise"].check_access("create")
        return open_dialog(
            self.env,
            "collection.promise.make",
            self.env._("Promise to Pay"),
            move_line_ids=self.ids,
        )
