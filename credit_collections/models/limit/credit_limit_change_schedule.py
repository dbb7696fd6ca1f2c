import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...engine.limit.limit_changes import begins_later
from ...sql.limit.limit_change import due_lines
from ...tools.access import CONTROLLER, MANAGER
from .credit_limit_change import lock

_logger = logging.getLogger(__name__)


class CreditLimitChange(models.Model):
    """Limits that begin later: they wait, scheduled, until their first day."""

    _inherit = "credit.limit.change"

    @api.model
    def _cron_take_force(self):
        """Let scheduled limits count whose first day is here, the earliest first.

        One that can't be put in force stops none of the others, and is tried again.
        """
        today = self.env["res.company"]._credit_today()
        groups = self.env["credit.limit.change.line"]._read_group(
            [("state", "=", "scheduled"), ("date_from", "<=", today)],
            ["date_from:day", "change_id"],
            order="date_from:day, change_id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(groups))
        for day, change in groups:
            try:
                with self.env.cr.savepoint():
                    change._take_force(day, today)
            except Exception as error:
                _logger.exception("Limits of %s could not be put in force", change.name)
                change.message_post(
                    body=self.env._("Limits that begin could not count yet: %s", error)
                )
            if not cron._commit_progress(1):
                return

    def _take_force(self, day, today):
        """Put in force what of a change is scheduled for a day that is here."""
        self.ensure_one()
        self.lock_for_update()
        domain = [("state", "=", "scheduled"), ("date_from", "<=", day)]
        self._put_in_force(due_lines(self.id, day), domain, today)
        self.message_post(
            body=self.env._(
                "The limits from %s on count now.", format_date(self.env, day)
            ),
            subtype_xmlid="mail.mt_note",
        )

    def _begins_later(self, today):
        """Tell whether any line that is to be posted waits for a day to come."""
        return any(
            line.state == "approved" and begins_later(line._get_proposal(), today)
            for line in self.line_ids
        )


class CreditLimitChangeLine(models.Model):
    """A scheduled limit is one of a day, and may be given up before that."""

    _inherit = "credit.limit.change.line"

    may_cancel_scheduled = fields.Boolean(compute="_compute_may_cancel_scheduled")

    @api.depends("state", "change_id.submitted_by_id")
    @api.depends_context("uid")
    def _compute_may_cancel_scheduled(self):
        user = self.env.user
        for line in self:
            line.may_cancel_scheduled = line.state == "scheduled" and (
                user.has_group(MANAGER)
                or user.has_group(CONTROLLER)
                and line.change_id.submitted_by_id == user
            )

    def _get_schedule_problems(self):
        """Return sentences about limits that would begin on the same day as another."""
        today = self.env["res.company"]._credit_today()
        later = self.filtered(lambda line: begins_later(line._get_proposal(), today))
        if not later:
            return []
        # limits of the same customers, whoever wrote them
        scheduled_sudo = self.sudo().search(
            [
                ("state", "=", "scheduled"),
                ("date_from", "in", later.mapped("date_from")),
                "|",
                ("profile_id", "in", later.profile_id.ids),
                ("group_id", "in", later.group_id.ids),
            ]
        )
        taken = {(*line._get_target(), line.date_from): line for line in scheduled_sudo}
        found = []
        for line in later:
            other = taken.get((*line._get_target(), line.date_from))
            if other:
                found.append(
                    self.env._(
                        "%(name)s: another limit begins on %(date)s, of %(change)s. "
                        "Cancel that one first, or choose another day.",
                        name=(line.profile_id or line.group_id).display_name,
                        date=format_date(self.env, line.date_from),
                        change=other.change_id.name,
                    )
                )
        return found

    def action_cancel_scheduled(self):
        """Give up limits before their first day; they stay on record."""
        self.change_id._check_may_propose()
        lock(self.sudo())  # proposers may not write decided lines; this step does
        for line in self:
            line._check_may_cancel_scheduled()
        self._set_state("cancelled", allowed=("scheduled",))
        for change, lines in self.grouped("change_id").items():
            change.message_post(
                body=self.env._(
                    "Cancelled before it began: %s",
                    ", ".join(
                        f"{(line.profile_id or line.group_id).display_name} "
                        f"{line.display_name}"
                        for line in lines
                    ),
                ),
                subtype_xmlid="mail.mt_note",
            )
        return True

    def _check_may_cancel_scheduled(self):
        if self.state != "scheduled":
            raise UserError(
                self.env._(
                    "%s is not scheduled any more. A limit that counts is changed with "
                    "another limit change.",
                    self.display_name,
                )
            )
        author = self.change_id.submitted_by_id
        if not self.may_cancel_scheduled and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(user)s proposed %(change)s, and cancels it.",
                    user=author.name,
                    change=self.change_id.name,
                )
            )
