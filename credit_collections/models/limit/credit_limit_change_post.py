from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...sql.limit.limit_change import (
    approved_lines,
    end_temporaries,
    post_group_lines,
    post_lines,
    schedule_lines,
    targets,
    write_limits,
)


class CreditLimitChange(models.Model):
    """Posting: the customers get their limits, set-wise, however many there are."""

    _inherit = "credit.limit.change"

    def action_post(self):
        """Give the customers the limits that were approved.

        A change that can't be posted stops none of the others.
        """
        self._check_may_propose()
        return self._one_by_one(lambda change: change._post())

    def _post(self):
        """Post approved changes, one after the other, each with a few statements."""
        self._claim("approved")
        self._check_still_good()
        # the limits were approved: who may post writes them, and nothing else
        for change in self.sudo():
            change._post_one()

    def _post_one(self):
        """Post what begins today; what begins later is scheduled."""
        self.ensure_one()
        today = self.company_id._credit_today()
        self.env["credit.limit.change.line"].flush_model()
        self.env.cr.execute(schedule_lines(self.id, today))
        # first of all: nothing counts that belongs to no posted change
        self._set_state(
            "posted", posted_by_id=self.env.uid, posted_date=fields.Datetime.now()
        )
        self.flush_recordset(["state"])
        self._put_in_force(approved_lines(self.id), today)

    def _put_in_force(self, chosen, today):
        """Let lines of a change count from now on, and bring up to date what follows.

        :param chosen: the lines, as a condition in SQL
        """
        profiles = self.env["credit.profile"]
        profiles.flush_model()
        profile_ids, partner_ids = self._get_targets(chosen)
        if profile_ids:
            # the numbers that are kept are those of this moment
            profiles._refresh_figures(self.company_id, partner_ids)
        self.env["credit.limit.change.line"].flush_model()
        rows = self.env.execute_query(post_lines(chosen, today))
        groups = self._post_groups(chosen, today)
        if self.kind == "cancel":
            self.env.cr.execute(end_temporaries(self.id))
        self.env.cr.execute(write_limits([row[0] for row in rows], self.env.uid))
        self.env["credit.limit.change.line"].invalidate_model(flush=False)
        if profile_ids:
            limited = profiles.browse(profile_ids)
            limited._on_limits_posted(self.company_id, partner_ids)
        for group, limit, expiry_date in groups:
            # a change has few groups; writing the limit brings its members up to date
            vals = {"credit_limit": limit, "expiry_date": expiry_date}
            # sudo: what was approved is in force, whoever or whatever posts it
            group.sudo().write(
                vals if self.kind == "group" else {"credit_limit": group.credit_limit}
            )

    def _get_targets(self, chosen):
        """Return the ids of the profiles and of the partners that get limits."""
        self.env["credit.limit.change.line"].flush_model()
        rows = self.env.execute_query(targets(chosen))
        return [row[0] for row in rows], [row[1] for row in rows]

    def _post_groups(self, chosen, today):
        """Post the lines of groups; return ``[(group, limit, last day)]``."""
        groups = self.env["credit.group"]
        groups.flush_model()
        rows = self.env.execute_query(post_group_lines(chosen, today))
        return [(groups.browse(row[0]), *row[1:]) for row in rows]

    def _check_still_good(self):
        """Refuse limits that expired while the change waited to be posted."""
        by_day = self.env["res.company"]._credit_day_domain
        lines = self.env["credit.limit.change.line"].search(
            Domain("change_id", "in", self.ids)
            & Domain("state", "=", "approved")
            & (
                by_day("date_to", "<")
                | Domain("kind", "=", "cancel")
                & (
                    Domain("temporary_id.state", "!=", "posted")
                    | by_day("temporary_id.date_to", "<")
                )
            )
        )
        problems = self._get_schedule_problems(("approved",))
        problems += [
            partial(
                line._describe_problem,
                "nothing_to_cancel" if line.kind == "cancel" else "over",
            )
            for line in lines
        ]
        if problems:
            raise UserError(lines._join_problems(problems))
