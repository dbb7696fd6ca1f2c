from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...sql.hub.open_items import is_owed
from ...tools import access
from ...tools.client_actions import open_dialog


class AccountMoveLine(models.Model):
    """What is disputed of receivable items."""

    _inherit = "account.move.line"

    # a plain column, written by the disputes: matching and runs read it as it is
    collection_disputed_amount = fields.Monetary(
        "In Dispute",
        currency_field="currency_id",
        readonly=True,
        copy=False,
        help="Collection runs leave this part out, in the currency of the item.",
        groups="base.group_user",
    )

    def action_dispute(self):
        """Open one dispute about these items."""
        self._check_may_dispute()
        items = self._open_receivables()
        if not items:
            raise UserError(self.env._("Nothing is open that could be disputed."))
        items._check_one_customer()
        return open_dialog(
            self.env,
            "collection.dispute.open",
            self.env._("Dispute"),
            move_line_ids=items.ids,
        )

    def _check_may_dispute(self):
        self.check_access("read")
        access.require(
            self.env,
            self.env._("Only collectors and salespeople open disputes."),
            access.COLLECTOR,
            "sales_team.group_sale_salesman",
        )

    def _check_one_customer(self):
        roots_sudo = self.company_id.sudo().root_id  # branches are one company here
        if len(self.partner_id.commercial_partner_id) != 1 or len(roots_sudo) != 1:
            raise UserError(
                self.env._("A dispute is about items of one customer in one company.")
            )

    def _open_receivables(self):
        """Return the open receivable items among these lines, payments left out."""
        return self.filtered(is_owed)

    def _open_dispute(self, values, lines):
        """Open a dispute about these items and return it.

        :param values: values of the dispute
        :param lines: values of its lines
        """
        self._check_may_dispute()
        self._check_one_customer()
        profile = self.env["credit.profile"]._ensure(
            self.company_id.sudo().root_id,  # branches share the profile
            self.partner_id.commercial_partner_id.ids,
        )
        # salespeople may complain for customers; what is opened was checked above
        disputes_sudo = self.env["collection.dispute"].sudo()
        dispute_sudo = disputes_sudo.create(
            {
                **values,
                "profile_id": profile.id,
                "requested_by_id": self.env.user.id,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        return dispute_sudo.with_env(self.env)
