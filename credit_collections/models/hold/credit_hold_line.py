from odoo import api, fields, models
from odoo.tools import formatLang

from ...engine.hold.release import FORCED, PAID_BACK
from ...engine.rule.kinds import ORDER_AMOUNT


class CreditHoldLine(models.Model):
    """One reason of a hold, with the numbers the decision was taken on."""

    _name = "credit.hold.line"
    _description = "Credit Hold Reason"
    _order = "id"

    hold_id = fields.Many2one(
        "credit.hold", required=True, index=True, ondelete="cascade"
    )
    rule_id = fields.Many2one("credit.rule", ondelete="set null", readonly=True)
    kind = fields.Selection(
        lambda self: self._selection_kind(),
        required=True,
        readonly=True,
    )
    value = fields.Float(
        readonly=True, help="What was found: an amount, share or days."
    )
    threshold = fields.Float(readonly=True, help="What the rule allows.")
    missing_amount = fields.Monetary(
        "Payment Needed",
        readonly=True,
        help="Payment that would clear this reason; 0 where money alone does not help.",
    )
    currency_id = fields.Many2one(related="hold_id.currency_id")
    message = fields.Text(
        "Reason", required=True, readonly=True, help="The reason in plain words."
    )
    cleared_date = fields.Datetime(
        "Cleared On",
        readonly=True,
        help="When an evaluation found that the reason no longer holds.",
    )

    @api.model
    def _selection_kind(self):
        kinds = self.env["credit.rule"]._fields["kind"]._description_selection(self.env)
        return [
            *kinds,
            (FORCED, self.env._("Held by hand")),
            (PAID_BACK, self.env._("Payment taken back")),
        ]

    def _is_of_rules(self):
        """Tell whether a rule found this reason."""
        return self.kind not in (FORCED, PAID_BACK)

    def _is_by_hand(self):
        """Tell whether what a rule found was decided by a person."""
        return self._is_found_by_hand(self)

    @api.model
    def _is_found_by_hand(self, finding):
        """Tell so of a finding of the engine, or of a line: both have a kind."""
        kind = self.env["credit.rule"]._get_kinds().get(finding.kind)
        return bool(kind) and kind.engine.by_hand

    @api.model
    def _prepare_forced(self, reason, note):
        """Return the values of a line for a reason that a person gave."""
        message = self.env._("Held by hand: %(reason)s.", reason=reason.name)
        return {"kind": FORCED, "message": " ".join([message, note or ""]).strip()}

    @api.model
    def _prepare_vals(self, finding, verdict):
        """Return the values of a line for a finding of the engine."""
        facts = (verdict.customer, verdict.order, verdict.currency)
        message = self._explain_part(finding, verdict)
        message = message or self.env["credit.rule"]._explain_finding(finding, *facts)
        return {
            "rule_id": finding.rule_id,
            "kind": finding.kind,
            "value": finding.value,
            "threshold": finding.threshold,
            "missing_amount": verdict.currency.round(finding.missing),
            "message": message,
        }

    @api.model
    def _explain_part(self, finding, verdict):
        """Say what was found of a part of an order; nothing where words for the whole
        order do. Override to add words for another checkpoint."""
        if (finding.kind, verdict.checkpoint) != (ORDER_AMOUNT, "invoice"):
            return ""
        return self.env._(
            "The invoice comes to %(amount)s (allowed without a look: %(allowed)s).",
            amount=formatLang(self.env, finding.value, currency_obj=verdict.currency),
            allowed=formatLang(
                self.env, finding.threshold, currency_obj=verdict.currency
            ),
        )
