from odoo import api, fields, models
from odoo.tools import formatLang

from ..engine import hold_rules
from ..engine.release import FORCED


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
        return [*kinds, (FORCED, self.env._("Held by hand"))]

    def _is_of_rules(self):
        """Tell whether a rule found this reason."""
        return self.kind != FORCED

    @api.model
    def _prepare_forced(self, reason, note):
        """Return the values of a line for a reason that a person gave."""
        message = self.env._("Held by hand: %(reason)s.", reason=reason.name)
        return {"kind": FORCED, "message": " ".join([message, note or ""]).strip()}

    @api.model
    def _prepare_vals(self, finding, verdict):
        """Return the values of a line for a finding of the engine."""
        return {
            "rule_id": finding.rule_id,
            "kind": finding.kind,
            "value": finding.value,
            "threshold": finding.threshold,
            "missing_amount": verdict.currency.round(finding.missing),
            "message": self._explain(
                finding, verdict.customer, verdict.order, verdict.currency
            ),
        }

    @api.model
    def _explain(self, finding, customer, order, currency):
        """Say in plain words what was found, with the numbers."""
        explain = {
            hold_rules.LIMIT_USED: self._explain_limit_used,
            hold_rules.DAYS_OVERDUE: self._explain_days_overdue,
            hold_rules.OVERDUE_AMOUNT: self._explain_overdue_amount,
            hold_rules.ORDER_AMOUNT: self._explain_order_amount,
            hold_rules.MANUAL: self._explain_manual,
        }[finding.kind]

        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        return explain(finding, customer, order, money)

    def _explain_limit_used(self, finding, customer, order, money):
        if not customer.limit:
            return self.env._(
                "The customer gets no credit. With this order %(after)s would be open.",
                after=money(customer.exposure + order.on_credit),
            )
        return self.env._(
            "With this order the exposure is %(after)s, %(used)s of the limit of "
            "%(limit)s (allowed: %(share)s). It is %(missing)s too much.",
            after=money(customer.exposure + order.on_credit),
            used=self.env["credit.rule"]._percent(finding.value),
            limit=money(customer.limit),
            share=self.env["credit.rule"]._percent(finding.threshold),
            missing=money(finding.missing),
        )

    def _explain_days_overdue(self, finding, customer, order, money):
        return self.env._(
            "The oldest open invoice is %(days)s days overdue (allowed: %(allowed)s). "
            "%(overdue)s is overdue in all.",
            days=int(finding.value),
            allowed=int(finding.threshold),
            overdue=money(customer.overdue_amount),
        )

    def _explain_overdue_amount(self, finding, customer, order, money):
        return self.env._(
            "%(overdue)s is overdue (allowed: %(allowed)s).",
            overdue=money(finding.value),
            allowed=money(finding.threshold),
        )

    def _explain_order_amount(self, finding, customer, order, money):
        return self.env._(
            "The order comes to %(amount)s (allowed without a look: %(allowed)s).",
            amount=money(finding.value),
            allowed=money(finding.threshold),
        )

    def _explain_manual(self, finding, customer, order, money):
        profile = self.env["credit.profile"].browse(customer.profile_id)
        reason = profile.status_reason_id.name
        if not reason:
            return self.env._("The customer is on hold.")
        return self.env._("The customer is on hold: %(reason)s.", reason=reason)
