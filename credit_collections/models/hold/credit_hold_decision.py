from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import formatLang

from ...tools.access import CONTROLLER, is_within_authority, require
from .credit_hold import WHOLE_ORDER


class CreditHold(models.Model):
    """Release and rejection: what people decide on held orders."""

    _inherit = "credit.hold"

    may_decide = fields.Boolean(
        "Mine to Decide",
        compute="_compute_may_decide",
        help="The user may reject the order and release a part of it.",
    )

    @api.depends("state", "amount")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for hold in self:
            hold.may_decide = hold.state == "held" and hold._is_within_authority()

    # === RIGHTS === #

    def _check_may_decide(self):
        """Refuse decisions to those who may not take them on these orders."""
        if self.env.su:
            return
        require(
            self.env,
            self.env._("Only credit controllers and managers decide on held orders."),
            CONTROLLER,
        )
        for hold in self.filtered(lambda hold: not hold._is_within_authority()):
            authority = hold.company_id.sudo().credit_controller_authority
            raise AccessError(
                self.env._(
                    "%(order)s comes to %(amount)s. You may decide up to "
                    "%(authority)s; a credit manager is needed.",
                    order=hold.order_id.sudo().name,
                    amount=self._money(hold._amount_to_decide(), hold.currency_id),
                    authority=self._money(authority, hold.currency_id),
                )
            )

    def _is_within_authority(self):
        """Tell whether the user may decide alone, where no approval tier says more."""
        return self.env.su or is_within_authority(
            self.env.user, self.company_id, self._amount_to_decide()
        )

    def _amount_to_decide(self):
        """Return the amount of the order, which may have grown since it was held."""
        return max(self.amount, self.order_id.sudo()._credit_total())

    def _claim(self):
        """Lock holds for a decision; refuse those that somebody else decided."""
        self.check_access("write")
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is deciding on these orders. Try again.")
            ) from error
        self.invalidate_recordset(["state"])
        states = dict(self._fields["state"]._description_selection(self.env))
        for hold in self.filtered(lambda hold: hold.state != "held"):
            raise UserError(
                self.env._(
                    "%(order)s is no longer held: %(state)s by %(user)s.",
                    order=hold.order_id.sudo().name,
                    state=states[hold.state].lower(),
                    user=hold.released_by_id.name or self.env._("the system"),
                )
            )

    # === RELEASE === #

    def _release(
        self, reason, *, note="", confirm=True, valid_days=None, tolerance=None
    ):
        """Release held orders.

        :param reason: ``credit.reason`` of kind release
        :param confirm: also continue what was stopped; otherwise the salesperson
            confirms, and is not held again within validity and tolerance
        :param valid_days: days of validity, default the company's
        :param tolerance: share by which the order may grow, default the company's
        :return: ``{hold: error message}`` of orders that could not be confirmed;
            they are released all the same
        """
        self._check_may_decide()
        self._claim()
        today = self.env["res.company"]._credit_today()
        for hold in self.sudo():  # what was released is written by decisions alone
            hold.released_amount = hold.order_id._credit_total()
        for company, holds in self.grouped("company_id").items():
            policy = company.sudo()  # parameters of the policy
            days = policy.credit_release_validity_days
            days = days if valid_days is None else valid_days
            share = policy.credit_release_tolerance
            holds._set_state(
                "released",
                **self._prepare_decision_vals(reason, note),
                valid_until=today + timedelta(days=days),
                tolerance=share if tolerance is None else tolerance,
            )
        self._tell_salespeople(self.env._("Released"))
        return self._continue() if confirm else {}

    def _prepare_decision_vals(self, reason, note):
        return {
            "release_reason_id": reason.id,
            "release_note": note,
            "released_by_id": self.env.uid,
            "released_date": fields.Datetime.now(),
        }

    def _continue(self):
        """Continue what was stopped, one order after the other.

        An order that can't be confirmed for a reason of its own does not stop the rest.
        """
        errors = {}
        for hold in self:
            try:
                with self.env.cr.savepoint():
                    hold._continue_one()
            except (UserError, AccessError) as error:
                errors[hold] = str(error)
        return errors

    def _continue_one(self):
        """Do what the order was held from. Override to continue other checkpoints."""
        # whoever may release lets the order go on, also without rights on sales
        order = self.order_id.sudo()
        if order.state in ("draft", "sent"):
            order.with_context(send_email=self.send_confirmation).action_confirm()
            order.transaction_ids._credit_invoice_released()
        elif order.state == "sale" and self.checkpoint in WHOLE_ORDER:
            order.order_line._credit_run_withheld()

    # === REJECTION === #

    def _reject(self, reason, *, note=""):
        """Reject held orders; they stay quotations, and the salesperson is told why."""
        self._check_may_decide()
        self._claim()
        self._set_state("rejected", **self._prepare_decision_vals(reason, note))
        self._tell_salespeople(self.env._("Rejected"))

    @api.model
    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)
