from odoo import fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ...sql.limit.limit_change import set_states
from ...tools.access import CONTROLLER, MANAGER, is_allowed, require
from ...tools.client_actions import notification, reload_page


def lock(records):
    """Lock changes or lines of them for a step, and read again how far they are.

    :raise UserError: when somebody else is at it
    """
    try:
        records.lock_for_update()
    except LockError as error:
        raise UserError(
            records.env._("Somebody else is working on this change. Try again.")
        ) from error
    records.invalidate_recordset(["state"])


#: Lines that go along with their change besides those that are as far as it is.
ALONG = {"draft": ("rejected",), "cancelled": ("rejected",)}


class CreditLimitChange(models.Model):
    """The steps of a limit change until it is approved."""

    _inherit = "credit.limit.change"

    # === RIGHTS === #

    def _check_may_propose(self):
        require(
            self.env,
            self.env._("Only credit controllers and managers propose limits."),
            CONTROLLER,
        )
        self.check_access("write")

    def _claim(self, *states):
        """Lock changes for a step; refuse those that somebody else took further."""
        lock(self)
        for change in self:
            if change.state not in states:
                raise UserError(
                    self.env._(
                        "%(change)s is %(state)s: that step is not for it.",
                        change=change.name,
                        state=change._get_state_label(),
                    )
                )

    # === STATE === #

    def _get_state_ways(self):
        return {
            "draft": ("submitted", "approved", "rejected", "cancelled"),
            "submitted": ("draft",),
            "approved": ("submitted",),
            "posted": ("approved",),
            "rejected": ("submitted",),
            "cancelled": ("draft", "rejected"),
        }

    def _write_state(self, target, vals):
        """Take the lines along that are as far; posting has statements of its own."""
        if target != "posted":
            lines = self.env["credit.limit.change.line"]
            lines.flush_model()
            for state, changes in self.grouped("state").items():
                states = (state, *ALONG.get(target, ()))
                self.env.cr.execute(set_states(changes.ids, target, states))
            lines.invalidate_model(["state"], flush=False)
        super()._write_state(target, vals)

    # === STEPS === #

    def action_submit(self):
        """Propose the changes; where nobody has to approve, that is all it takes.

        A change that can't be submitted stops none of the others.
        """
        self._check_may_propose()
        return self._one_by_one(lambda change: change._submit())

    def _submit(self):
        self._claim("draft")
        self._check_proposals()
        self._set_state(
            "submitted",
            submitted_by_id=self.env.uid,
            submitted_date=fields.Datetime.now(),
            refusal_note=False,
        )
        if self.env.su or self._request_approval(self.description or ""):
            self._approve()

    def _one_by_one(self, step):
        """Do a step with each change; several go on when one of them fails.

        :param step: function of a change
        :return: ``True``, or a notification of those that failed
        """
        errors = {}
        for change in self:
            try:
                with self.env.cr.savepoint():
                    step(change)
            except UserError as error:
                if len(self) == 1:
                    raise
                errors[change] = str(error)
        if not errors:
            return True
        return notification(
            "\n".join(f"{change.name}: {error}" for change, error in errors.items()),
            "warning",
            title=self.env._("Not all could be done"),
            sticky=True,
            follows=reload_page(),
        )

    def _approve(self):
        """Approve what is left of changes, and post it where that is wanted."""
        self._check_proposals()
        self._set_state(
            "approved",
            approved_by_id=self.env.uid,
            approved_date=fields.Datetime.now(),
        )
        self.env.flush_all()  # temporary limits must not overlap from now on
        self.filtered("is_posted_when_approved")._post()

    def action_recall(self):
        """Take back what was proposed and not posted yet, to change it."""
        self._check_may_propose()
        self._claim("submitted", "approved")
        for change in self:
            mine = change.submitted_by_id == self.env.user
            if not mine and not is_allowed(self.env, MANAGER):
                raise AccessError(
                    self.env._(
                        "%(user)s proposed %(change)s, and recalls it.",
                        user=change.submitted_by_id.name,
                        change=change.name,
                    )
                )
        self._recall_approval()
        self._set_state("draft", approved_by_id=False, approved_date=False)
        return True

    def action_cancel(self):
        """Give up changes that have no effect yet; they stay on record."""
        self._check_may_propose()
        self._claim("draft", "rejected")
        self._set_state("cancelled")
        return True

    def action_draft(self):
        """Begin again with what was rejected or given up."""
        self._check_may_propose()
        self._claim("rejected", "cancelled")
        self._set_state("draft")
        return True


class CreditLimitChangeLine(models.Model):
    """Lines are rejected one by one before the rest of a change is approved."""

    _inherit = "credit.limit.change.line"

    def action_reject(self, note=""):
        """Reject lines of submitted changes; the rest can still be approved."""
        self._check_may_decide()
        self._set_state("rejected", refusal_note=note)
        for change in self.change_id:
            if all(line.state == "rejected" for line in change.line_ids):
                change.action_refuse(note)
        return True

    def action_restore(self):
        """Let lines that were rejected count again, before the rest is approved."""
        self._check_may_decide()
        self._set_state("submitted", refusal_note=False)
        return True

    def _check_may_decide(self):
        self.change_id._get_pending_approvals()._check_may_decide()
        self.change_id._claim("submitted")
