from odoo import api, fields, models

from ...sql.exposure.exposure_parts import SOURCES


class ResCompany(models.Model):
    """What of the exposure counts in a company."""

    _inherit = "res.company"

    credit_count_overdue = fields.Boolean(
        "Overdue Receivables", default=True, prefetch="credit", groups="base.group_user"
    )
    credit_count_not_due = fields.Boolean(
        "Receivables Not Due", default=True, prefetch="credit", groups="base.group_user"
    )
    credit_count_unapplied = fields.Boolean(
        "Unapplied Payments and Credit Notes",
        default=True,
        help="Money and credit notes that are not matched yet lower the exposure.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_count_draft = fields.Boolean(
        "Draft Invoices", default=True, prefetch="credit", groups="base.group_user"
    )
    credit_count_delivered = fields.Boolean(
        "Delivered, Not Invoiced",
        default=True,
        help="What customers have of confirmed orders and was not invoiced, with "
        "taxes.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_count_order = fields.Boolean(
        "Confirmed Orders",
        default=True,
        help="What is not invoiced yet of confirmed orders, with taxes.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_count_deposit = fields.Boolean(
        "Deposits",
        default=True,
        help="Down payments that were invoiced lower what an order still takes.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_order_horizon_days = fields.Integer(
        "Order Horizon",
        help="Orders to be delivered later than so many days from today take no credit "
        "yet, for example call-off orders. 0 counts all orders.",
        prefetch="credit",
        groups="base.group_user",
    )

    def _credit_components(self):
        """Return the names of the components that count in this root company."""
        names = self._get_component_names()
        chosen = {name for name in names if self[f"credit_count_{name}"]}
        if not chosen & {"order", "delivered"}:
            chosen.discard("deposit")
        return frozenset(chosen)

    @api.model
    def _get_exposure_sources(self):
        """Return what the exposure is made of, a tuple of
        :class:`~..sql.exposure.exposure_parts.Source`, what is booked first.

        Override to add one, or to put another in the place of one of ours. Its
        components need a switch of companies (``credit_count_<name>``) and a figure of
        profiles (``<name>_amount``), which also is what they are called. Their records
        come from ``credit.profile._component_records``.
        """
        return SOURCES

    @api.model
    def _get_component_names(self):
        """Return the names of all components, in the order of reading."""
        return [
            name for source in self._get_exposure_sources() for name in source.names
        ]
