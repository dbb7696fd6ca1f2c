from odoo import models
from odoo.tools import format_amount, format_date, formatLang


class CollectionAction(models.Model):
    """What texts of actions say: items, totals, charges and links.

    A text that is about one document alone finds its id in the context.
    """

    _inherit = "collection.action"

    def _get_items(self):
        """Return the items that the text is about."""
        move_id = self.env.context.get("collection_moves", {}).get(self.id)
        if not move_id:
            return self.line_ids
        return self.line_ids.filtered(lambda line: line.move_id.id == move_id)

    def _get_totals(self):
        """Return ``(currency, open amount)`` of the items by currency, for texts."""
        return [
            (currency, sum(lines.mapped("amount_currency")))
            for currency, lines in self._get_items().grouped("item_currency_id").items()
        ]

    def _get_credit(self):
        """Return the payments not matched yet, which belong to no document."""
        about_one = self.env.context.get("collection_moves", {}).get(self.id)
        return 0.0 if about_one else self.credit_amount

    def _get_fee(self):
        """Return the fee; of several texts the first alone names it."""
        is_first = self._get_items()[:1] == self.line_ids[:1]
        return self.fee_amount if is_first else 0.0

    def _get_interest(self):
        return sum(self._get_items().mapped("interest_amount"))

    def _get_interest_rate_text(self):
        return formatLang(self.env, self.step_id.interest_rate, digits=2)

    # === SHORT TEXTS === #

    def _get_total_text(self):
        """Return the totals as one text, such as “$ 150.00, 20.00 €”."""
        return ", ".join(
            format_amount(self.env, amount, currency)
            for currency, amount in self._get_totals()
        )

    def _get_due_text(self):
        """Return the due date of the oldest item as text."""
        dates = [day for day in self._get_items().mapped("date_maturity") if day]
        return format_date(self.env, min(dates)) if dates else ""
