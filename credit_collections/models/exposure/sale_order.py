from datetime import timedelta

from odoo import api, fields, models

from ...sql.exposure.order_backlog import order_backlog


class SaleOrder(models.Model):
    """What orders come to, and what they add to the exposure."""

    _inherit = "sale.order"

    #: Money that came in is linked by who takes it in, as superuser.
    _credit_protected_more = frozenset({"transaction_ids"})

    credit_open_amount = fields.Monetary(
        "Not Invoiced Yet",
        compute="_compute_credit_open_amount",
        compute_sudo=True,
        currency_field="credit_currency_id",
        groups="base.group_user",
        help="What this order adds to the exposure, in the currency of the company.",
    )
    credit_delivered_amount = fields.Monetary(
        "Delivered, Not Invoiced",
        compute="_compute_credit_open_amount",
        compute_sudo=True,
        currency_field="credit_currency_id",
        help="What the customer has of this order and was not invoiced, in the "
        "currency of the company.",
        groups="base.group_user",
    )
    credit_deposit_amount = fields.Monetary(
        "Deposit",
        compute="_compute_credit_open_amount",
        compute_sudo=True,
        currency_field="credit_currency_id",
        groups="base.group_user",
        help="Down payments that will be deducted; negative.",
    )
    credit_currency_id = fields.Many2one(
        related="company_id.currency_id",
        string="Company Currency",
        groups="base.group_user",
    )

    # === AMOUNTS === #

    def _credit_contact(self):
        """Return the partner who gets the invoice, maybe a contact of the customer."""
        return self.partner_invoice_id or self.partner_id

    def _credit_partner(self):
        """Return the commercial partner who will owe the money."""
        return self._credit_contact().commercial_partner_id

    def _credit_grouped_by_root(self):
        """Return pairs of a root company and its orders."""
        groups = self.grouped(lambda order: order.company_id._credit_root_id())
        companies = self.env["res.company"]
        return [(companies.browse(id_), orders) for id_, orders in groups.items()]

    def _credit_total(self):
        """Return the total with taxes, in company currency at today's rate."""
        return self._credit_convert(self.amount_total)

    def _credit_on_credit(self):
        """Return what each order adds to the exposure: ``{order: company currency}``.

        A quotation: what is left to pay, nothing where it is to be delivered beyond the
        horizon. A confirmed order: what is still to be invoiced.
        """
        confirmed = self.filtered(lambda order: order.state == "sale")
        amounts = {
            order: order._credit_to_come() if order._credit_is_in_horizon() else 0.0
            for order in self - confirmed
        }
        for root, orders in confirmed._credit_grouped_by_root():
            backlog = self._credit_backlog(root, order_ids=orders._origin.ids)
            amounts.update(
                {order: sum(backlog.get(order._origin.id, (0.0,))) for order in orders}
            )
        return amounts

    def _credit_to_come(self):
        """Return what a quotation adds to the exposure: the total less what was paid
        and is not booked yet.

        A booked payment lowers the exposure, as an unapplied one.
        """
        return self._credit_convert(self.amount_total - self._credit_paid_online(False))

    def _credit_to_pay(self):
        """Return what is left to pay: the total less all that was paid for the order
        online, booked or not."""
        return self._credit_convert(self.amount_total - self._credit_paid_online(True))

    def _credit_paid_online(self, with_booked):
        """Return what was paid online, in the order's currency.

        :param with_booked: also what is booked and matched with no invoice
        """
        if not self.env["payment.transaction"]._credit_is_used():
            return 0.0
        return sum(
            transaction._credit_received_for(self)
            for transaction in self.transaction_ids
            if transaction.state in ("authorized", "done")
            and (with_booked or not transaction._credit_is_booked())
        )

    def _credit_is_in_horizon(self):
        """Tell whether the order is near enough to count; see the company's horizon."""
        if not self.commitment_date:
            return True
        days = self.company_id._credit_scope(self.company_id.id).horizon_days
        if not days:
            return True
        today = self.company_id._credit_today()
        return self.commitment_date.date() <= today + timedelta(days=days)

    def _credit_convert(self, amount):
        company = self.company_id
        if self.currency_id == company.currency_id:
            return company.currency_id.round(amount)
        today = self.company_id._credit_today()
        return self.currency_id._convert(amount, company.currency_id, company, today)

    @api.model
    def _credit_backlog(self, company, partner_ids=None, order_ids=None):
        """Return ``{order_id: (amount, delivered, deposit)}`` of confirmed orders to
        invoice; their sum is what an order adds to the exposure."""
        self.env["credit.profile"]._flush_exposure_fields()
        statement = order_backlog(company._credit_pot(), partner_ids, order_ids)
        rows = self.env.execute_query(statement)
        return {
            order_id: (float(amount - delivered), float(delivered), float(deposit))
            for order_id, _partner, amount, delivered, deposit in rows
        }

    def _compute_credit_open_amount(self):
        rows = {}
        for root, orders in self._credit_grouped_by_root():
            rows.update(self._credit_backlog(root, order_ids=orders._origin.ids))
        for order in self:
            amount, delivered, deposit = rows.get(order._origin.id, (0.0, 0.0, 0.0))
            order.credit_open_amount = amount
            order.credit_delivered_amount = delivered
            order.credit_deposit_amount = deposit
