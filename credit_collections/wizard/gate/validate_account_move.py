from odoo import models


class ValidateAccountMove(models.TransientModel):
    _inherit = "validate.account.move"

    def validate_move(self):
        """Post what passes, and tell of the invoices that are on credit hold."""
        res = super().validate_move()
        summary = self.move_ids._credit_summary()
        if not summary or res != {"type": "ir.actions.act_window_close"}:
            return res
        return {**summary, "params": {**summary["params"], "next": res}}
