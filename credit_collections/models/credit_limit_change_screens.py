from odoo import api, fields, models


class CreditLimitChange(models.Model):
    """What the screens of limit changes show and open."""

    _inherit = "credit.limit.change"

    target_name = fields.Char("Customers", compute="_compute_target_name")
    waits_for = fields.Char(compute="_compute_waits_for")

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

    @api.depends("approval_state")
    def _compute_waits_for(self):
        for change in self:
            # for whom a change waits is told to everybody who sees it
            change.waits_for = change.approval_id.sudo().step_id.name

    # === ACTIONS === #

    def action_generate_lines(self):
        return self._open_wizard(
            "credit.limit.generate", self.env._("Generate Lines"), change_id=self.id
        )

    def action_import_lines(self):
        return self._open_wizard(
            "credit.limit.import", self.env._("Import Limits"), change_id=self.id
        )

    def action_ask_reject(self):
        return self._open_wizard(
            "credit.limit.reject", self.env._("Reject"), change_ids=self.ids
        )

    @api.model
    def _open_wizard(self, model, name, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{key}": value for key, value in defaults.items()},
        }


class CreditLimitChangeLine(models.Model):
    """What the lists of limit changes open."""

    _inherit = "credit.limit.change.line"

    def action_open_change(self):
        self.ensure_one()
        return self.change_id._get_records_action()

    def action_ask_reject(self):
        return self.change_id._open_wizard(
            "credit.limit.reject", self.env._("Reject Line"), line_ids=self.ids
        )
