from functools import partial

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.approval import share_over
from ...engine.limit.limit_changes import CANCEL, CEILING
from ...engine.limit.limits import effective_limit
from ...sql.limit.limit_lines import READS, line_amounts
from ...tools.access import MANAGER
from ...tools.statements import flush


class CreditLimitChange(models.Model):
    """Whose approval a limit change needs: by its highest limit and largest raise."""

    _name = "credit.limit.change"
    _inherit = ["credit.limit.change", "credit.approval.mixin"]

    def _approval_document(self):
        return "limit_change"

    def _approval_facts(self):
        self.ensure_one()
        amounts = [*self._get_customer_amounts(), *self._get_group_amounts()]
        company_sudo = self.company_id.sudo()  # of a branch: not the user's
        return {
            # an approval has an amount: unlimited credit is more than all of them
            "amount": max(
                (CEILING if new is None else new for _old, new in amounts), default=0.0
            ),
            "share_over": max((_raised_by(*pair) for pair in amounts), default=0.0),
            "company": company_sudo,
            "currency": company_sudo.currency_id,
            "numbers": self._prepare_approval_numbers(amounts),
        }

    def _get_customer_amounts(self):
        """Yield the limits that count now and the new ones, in company currency.

        ``None`` for unlimited credit. Lines that were rejected don't count.
        """
        flush(self.env, READS)
        company_sudo = self.company_id.sudo()  # parameters of the policy
        scope = company_sudo._credit_scope(company_sudo.id)
        rows = self._read_slices(partial(line_amounts, self.id))
        for _line_id, kind, policy, limit, is_limited, effective, *own in rows:
            if kind == CANCEL:
                policy, limit = own
            yield (
                effective if is_limited else None,
                effective_limit(
                    policy, limit, scope.default_policy, scope.default_limit
                ),
            )

    def _get_group_amounts(self):
        """Return what :meth:`_get_customer_amounts` yields, of groups: there are never
        many."""
        lines = self.env["credit.limit.change.line"].search(
            self._get_left_domain() & Domain("group_id", "!=", False)
        )
        return [line._get_group_amounts() for line in lines]

    def _get_left_domain(self):
        return Domain("change_id", "=", self.id) & Domain("state", "!=", "rejected")

    def _prepare_approval_numbers(self, amounts):
        """Return what is kept of the decision: all of one line, the sums of many."""
        numbers = {self.env._("Kind"): self._get_kind_label()}
        unlimited = self.env._("unlimited")
        if len(amounts) != 1:
            old, new = (
                sum(amount or 0.0 for amount in column)
                for column in zip(*amounts, strict=True)
            )
            return {
                **numbers,
                self.env._("Customers"): len(amounts),
                self.env._("Limits so far"): old,
                self.env._("New limits"): new,
                self.env._("Unlimited"): sum(pair[1] is None for pair in amounts),
            }
        line = self.env["credit.limit.change.line"].search(self._get_left_domain())
        ((old, new),) = amounts
        numbers |= {
            self.env._("Customer"): line.group_id.name or line.profile_id.display_name,
            self.env._("Limit so far"): unlimited if old is None else old,
            self.env._("New limit"): unlimited if new is None else new,
            self.env._("From"): format_date(self.env, line.date_from),
            self.env._("Until"): format_date(self.env, line.date_to),
        }
        if line.profile_id:
            numbers[self.env._("Exposure")] = line.profile_id.exposure
            numbers[self.env._("Overdue")] = line.profile_id.overdue_amount
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

    def _get_group_amounts(self):
        """Return the limit of the group that counts now and the new one, in company
        currency."""
        company_sudo = self.company_id.sudo()  # parameters of the policy
        today = self.company_id._credit_today()
        own = self.group_id.credit_limit
        amounts = own, self.new_limit
        if self.kind == CANCEL:
            amounts = self.temporary_id.new_limit, own
        return tuple(
            self.currency_id._convert(
                amount, company_sudo.currency_id, company_sudo, today, round=False
            )
            for amount in amounts
        )


def _raised_by(old, new):
    """Return by which share a limit is raised, infinite to unlimited credit."""
    if old is None:
        return 0.0
    return float("inf") if new is None else share_over(old, new - old)
