from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ...engine.hub.amounts import EPSILON
from ...tools.client_actions import open_dialog
from .credit_approval_mixin_ask import MOST_SHARE


class CreditApproval(models.Model):
    """Deciding: in which order, and what follows."""

    _inherit = "credit.approval"

    def _claim(self):
        """Lock approvals for a decision; refuse those that somebody else decided."""
        try:
            # who may decide need not be able to write
            self.sudo().lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is deciding on this. Try again.")
            ) from error
        self.invalidate_recordset(["state", "step_id"])
        states = dict(self._fields["state"]._description_selection(self.env))
        for approval in self.sudo():  # who decided is told to everybody who tries
            if approval.state != "pending":
                raise UserError(
                    self.env._(
                        "%(approval)s: %(state)s already by %(user)s.",
                        approval=approval.display_name,
                        state=states[approval.state].lower(),
                        user=approval.decided_by_id.name or self.env._("the system"),
                    )
                )

    # === BUTTONS === #

    def action_approve(self):
        """Ask for the wording of an approval."""
        return self._open_decide("approve", self.env._("Approve"))

    def action_refuse(self):
        """Ask for the wording of a refusal."""
        return self._open_decide("refuse", self.env._("Refuse"))

    def _open_decide(self, decision, name):
        pending = self.filtered(lambda approval: approval.state == "pending")
        if not pending:
            raise UserError(self.env._("Nothing here waits for an approval any more."))
        return open_dialog(
            "credit.approval.decide", name, approval_ids=pending.ids, decision=decision
        )

    def action_recall(self):
        """Take back what one asked for; the document waits for nobody any more."""
        self._claim()
        for approval in self:
            if not self.env.su and approval.requested_by_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only %(user)s, who asked, takes %(approval)s back.",
                        user=approval.requested_by_id.sudo().name,  # named to all
                        approval=approval.display_name,
                    )
                )
        recalled = self.env._("Taken back by %s.", self.env.user.name)
        for approval in self._cancel(recalled):
            approval._get_document()._on_approval_recalled()

    # === DECIDE === #

    def _approve(self, note=""):
        """Approve the level that is due; the last one lets the document go on.

        :param note: the wording of the decision, kept for good
        :return: ``{approval: text}`` of what the user has to know: numbers that have
            grown, so that nothing was decided, or what could not be done
        """
        self._claim()
        on_behalf = self._check_may_decide()
        troubles = {}
        # the tier is the right to decide; the records are written by decisions only
        for approval in self.sudo():
            if approval._refresh_numbers():
                troubles[approval.with_env(self.env)] = self.env._(
                    "The numbers have grown since it was asked for. Look at them again."
                )
                continue
            approval._decide_step("approved", note, on_behalf.get(approval.id))
            upcoming = approval.step_ids.filtered(lambda step: step.state == "waiting")
            if upcoming:
                approval._next_level(upcoming.sorted(lambda s: (s.level, s.id))[0])
            else:
                approval._set_state("approved", **self._prepare_decision_vals(note))
                approval._tell_requester()
                trouble = approval._get_document()._on_approval_granted()
                if trouble:
                    troubles[approval.with_env(self.env)] = trouble
        return troubles

    def _refuse(self, note=""):
        """Refuse; the document stays what it is, and who asked reads why."""
        self._claim()
        on_behalf = self._check_may_decide()
        for approval in self.sudo():  # see _approve
            approval._decide_step("refused", note, on_behalf.get(approval.id))
            approval._set_state("refused", **self._prepare_decision_vals(note))
            approval._tell_requester()
            approval._get_document()._on_approval_refused(note)

    def _cancel(self, note=""):
        """Take back pending approvals that are not wanted any more."""
        # the document decides that, not the user's rights
        return self.sudo()._set_state("cancelled", **self._prepare_decision_vals(note))

    @api.model
    def _prepare_decision_vals(self, note):
        """Return who closes an approval for good, when, and in which words."""
        return {
            "decided_by_id": self.env.uid,
            "decided_date": fields.Datetime.now(),
            "decision_note": note,
        }

    @api.model
    def _prepare_step_vals(self, tier):
        return {"name": tier.name, "level": tier.level, "tier_id": tier.id}

    def _decide_step(self, state, note, on_behalf_id):
        self.ensure_one()
        self.step_id._set_state(
            state,
            decided_by_id=self.env.uid,
            on_behalf_id=on_behalf_id,
            decided_date=fields.Datetime.now(),
            note=note,
            numbers=self.numbers,
        )

    def _next_level(self, step):
        """Ask the next level; who agreed before does not agree once more."""
        self._message_decision(self.step_id)
        self._done_activities()
        self.write(
            {
                "step_id": step.id,
                "excluded_ids": [fields.Command.link(self.env.uid)],
                "reminded_date": False,
            }
        )
        self._ask_deciders()

    def _refresh_numbers(self):
        """Take the numbers anew where they have grown, with the levels they need now.

        :return: whether they have grown
        """
        self.ensure_one()
        document = self._get_document()
        facts = document._approval_facts()
        share = min(facts["share_over"], MOST_SHARE)
        more = self.currency_id.compare_amounts(facts["amount"], self.amount) > 0
        if not more and share <= self.share_over + EPSILON:
            return False
        known = self.step_ids.tier_id
        needed = document._approval_tiers(facts)
        self.write(
            {
                "amount": facts["amount"],
                "share_over": share,
                "numbers": document._approval_numbers(facts),
                "step_ids": [
                    fields.Command.create(self._prepare_step_vals(tier))
                    for tier in needed - known
                ],
            }
        )
        return True
