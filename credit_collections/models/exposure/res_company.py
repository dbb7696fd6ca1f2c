from odoo import api, fields, models

from ...engine.exposure.exposure import COMPONENTS


class ResCompany(models.Model):
    """What of the exposure counts in a company."""

    _inherit = "res.company"

    credit_count_overdue = fields.Boolean(
        "Overdue Receivables", default=True, prefetch="credit"
    )
    credit_count_not_due = fields.Boolean(
        "Receivables Not Due", default=True, prefetch="credit"
    )
    credit_count_unapplied = fields.Boolean(
        "Unapplied Payments and Credit Notes",
        default=True,
        help="Money and credit notes that are not matched yet lower the exposure.",
        prefetch="credit",
    )
    credit_count_draft = fields.Boolean(
        "Draft Invoices", default=True, prefetch="credit"
    )
    credit_count_delivered = fields.Boolean(
        "Delivered, Not Invoiced",
        default=True,
        help="What customers have of confirmed orders and was not invoiced, with "
        "taxes.",
        prefetch="credit",
    )
    credit_count_order = fields.Boolean(
        "Confirmed Orders",
        default=True,
        help="What is not invoiced yet of confirmed orders, with taxes.",
        prefetch="credit",
    )
    credit_count_deposit = fields.Boolean(
        "Deposits",
        default=True,
        help="Down payments that were invoiced lower what an order still takes.",
        prefetch="credit",
    )
    credit_order_horizon_days = fields.Integer(
        "Order Horizon",
        help="Orders to be delivered later than so many days from today take no credit "
        "yet, for example call-off orders. 0 counts all orders.",
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
