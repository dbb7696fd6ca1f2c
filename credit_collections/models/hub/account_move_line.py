from odoo import models


class AccountMoveLine(models.Model):
    """Indexes by which statements find what customers owe, and what is matched."""

    _inherit = "account.move.line"

    # Odoo's own index on unreconciled items also carries every income line. These hold
    # what is open on receivable and payable accounts, and answer from the index alone.
    # Their key is whom a statement asks about; the account would be one more way down
    # the tree for every contact and each receivable account there is.
    _credit_open_items_idx = models.Index(
        "(company_id, partner_id) INCLUDE (account_id, date, date_maturity, "
        "amount_residual, amount_residual_currency, currency_id) "
        "WHERE reconciled IS NOT TRUE AND parent_state = 'posted' "
        "AND amount_residual <> 0"
    )
    _credit_draft_items_idx = models.Index(
        "(company_id, partner_id) INCLUDE (account_id, move_id, balance, "
        "amount_residual, amount_residual_currency, currency_id) "
        "WHERE parent_state = 'draft' AND display_type = 'payment_term'"
    )
    # the few that keep what they are matched with, though they are drafts
    _credit_undone_items_idx = models.Index(
        "(move_id) WHERE parent_state = 'draft' AND matching_number IS NOT NULL"
    )

    def _get_matches(self):
        """Return the parts in which these lines are matched with others."""
        matched = self.filtered("matching_number")
        return matched.matched_debit_ids + matched.matched_credit_ids
