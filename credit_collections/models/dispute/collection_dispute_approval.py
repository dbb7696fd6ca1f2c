from odoo import models
from odoo.exceptions import AccessError, UserError

from ...engine.approval import share_over
from ...tools import access


class CollectionDispute(models.Model):
    """Credits that others have to approve: whom the tiers name, else a manager."""

    _name = "collection.dispute"
    _inherit = ["collection.dispute", "credit.approval.mixin"]

    # === WHAT IS TO BE DECIDED === #

    def _approval_document(self):
        return "dispute_credit"

    def _approval_name(self):
        return f"{self.name} · {self.sudo().partner_id.name}"  # as on the dispute

    def _approval_facts(self):
        self.ensure_one()
        dispute_sudo = self.sudo()  # who proposes need not have any right on the ledger
        profile_sudo = dispute_sudo.profile_id
        limit = profile_sudo.effective_limit if profile_sudo.is_limited else None
        over = 0.0 if limit is None else profile_sudo.exposure - limit
        return {
            "amount": dispute_sudo.accepted_amount,
            "share_over": share_over(limit, over),
            "company": dispute_sudo.company_id,
            "currency": dispute_sudo.currency_id,
            "numbers": {
                self.env._("Customer"): dispute_sudo.partner_id.display_name,
                self.env._("Invoices"): dispute_sudo.invoice_names or "",
                self.env._("Complaint"): dispute_sudo.reason_id.name,
                self.env._("Disputed"): dispute_sudo.amount,
                self.env._("Credit"): dispute_sudo.accepted_amount,
            },
        }

    def _approval_fallback_group(self):
        return self._approval_managers()

    def _approval_excluded(self):
        """Who opened the dispute does not approve its credit."""
        return self.requested_by_id

    def _approval_asked(self, deciders):
        """Where no tier is set, one credit manager gets the task."""
        if self.approval_id.step_id.tier_id:
            return deciders
        return self._get_dispute_approver() & deciders or deciders

    def _ask_for_credit(self, note=""):
        """Ask for the approval of what is proposed.

        Where no tier is set, a credit manager may propose and approve what somebody
        else opened; who proposes to a tier does not decide in it.
        """
        self.ensure_one()
        self._recall_approval(self.env._("Another credit is proposed."))
        tiered = self._approval_tiers(self._approval_facts())
        opened_by = self.requested_by_id or self.env.user
        self._request_approvals(note, requester=self.env.user if tiered else opened_by)

    # === BUTTONS === #

    def action_approve(self, note=""):
        """Approve the proposed amounts: credit notes are made as drafts."""
        self._check_may_approve()
        troubles = self.approval_id._approve(note)
        if troubles:
            return self.env["credit.approval"]._notify(troubles)
        may_look = self.env["account.move"].has_access("read")
        if len(self) == 1 and self.state == "accepted" and may_look:
            return self.action_open_credit_notes()
        return True

    def action_refuse(self, note=""):
        """Give a proposal back to the department."""
        self._check_may_approve()
        troubles = self.approval_id._refuse(note)
        return self.env["credit.approval"]._notify(troubles) if troubles else True

    def _check_may_approve(self):
        """Refuse what is not proposed, and where no tier is set, who may not decide
        then: a credit manager approves, but not what he opened himself."""
        self.check_access("read")
        self.env["credit.approval"]._check_has_say()
        for dispute in self.filtered(lambda dispute: dispute.is_proposed):
            if dispute.approval_state != "pending":
                dispute._ask_for_credit()  # proposed before approvals were on record
            tier_sudo = dispute.approval_id.sudo().step_id.tier_id  # refuses by itself
            if self.env.su or tier_sudo:
                continue
            access.require(
                self.env,
                self.env._("Only credit managers approve credits."),
                access.MANAGER,
            )
            if dispute.requested_by_id == self.env.user:
                raise AccessError(
                    self.env._(
                        "You opened %s yourself: another credit manager has to approve "
                        "it.",
                        dispute.name,
                    )
                )
        self._check_proposed()

    def _check_proposed(self):
        self._check_state("open", "review")
        if not all(self.mapped("is_proposed")):
            raise UserError(
                self.env._("Say first how much is accepted: press “Accept”.")
            )

    # === WHAT FOLLOWS === #

    def _on_approval_granted(self):
        self._close("accepted", approved_by_id=self.env.uid, is_proposed=False)
        self._create_credit_notes()
        self.line_ids._write_disputed()

    def _on_approval_refused(self, note):
        self._withdraw_proposal()
        refused = self.env._("The proposed credit was not approved. %s", note or "")
        self._message_note(refused.strip())
        self._tell_owner()

    def _on_approval_recalled(self):
        self._withdraw_proposal()

    def _withdraw_proposal(self):
        self.is_proposed = False
        self._set_state("review")
