from odoo import api, models
from odoo.tools import formatLang

from odoo.addons.credit_collections.engine.rule.kinds import ORDER_AMOUNT


class CreditHoldLine(models.Model):
    _inherit = "credit.hold.line"

    @api.model
    def _explain_part(self, finding, verdict):
        if (finding.kind, verdict.checkpoint) != (ORDER_AMOUNT, "delivery"):
            return super()._explain_part(finding, verdict)
        return self.env._(
            "The delivery comes to %(amount)s (allowed without a look: %(allowed)s).",
            amount=formatLang(self.env, finding.value, currency_obj=verdict.currency),
            allowed=formatLang(
                self.env, finding.threshold, currency_obj=verdict.currency
            ),
        )
