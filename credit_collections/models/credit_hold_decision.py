from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import formatLang

from ..engine.hold_rules import MANUAL
from .credit_hold import WHOLE_ORDER

CONTROLLER = "credit_collections.group_credit_controller"
MANAGER = "credit_collections.group_credit_manager"


class CreditHold(models.Model):
    """Release, rejection, evaluation: what people and rules decide on held orders."""

    _inherit = "credit.hold"

    # === RIGHTS === #

    def _check_may_decide(self):
        """Refuse decisions to those who may not take them on these orders."""
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        if not self.env.user.has_group(CONTROLLER):
            raise AccessError(
                self.env._(
                    "Only credit controllers and managers decide on held orders."
                )
            )
        for hold in self:
            authority = hold.company_id.sudo().credit_controller_authority
            # the order may have grown since it was held
            amount = max(hold.amount, hold.order_id.sudo()._credit_total())
            if hold.currency_id.compare_amounts(amount, authority) > 0:
                raise AccessError(
                    self.env._(
                        "%(order)s comes to %(amount)s. You may decide up to "
                        "%(authority)s; a credit manager is needed.",
                        order=hold.order_id.sudo().name,
                        amount=self._money(amount, hold.currency_id),
                        authority=self._money(authority, hold.currency_id),
                    )
                )

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
        for hold in self:
            company = hold.company_id.sudo()  # parameters of the policy
            days = company.credit_release_validity_days
            days = days if valid_days is None else valid_days
            share = company.credit_release_tolerance
            hold._set_state(
                "released",
                {
                    **self._prepare_decision_vals(reason, note),
                    "valid_until": today + timedelta(days=days),
                    "tolerance": share if tolerance is None else tolerance,
                    "released_amount": hold.order_id.sudo()._credit_total(),
                },
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
        self._set_state("rejected", self._prepare_decision_vals(reason, note))
        self._tell_salespeople(self.env._("Rejected"))

    # === EVALUATION === #

    def action_evaluate(self):
        """Look at held orders again: reasons that no longer hold fall away.

        Orders without any reason left are released, where the company wants so.
        """
        if not self.env.su and not self.env.user.has_group(CONTROLLER):
            raise AccessError(
                self.env._("Only credit controllers and managers evaluate held orders.")
            )
        holds = self.filtered(lambda hold: hold.state == "held")
        holds._claim()
        verdicts = holds._verdicts()
        for hold in holds:
            hold._update_reasons(verdicts[hold.order_id])
        ready = holds.filtered("is_ready")
        released = ready.filtered(lambda hold: hold._may_release_itself())
        errors = released._release_automatically()
        return self._notify(
            self.env._(
                "%(all)s evaluated, %(released)s released, %(ready)s ready to release.",
                all=len(holds),
                released=len(released) - len(errors),
                ready=len(ready - released),
            ),
            errors,
        )

    def _update_reasons(self, verdict):
        """Clear lines whose reason is gone, and add lines for new reasons.

        Lines whose reason still holds keep the numbers of the first decision.
        """
        hold = self.sudo()  # reasons are written by decisions only
        current = hold.line_ids.filtered(lambda line: not line.cleared_date)
        found = {finding.rule_id: finding for finding in verdict.findings}
        gone = hold._reasons_gone(current, verdict)
        gone.write({"cleared_date": fields.Datetime.now()})
        known = (current - gone).rule_id.ids
        hold.line_ids.create(
            [
                {**hold.line_ids._prepare_vals(finding, verdict), "hold_id": hold.id}
                for rule_id, finding in found.items()
                if rule_id not in known
            ]
        )

    def _may_release_itself(self):
        """Tell whether the company releases this hold without a person.

        Orders that were held because the customer was put on hold never are.
        """
        by_hand = MANUAL in self.line_ids.mapped("kind")
        return self.company_id.sudo().credit_auto_release and not by_hand

    def _release_automatically(self):
        reason = self.env.ref("credit_collections.credit_reason_release_automatic")
        # no authority is needed: no rule is broken any more
        return self.sudo()._release(reason) if self else {}

    @api.model
    def _cron_evaluate(self):
        """Evaluate all held orders in the background, company by company."""
        cron = self.env["ir.cron"]
        groups = self._read_group(
            [("state", "=", "held")], ["company_id"], ["id:recordset"]
        )
        cron._commit_progress(remaining=len(groups))
        for _company, holds in groups:
            holds.try_lock_for_update().action_evaluate()
            if not cron._commit_progress(1):
                break

    @api.model
    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)
