from odoo import api, fields, models

from ...engine.exposure.exposure import COMPONENTS


class ResCompany(models.Model):
    """What of the exposure counts in a company."""

    _inherit = "res.company"

    credit_count_delivered = fields.Boolean(
        "Delivered, Not Invoiced",
        default=True,
        help="What customers have of confirmed orders and was not invoiced, with "
        "taxes.",
        prefetch="credit",
    )

    def _credit_components(self):
        """Return the names of the components that count in this root company."""
        chosen = {name for name in COMPONENTS if self[f"credit_count_{name}"]}
        if not self._credit_splits_delivered():
            chosen.discard("delivered")
        if not chosen & {"order", "delivered"}:
            chosen.discard("deposit")
        return frozenset(chosen)

    @api.model
    def _credit_splits_delivered(self):
        """Tell whether goods delivered and not invoiced are a component of their own.

        Otherwise they are a part of the orders. Override where deliveries are known.
        """
        return False
