from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.hold.change import Weight, is_within
from ...tools.access import CONTROLLER, is_within_authority, require
from ...tools.client_actions import open_dialog


class SaleOrder(models.Model):
    """Single orders that credit control leaves alone, because somebody said so."""

    _inherit = "sale.order"

    credit_excluded = fields.Boolean(
        "Excluded from Credit Control",
        readonly=True,
        copy=False,
        tracking=True,
        help="No credit rule is asked about this order.",
        groups="base.group_user",
    )
    credit_excluded_by_id = fields.Many2one(
        "res.users", "Excluded By", readonly=True, copy=False, groups="base.group_user"
    )
    credit_excluded_note = fields.Char(
        "Why Excluded",
        readonly=True,
        copy=False,
        tracking=True,
        groups="base.group_user",
    )
    credit_excluded_as = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What the order was when it was excluded.",
    )

    # === RIGHTS === #

    def _credit_check_may_exclude(self):
        """Refuse all but credit managers, and controllers within their authority."""
        if self.env.su:
            return
        require(
            self.env,
            self.env._(
                "Only credit controllers and managers exclude orders from credit "
                "control."
            ),
            CONTROLLER,
        )
        for order in self.sudo():  # controllers may have no rights on sales
            if order.company_id not in self.env.companies:
                raise AccessError(
                    self.env._(
                        "%(order)s is an order of %(company)s, where you do not work.",
                        order=order.name,
                        company=order.company_id.name,
                    )
                )
            if not order._credit_is_within_authority(self.env.user):
                raise AccessError(
                    self.env._(
                        "%s is above your authority; a credit manager is needed.",
                        order.name,
                    )
                )

    def _credit_is_within_authority(self, user):
        """Tell whether a user may decide about an order as large as this one is now."""
        return is_within_authority(user, self.company_id, self._credit_total())

    # === DECISION === #

    def _credit_is_excluded(self):
        """Tell whether no rule is asked about the order.

        An order that is no longer what was excluded, or grows beyond what the one who
        excluded it may decide, is asked about again.
        """
        if not self.credit_excluded:
            return False
        order_sudo = self.sudo()  # whatever it takes
        user = self.credit_excluded_by_id
        return order_sudo._credit_is_as_excluded() and (
            order_sudo._credit_is_within_authority(user)
        )

    def _credit_is_as_excluded(self):
        """Tell whether the order is what was excluded, give or take what controllers
        may let an order grow by."""
        if not self.credit_excluded_as:
            return False
        kept = Weight.from_json(self.credit_excluded_as)
        cap = self.company_id.credit_release_tolerance_cap
        return is_within(kept.grown_by(cap), self._credit_weight())

    def _credit_exclude(self, note):
        """Leave these orders alone; those that are held are looked at again.

        :param note: why, in words
        """
        self._credit_check_may_exclude()
        orders_sudo = self.sudo()  # who may decide need not have rights on sales
        for order_sudo in orders_sudo:
            order_sudo.write(
                {
                    "credit_excluded": True,
                    "credit_excluded_by_id": self.env.uid,
                    "credit_excluded_note": note,
                    "credit_excluded_as": order_sudo._credit_weight().to_json(),
                }
            )
        held = orders_sudo._credit_get_hold().filtered(
            lambda hold: hold.state == "held"
        )
        held.with_env(self.env).action_evaluate()

    # === ACTIONS === #

    def action_credit_exclude(self):
        self.ensure_one()
        self._credit_check_may_exclude()
        order_sudo = self.sudo()  # who may decide need not have rights on sales
        if order_sudo.state == "cancel":
            raise UserError(self.env._("%s is cancelled.", order_sudo.name))
        return open_dialog(
            self.env,
            "credit.order.exclude",
            self.env._("Exclude from Credit Control"),
            order_id=self.id,
        )

    def action_credit_include(self):
        """Let the rules be asked about these orders again."""
        self._credit_check_may_exclude()
        # who may decide need not have rights on sales
        self.sudo().write(
            {
                "credit_excluded": False,
                "credit_excluded_by_id": False,
                "credit_excluded_note": False,
                "credit_excluded_as": False,
            }
        )
        return True
