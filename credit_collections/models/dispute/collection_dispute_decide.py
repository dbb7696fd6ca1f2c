from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from ...tools import access
from ...tools.client_actions import open_dialog
from .collection_dispute import OPEN_STATES


class CollectionDispute(models.Model):
    """Deciding on disputes: review, propose, reject, withdraw, open again."""

    _inherit = "collection.dispute"

    may_work = fields.Boolean(compute="_compute_may_decide")
    may_withdraw = fields.Boolean(compute="_compute_may_decide")

    @api.depends("department_id", "user_id", "requested_by_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for dispute in self:
            dispute.may_work = dispute._is_answered_by_user()
            own = dispute.requested_by_id == self.env.user
            dispute.may_withdraw = own or dispute.may_work

    # === BUTTONS === #

    def action_review(self):
        """Take disputes in hand."""
        self._check_may_work()
        self._check_state("open")
        owned = self.filtered("user_id")
        owned._set_state("review")
        (self - owned)._set_state("review", user_id=self.env.user.id)

    def action_accept(self):
        """Ask how much of each item is right."""
        self.ensure_one()
        self._check_may_work()
        self._check_state("open", "review")
        return self._open_wizard("collection.dispute.accept", self.env._("Accept"))

    def action_reject(self):
        self._check_may_work()
        self._check_state("open", "review")
        return self._open_wizard("collection.dispute.reject", self.env._("Reject"))

    def action_withdraw(self):
        """The customer, or whoever opened the dispute, does not go on with it."""
        self._check_may_withdraw()
        self._check_state("open", "review")
        self._close("withdrawn")

    def action_reopen(self):
        """Look at disputes again that were rejected or withdrawn."""
        self._check_may_withdraw()
        self._check_state("rejected", "withdrawn")
        self._reopen()
        self.line_ids._check_open_amounts()

    def action_open_profile(self):
        self.ensure_one()
        return self.profile_id._get_records_action()

    # === RIGHTS === #

    def _check_may_work(self):
        """Collectors, and the people of the department, work on disputes."""
        self.check_access("read")
        for dispute in self:
            if not dispute._is_answered_by_user():
                raise AccessError(
                    self.env._(
                        "Only collectors and people of the department “%s” work on "
                        "this dispute.",
                        dispute.sudo().department_id.name,
                    )
                )

    def _is_answered_by_user(self):
        if access.is_allowed(self.env, access.COLLECTOR):
            return True
        dispute = self.sudo()  # members are no data of the user
        department = dispute.department_id
        people = department.member_ids + department.lead_id + dispute.user_id
        return self.env.user in people

    def _check_may_withdraw(self):
        self.check_access("read")
        if any(dispute.requested_by_id != self.env.user for dispute in self):
            self._check_may_work()

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for dispute in self:
            if dispute.state not in states:
                raise UserError(
                    self.env._(
                        "%(dispute)s is %(state)s already.",
                        dispute=dispute.name,
                        state=labels[dispute.state].lower(),
                    )
                )

    # === STATE === #

    def _get_state_ways(self):
        return {
            **super()._get_state_ways(),
            "open": {"rejected", "withdrawn"},
            "review": {"open"},
            **dict.fromkeys(("accepted", "rejected", "withdrawn"), set(OPEN_STATES)),
        }

    def _on_state_set(self, target):
        """Let runs leave out what is disputed in this state."""
        super()._on_state_set(target)
        self.sudo().line_ids._write_disputed()  # of disputes that were decided

    def _propose(self, amounts, note=None):
        """Propose how much of each item is to be credited.

        :param amounts: ``{dispute line: amount in the currency of the item}``
        """
        self.ensure_one()
        self._check_may_work()
        self._check_state("open", "review")
        for line in self.line_ids.sudo():  # of a dispute that the user works on
            line._accept(amounts.get(line, 0.0))
        if not self.accepted_amount:
            raise UserError(
                self.env._("Nothing is accepted. Reject the dispute instead.")
            )
        self._set_state("review")
        self.sudo().write(  # what is proposed has its button, see write()
            {
                "is_proposed": True,
                "proposed_by_id": self.env.user.id,
                "close_note": note,
            }
        )
        self._done_activities()
        self._ask_for_credit(note)
        self._message_note(
            self.env._(
                "Proposed: a credit of %(amount)s of %(disputed)s. %(note)s",
                amount=self._format(self.accepted_amount),
                disputed=self._format(self.amount),
                note=note or "",
            ).strip()
        )

    def _reject(self, note):
        """Reject with words that can be told to the customer; collecting goes on."""
        self._check_may_work()
        self._check_state("open", "review")
        for line in self.sudo().line_ids:
            line.accepted_amount = 0.0
        self._close("rejected", close_note=note, approved_by_id=self.env.user.id)
        self._message_note(self.env._("Rejected: %s", note))

    def _close(self, state, **values):
        today = fields.Date.context_today(self)
        self._set_state(
            state,
            closed_date=today,
            **{"is_proposed": False, "is_paid": False, **values},
        )
        self._recall_approval(self.env._("The dispute was closed."))
        self._done_activities()
        self._refresh_next_steps()

    def _reopen(self):
        self._set_state(
            "open",
            closed_date=False,
            is_paid=False,
            is_proposed=False,
            escalation_level=0,
            close_note=False,
        )
        self.sudo().line_ids.accepted_amount = 0.0
        self._tell_owner()
        self._refresh_next_steps()

    # === WHAT FOLLOWS === #

    def _on_opened(self):
        self._tell_owner()
        self._refresh_next_steps()

    def _refresh_next_steps(self):
        """Show on the customers what collection comes to next."""
        profiles = self.sudo().profile_id  # the figures are no data of the user
        for root, of_root in profiles.grouped("company_id").items():
            of_root._write_next_steps(root)

    def _message_note(self, body):
        for dispute in self:
            dispute.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _format(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _open_wizard(self, model, name):
        return open_dialog(model, name, dispute_id=self[:1].id, dispute_ids=self.ids)
