from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import access


class CreditProfile(models.Model):
    """The limits of the customer so far, and the way to the next one."""

    _inherit = "credit.profile"

    limit_line_ids = fields.One2many(
        "credit.limit.change.line", "profile_id", "Limit Changes", groups=access.OFFICE
    )
    limit_history_ids = fields.One2many(
        "credit.limit.change.line",
        "profile_id",
        domain=[
            "|",
            ("state", "=", "scheduled"),
            "&",
            ("state", "in", ("posted", "cancelled")),
            ("posted_date", "!=", False),
        ],
        groups=access.OFFICE,
    )
    limit_change_count = fields.Integer(compute="_compute_limit_change_count")
    temporary_limit_count = fields.Integer(
        compute="_compute_limit_change_count", groups=access.OFFICE
    )

    def _compute_limit_change_count(self):
        lines = self.env["credit.limit.change.line"]
        if not lines.has_access("read"):
            self.limit_change_count = self.temporary_limit_count = 0
            return
        here = Domain("profile_id", "in", self.ids)
        groups = lines._read_group(here, ["profile_id"], ["__count"])
        counts = dict(groups)
        running = dict(
            lines._read_group(
                here & self._get_running_domain(), ["profile_id"], ["__count"]
            )
        )
        for profile in self:
            profile.limit_change_count = counts.get(profile, 0)
            profile.temporary_limit_count = running.get(profile, 0)

    @api.model
    def _get_running_domain(self):
        """Return what finds temporary limits that are in force or to come."""
        return (
            Domain("kind", "=", "temporary")
            & Domain("state", "=", "posted")
            & self.env["res.company"]._credit_day_domain("date_to", ">=")
        )

    # === ACTIONS === #

    def action_open_limit_changes(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_limit_change_line_action"
        )
        return {**action, "domain": [("profile_id", "=", self.id)]}

    def action_change_limit(self):
        """Open a draft change of the limit of the customers."""
        return self._propose_limit("permanent")

    def action_temporary_limit(self):
        """Open a draft of a limit for some days."""
        return self._propose_limit("temporary")

    def action_cancel_temporary_limit(self):
        """Open a draft that ends the temporary limit of the customer."""
        return self._propose_limit("cancel")

    def _propose_limit(self, kind):
        changes = self.env["credit.limit.change"]
        return changes._open_draft(kind, self.company_id[:1], self)

    def _prepare_limit_line(self, change):
        """Return the values of a draft line; a limit stays as it is until changed."""
        line = change.line_ids.new({"change_id": change, "profile_id": self.id})
        return {
            "profile_id": self.id,
            "new_policy": line.new_policy,
            "new_limit": self.effective_limit,
            "date_from": line.date_from and str(line.date_from),
            "date_to": line.date_to and str(line.date_to),
            "temporary_id": line.temporary_id.id,
        }

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        """Move the limits of merged customers too; those of the one that stays count.

        A customer has one temporary limit a day, and one line of a change.
        """
        super()._merge_into(kept)
        lines = self.limit_line_ids
        theirs = kept.limit_line_ids
        lines.filtered(
            lambda one: any(one._shares_days_with(other) for other in theirs)
        )._set_state("cancelled")
        days = kept.limit_line_ids.filtered(
            lambda one: one.state == "scheduled"
        ).mapped("date_from")
        lines.filtered(
            lambda one: one.state == "scheduled" and one.date_from in days
        )._set_state("cancelled")
        waiting = lines.filtered(
            lambda one: one.state in ("draft", "submitted", "approved")
        )
        doubled = waiting.filtered(
            lambda one: (
                one.kind != "temporary"
                and one.change_id in kept.limit_line_ids.change_id
            )
        )
        doubled._set_state("cancelled")
        lines.profile_id = kept
        lines.flush_recordset()
