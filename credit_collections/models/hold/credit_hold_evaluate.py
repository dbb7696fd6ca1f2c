from odoo import fields, models

from ...engine.hold.release import releases_itself
from ...tools.access import CONTROLLER, require


class CreditHold(models.Model):
    """Looking at held orders again: what the rules say now."""

    _inherit = "credit.hold"

    evaluated_date = fields.Datetime(
        "Evaluated On", readonly=True, help="When the rules were last asked again."
    )
    evaluation_error = fields.Char(
        readonly=True, help="Why the rules could not be asked the last time."
    )

    # === ON SCREEN === #

    def _check_may_evaluate(self):
        require(
            self.env,
            self.env._("Only credit controllers and managers evaluate held orders."),
            CONTROLLER,
        )

    def action_evaluate(self):
        """Look at held orders again: reasons that no longer hold fall away.

        Orders without any reason left are released, where company and rules want so.
        """
        self._check_may_evaluate()
        holds = self.filtered(lambda hold: hold.state == "held")
        holds._claim()
        released, errors = holds._evaluate()
        return self._notify(
            self.env._(
                "%(all)s evaluated, %(released)s released, %(ready)s ready to release.",
                all=len(holds),
                released=len(released) - len(errors),
                ready=len(holds.filtered("is_ready") - released),
            ),
            errors,
        )

    # === EVALUATION === #

    def _evaluate(self):
        """Ask the rules again, and release what may release itself.

        :return: the holds that were released, and ``{hold: error message}`` of those
            whose order could not be confirmed
        """
        verdicts = self._verdicts()
        for hold in self:
            hold._update_reasons(verdicts[hold.order_id])
        # that it was looked at is written by evaluations alone
        self.sudo().write(
            {
                "evaluated_date": fields.Datetime.now(),
                "evaluation_error": False,
                "is_evaluation_due": False,
            }
        )
        ready = self.filtered("is_ready")
        released = ready.filtered(lambda hold: hold._may_release_itself())
        return released, released._release_automatically()

    def _update_reasons(self, verdict):
        """Clear lines whose reason is gone, and add lines for new reasons.

        Lines whose reason still holds keep the numbers of the first decision.
        """
        hold_sudo = self.sudo()  # reasons are written by decisions only
        current = hold_sudo.line_ids.filtered(
            lambda line: line._is_of_rules() and not line.cleared_date
        )
        found = {finding.rule_id: finding for finding in verdict.findings}
        gone = hold_sudo._reasons_gone(current, verdict)
        gone.write({"cleared_date": fields.Datetime.now()})
        known = (current - gone).rule_id.ids
        hold_sudo.line_ids.create(
            [
                {
                    **hold_sudo.line_ids._prepare_vals(finding, verdict),
                    "hold_id": hold_sudo.id,
                }
                for rule_id, finding in found.items()
                if rule_id not in known
            ]
        )

    def _may_release_itself(self):
        """Tell whether this hold is released without a person, once no reason is left.

        Orders that were held by hand, or because the customer was, never are.
        """
        if self.line_ids.filtered(lambda line: line._is_by_hand()):
            return False
        return releases_itself(
            self.line_ids.rule_id.sudo().mapped("auto_release"),  # a parameter
            self.company_id.sudo().credit_auto_release,  # a parameter of the policy
        )

    def _release_automatically(self):
        reason = self.env.ref("credit_collections.credit_reason_release_automatic")
        # no authority is needed: no rule is broken any more
        return self.sudo()._release(reason) if self else {}
