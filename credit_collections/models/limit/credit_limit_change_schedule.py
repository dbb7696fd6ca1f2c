import logging
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...sql.limit.limit_change import due_lines
from ...sql.limit.limit_lines import schedule_clashes
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
        is_here = self.env["res.company"]._credit_day_domain("date_from", "<=")
        groups = self.env["credit.limit.change.line"]._read_group(
            Domain("state", "=", "scheduled")
            & is_here
            & Domain("change_id.state", "=", "posted"),
            ["date_from:day", "change_id"],
            order="date_from:day, change_id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(groups))
        for day, change in groups:
            try:
                with self.env.cr.savepoint():
                    change._take_force(day, change.company_id._credit_today())
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
        self._put_in_force(due_lines(self.id, day), today)
        self.message_post(
            body=self.env._(
                "The limits from %s on count now.", format_date(self.env, day)
            ),
            subtype_xmlid="mail.mt_note",
        )

    def _get_schedule_problems(self, states):
        """Return what tells of limits that would begin on the same day as another.

        :param states: of the lines that are looked at
        """
        self.env["credit.limit.change.line"].flush_model()
        today = self.company_id[:1]._credit_today()
        # limits of the same customers, whoever wrote them
        lines_sudo = self.env["credit.limit.change.line"].sudo()
        rows = self.env.execute_query(schedule_clashes(self.ids, states, today))
        return [
            partial(lines_sudo.browse(one)._describe_clash, lines_sudo.browse(two))
            for one, two in rows
        ]


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

    def _describe_clash(self, other):
        return self.env._(
            "%(name)s: another limit begins on %(date)s, of %(change)s. "
            "Cancel that one first, or choose another day.",
            name=(self.profile_id or self.group_id).display_name,
            date=format_date(self.env, self.date_from),
            change=other.change_id.name,
        )

    def action_cancel_scheduled(self):
        """Give up limits before their first day; they stay on record."""
        self.change_id._check_may_propose()
        self.group_id._check_acts_for_all()
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
