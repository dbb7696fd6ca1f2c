from odoo import api, fields, models

from ...models.rule.credit_rule_judgement import VERDICTS


class CreditRuleTryLine(models.TransientModel):
    """What became of one rule."""

    _name = "credit.rule.try.line"
    _description = "Result of a Tried Rule"
    _order = "id"

    wizard_id = fields.Many2one("credit.rule.try", required=True, ondelete="cascade")
    rule_id = fields.Many2one("credit.rule", ondelete="cascade", readonly=True)
    rule_type = fields.Selection(related="rule_id.rule_type", related_sudo=False)
    level = fields.Selection(related="rule_id.level", related_sudo=False)
    verdict = fields.Selection(VERDICTS, readonly=True)
    found = fields.Char(readonly=True, help="What the rule found.")
    allowed = fields.Char(readonly=True, help="What the rule allows.")
    why = fields.Char(readonly=True)

    @api.model
    def _prepare_vals(self, judgement, customer, order, currency):
        """Return the values of a line for a judgement of the engine."""
        rule = self.env["credit.rule"].browse(judgement.rule.id)
        found = judgement.found
        return {
            "rule_id": rule.id,
            "verdict": judgement.verdict,
            "found": rule._show_value(found.value, judgement, currency)
            if found
            else "",
            "allowed": rule._show_threshold(judgement, currency) if found else "",
            "why": rule._explain_judgement(judgement, customer, order, currency),
        }

    def action_open_rule(self):
        self.ensure_one()
        return self.rule_id._get_records_action()
