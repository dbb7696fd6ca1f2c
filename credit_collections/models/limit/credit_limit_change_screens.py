from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date, formatLang

from ...engine.limit.limit_changes import CANCEL, TEMPORARY
from ...tools.client_actions import open_dialog


class CreditLimitChange(models.Model):
    """What the screens of limit changes show and open."""

    _inherit = "credit.limit.change"

    target_name = fields.Char("Customers", compute="_compute_target_name")

    @api.depends("line_ids.profile_id", "line_ids.group_id")
    def _compute_target_name(self):
        """One customer by name, several by number."""
        lines = self.env["credit.limit.change.line"]
        firsts = lines.browse(
            first
            for _change, first in lines._read_group(
                [("change_id", "in", self.ids)], ["change_id"], ["id:min"]
            )
        )
        first = {line.change_id.id: line for line in firsts}
        for change in self:
            line = first.get(change._origin.id, lines)
            name = (line.group_id or line.profile_id).display_name
            if change.line_count > 1:
                name = self.env._(
                    "%(name)s and %(count)s more",
                    name=name,
                    count=change.line_count - 1,
                )
            change.target_name = name or False

    # === ACTIONS === #

    @api.model
    def _open_draft(self, kind, company, targets):
        """Return the action that opens a draft with a line for each customer or group.

        :param targets: credit profiles or credit groups
        """
        change = self.new({"kind": kind, "company_id": company.id})
        lines = [target._prepare_limit_line(change) for target in targets]
        return {
            "type": "ir.actions.act_window",
            "name": change._get_kind_label(),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_kind": kind,
                "default_company_id": company.id,
                "default_line_ids": [Command.create(vals) for vals in lines],
            },
        }

    def action_generate_lines(self):
        return open_dialog(
            "credit.limit.generate", self.env._("Generate Lines"), change_id=self.id
        )

    def action_import_lines(self):
        return open_dialog(
            "credit.limit.import", self.env._("Import Limits"), change_id=self.id
        )

    def action_ask_reject(self):
        return open_dialog(
            "credit.limit.reject", self.env._("Reject"), change_ids=self.ids
        )


class CreditLimitChangeLine(models.Model):
    """What the lists of limit changes show and open."""

    _inherit = "credit.limit.change.line"

    @api.depends("change_id.kind", "profile_id", "group_id")
    def _compute_temporary_id(self):
        """Propose to end the one in force, else the next one."""
        ends = self.filtered(lambda line: line.change_id.kind == CANCEL)
        (self - ends).temporary_id = False
        running = self.search(
            Domain(
                [
                    ("kind", "=", TEMPORARY),
                    ("state", "=", "posted"),
                    ("date_to", ">=", self.env["res.company"]._credit_today()),
                ]
            )
            & (
                Domain("profile_id", "in", ends.profile_id.ids)
                | Domain("group_id", "in", ends.group_id.ids)
            ),
            order="date_from desc",
        )
        first = {line._get_target(): line for line in running}
        for line in ends:
            target = line._get_target()
            if line.temporary_id._get_target() != target:
                line.temporary_id = first.get(target)

    def _get_target(self):
        """Return ids of the customer and of the group, one of them empty."""
        return self.profile_id.id, self.group_id.id

    @api.depends(
        "state",
        "profile_id.effective_limit",
        "group_id.credit_limit",
        "old_effective_limit",
    )
    def _compute_current_limit(self):
        for line in self:
            if line.state == "posted":
                line.current_limit = line.old_effective_limit
            elif line.group_id:
                line.current_limit = line.group_id.credit_limit
            else:
                line.current_limit = line.profile_id.effective_limit

    @api.depends("kind", "new_limit", "new_policy", "date_from", "date_to")
    def _compute_display_name(self):
        policies = dict(self._fields["new_policy"]._description_selection(self.env))
        for line in self:
            words = policies.get(line.new_policy, "")
            if line.new_policy == "limited":
                words = formatLang(
                    self.env, line.new_limit, currency_obj=line.currency_id
                )
            days = [format_date(self.env, line.date_from or line.posted_date)]
            days += [format_date(self.env, line.date_to)]
            line.display_name = f"{words} ({' – '.join(days)})"

    @api.onchange("profile_id", "group_id")
    def _onchange_target(self):
        if not self.new_limit:
            self.new_limit = self.current_limit

    def action_open_change(self):
        self.ensure_one()
        return self.change_id._get_records_action()

    def action_ask_reject(self):
        return open_dialog(
            "credit.limit.reject", self.env._("Reject Line"), line_ids=self.ids
        )

    def _shares_days_with(self, other):
        """Tell whether two temporary limits, approved or in force, share a day."""
        both = (self, other)
        return all(
            one.kind == TEMPORARY and one.state in ("approved", "posted")
            for one in both
        ) and (self.date_from <= other.date_to and other.date_from <= self.date_to)
