from odoo import models
from odoo.tools import format_date

from ...engine.approval import share_over
from ...engine.limit.limit_changes import CANCEL, CEILING
from ...engine.limit.limits import effective_limit
from ...tools.access import MANAGER


class CreditLimitChange(models.Model):
    """Whose approval a limit change needs: by its highest limit and largest raise."""

    _name = "credit.limit.change"
    _inherit = ["credit.limit.change", "credit.approval.mixin"]

    def _approval_document(self):
        return "limit_change"

    def _approval_facts(self):
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.state != "rejected")
        amounts = [line._get_amounts() for line in lines]
        company_sudo = self.company_id.sudo()  # of a branch: not the user's
        return {
            # an approval has an amount: unlimited credit is more than all of them
            "amount": max(
                (CEILING if new is None else new for _old, new in amounts), default=0.0
            ),
            "share_over": max((_raised_by(*pair) for pair in amounts), default=0.0),
            "company": company_sudo,
            "currency": company_sudo.currency_id,
            "numbers": self._prepare_approval_numbers(lines, amounts),
        }

    def _prepare_approval_numbers(self, lines, amounts):
        """Return what is kept of the decision: all of one line, the sums of many."""
        numbers = {self.env._("Kind"): self._get_kind_label()}
        unlimited = self.env._("unlimited")
        if len(lines) != 1:
            old, new = (
                sum(amount or 0.0 for amount in column)
                for column in zip(*amounts, strict=True)
            )
            return {
                **numbers,
                self.env._("Customers"): len(lines),
                self.env._("Limits so far"): old,
                self.env._("New limits"): new,
                self.env._("Unlimited"): sum(pair[1] is None for pair in amounts),
            }
        ((old, new),) = amounts
        numbers |= {
            self.env._("Customer"): lines.group_id.name
            or lines.profile_id.display_name,
            self.env._("Limit so far"): unlimited if old is None else old,
            self.env._("New limit"): unlimited if new is None else new,
            self.env._("From"): format_date(self.env, lines.date_from),
            self.env._("Until"): format_date(self.env, lines.date_to),
        }
        if lines.profile_id:
            numbers[self.env._("Exposure")] = lines.profile_id.exposure
            numbers[self.env._("Overdue")] = lines.profile_id.overdue_amount
        return numbers

    def _approval_fallback_group(self):
        """Without a tier, what others propose is up to the credit managers."""
        if self.env.user.has_group(MANAGER):
            return self.env["res.groups"]
        return self.env.ref(MANAGER)

    def _approval_excluded(self):
        """Who wrote a change has no part in deciding on it, whoever submits it."""
        return self.create_uid

    # === WHAT FOLLOWS === #

    def _on_approval_granted(self):
        """Post what was approved, where that is wanted."""
        self._claim("submitted")
        self._approve()

    def _on_approval_refused(self, note):
        self._claim("submitted")
        self._set_state("rejected", refusal_note=note)


class CreditLimitChangeLine(models.Model):
    """What a line comes to, in the currency that approvals count in."""

    _inherit = "credit.limit.change.line"

    def _get_amounts(self):
        """Return the limit that counts now and the new one, in company currency.

        ``None`` for unlimited credit.
        """
        company_sudo = self.company_id.sudo()  # parameters of the policy
        if self.group_id:
            today = self.env["res.company"]._credit_today()
            return tuple(
                self.currency_id._convert(
                    amount, company_sudo.currency_id, company_sudo, today, round=False
                )
                for amount in self._get_group_amounts()
            )
        profile = self.profile_id
        policy, limit = self.new_policy, self.new_limit
        if self.kind == CANCEL:
            policy, limit = profile.limit_policy, profile.credit_limit
        scope = company_sudo._credit_scope(company_sudo.id)
        new = effective_limit(policy, limit, scope.default_policy, scope.default_limit)
        return (profile.effective_limit if profile.is_limited else None, new)

    def _get_group_amounts(self):
        own = self.group_id.credit_limit
        if self.kind == CANCEL:
            return self.temporary_id.new_limit, own
        return own, self.new_limit


def _raised_by(old, new):
    """Return by which share a limit is raised, infinite to unlimited credit."""
    if old is None:
        return 0.0
    return float("inf") if new is None else share_over(old, new - old)
