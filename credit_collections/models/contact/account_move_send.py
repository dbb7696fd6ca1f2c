from odoo import api, models

from ...engine.run.contact_kinds import ANSWER, DEMAND, PAPER
from .collection_interaction_gate import KINDS, MANY


class AccountMoveSend(models.AbstractModel):
    """Sending invoices: the first time it is business paper; once more, of one that is
    overdue, it asks for the money."""

    _inherit = "account.move.send"

    @api.model
    def _generate_and_send_invoices(self, moves, *args, **kwargs):
        log = self.env["collection.interaction"]
        # before core notes that they have been sent
        kinds = {(moves._name, move.id): self._get_contact_kind(move) for move in moves}
        with log._marked(KINDS, kinds), log._marked(MANY, len(moves) > 1):
            return super()._generate_and_send_invoices(moves, *args, **kwargs)

    @api.model
    def _get_contact_kind(self, move):
        """Return what sending a document is to its customer."""
        if not move.is_move_sent:
            return PAPER
        today = move.company_id._credit_today()
        is_late = any(
            line.account_type == "asset_receivable"
            and line.date_maturity
            and line.date_maturity < today
            and line.amount_residual > 0
            for line in move.sudo().line_ids  # whether it is late
        )
        return DEMAND if is_late else ANSWER
