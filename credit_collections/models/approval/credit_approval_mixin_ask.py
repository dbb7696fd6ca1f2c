from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import formatLang

from ...engine.approval import Case

#: What is stored for a share over a limit that is infinite: without any credit.
MOST_SHARE = 99.99


class CreditApprovalMixin(models.AbstractModel):
    """Asking for approvals: which levels are needed, and what they are told."""

    _inherit = "credit.approval.mixin"

    def _request_approval(self, note="", options=None):
        """Ask for the approval of one document.

        :param note: why, in the words of who asks; kept for good
        :param options: what is asked for in detail, as JSON, for
            :meth:`_on_approval_granted`
        :return: ``True`` where nobody is needed
        :raise UserError: it waits already, or nobody but who asks could approve
        """
        self.ensure_one()
        return bool(self._request_approvals(note, options))

    def _request_approvals(self, note="", options=None, requester=None):
        """Ask for the approval of many documents, see :meth:`_request_approval`.

        :param requester: who asks, default the user
        :return: the documents for which nobody is needed
        """
        self._check_not_waiting()
        free = self.browse()
        vals_list = []
        for record, facts in self._approval_facts_batch().items():
            steps = record._prepare_approval_steps(facts)
            if not steps:
                free |= record
                continue
            asks = requester or self.env.user
            vals_list.append(
                {
                    **record._prepare_approval_vals(facts, asks),
                    "step_ids": [Command.create(vals) for vals in steps],
                    "request_note": note,
                    "options": options or {},
                }
            )
        # approvals are made by documents that need them, never by hand
        approvals = self.env["credit.approval"].sudo()
        approvals.flush_model(["state"])  # one that was just decided is in the way
        approvals = approvals.create(vals_list)
        for approval in approvals:
            approval.step_id = approval.step_ids[:1]
        approvals._check_somebody_may_decide()
        approvals._ask_deciders()
        return free

    def _check_not_waiting(self):
        for record in self.filtered(lambda record: record.approval_state == "pending"):
            approval = record.approval_id.sudo()  # for whom it waits is no secret
            raise UserError(
                self.env._(
                    "%(document)s waits for “%(tier)s” already.",
                    document=record.display_name,
                    tier=approval.step_id.name,
                )
            )

    def _approval_tiers(self, facts):
        """Return the tiers that a decision on these facts needs, in their order."""
        self.ensure_one()
        case = Case(
            document=self._approval_document(),
            company_id=facts["company"].id,
            amount=facts["amount"],
            share_over=facts["share_over"],
            day=self.env["res.company"]._credit_today(),
        )
        return self.env["credit.approval.tier"].sudo()._get_needed(case)

    def _prepare_approval_steps(self, facts):
        """Return the values of the steps: the tiers, else who decides without one."""
        approvals = self.env["credit.approval"]
        tiers = self._approval_tiers(facts)
        if tiers:
            return [approvals._prepare_step_vals(tier) for tier in tiers]
        group = self._approval_fallback_group()
        return [{"name": group.name, "group_id": group.id}] if group else []

    def _prepare_approval_vals(self, facts, requester):
        self.ensure_one()
        excluded = requester | self._approval_excluded()
        return {
            "document": self._approval_document(),
            "res_model": self._name,
            "res_id": self.id,
            "res_name": self._approval_name(),
            "company_id": facts["company"].id,
            "currency_id": facts["currency"].id,
            "amount": facts["amount"],
            "share_over": min(facts["share_over"], MOST_SHARE),
            "numbers": self._approval_numbers(facts),
            "requested_by_id": requester.id,
            "excluded_ids": [Command.set(excluded.ids)],
        }

    @api.model
    def _approval_numbers(self, facts):
        """Return the numbers as they are shown: pairs of label and text, in order."""
        return [
            [
                str(label),
                formatLang(self.env, value, currency_obj=facts["currency"])
                if isinstance(value, float)
                else str(value),
            ]
            for label, value in facts.get("numbers", {}).items()
        ]
