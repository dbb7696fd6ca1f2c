from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine.exemption import ALWAYS, NEVER


class SaleOrder(models.Model):
    """Orders that were decided to be looked at, or not, whoever buys."""

    _inherit = "sale.order"

    # Empty for nearly all: a default would write every order at install.
    credit_check = fields.Selection(
        [(ALWAYS, "Always"), (NEVER, "Never")],
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="Whether the credit rules look at this order. Empty: as at the other "
        "orders of the customer.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("credit_check") for vals in vals_list):
            self._credit_check_may_exempt()
        return super().create(vals_list)

    def write(self, vals):
        if "credit_check" in vals:
            self._credit_check_may_exempt()
        return super().write(vals)

    def _credit_check_may_exempt(self):
        if self.env.su or self.env.user.has_group(
            "credit_collections.group_credit_controller"
        ):
            return
        raise AccessError(
            self.env._(
                "Only credit controllers and managers decide whether the credit rules "
                "look at an order."
            )
        )

    def _credit_is_exempt(self):
        """Return what was decided about this order alone, ``None`` where nothing."""
        return self.credit_check == NEVER if self.credit_check else None
