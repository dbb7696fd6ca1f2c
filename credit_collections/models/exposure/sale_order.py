from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sql.exposure.order_backlog import order_backlog
from ...tools.client_actions import open_dialog


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # Set by holds alone: a stored compute would touch every order at install.
    credit_hold_id = fields.Many2one(
        "credit.hold",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",  # portal users may read their orders over RPC
        help="The last time this order was held.",
    )
    credit_hold_state = fields.Selection(
        related="credit_hold_id.state",
        string="Credit Hold Status",
        tracking=False,
        groups="base.group_user",
    )
    credit_hold_is_forced = fields.Boolean(
        compute="_compute_credit_hold_is_forced", groups="base.group_user"
    )
    credit_asked_date = fields.Datetime(
        related="credit_hold_id.asked_date",
        string="Release Asked On",
        groups="base.group_user",
    )
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
        related="company_id.currency_id", string="Company Currency"
    )

    @api.depends("credit_hold_id.state", "credit_hold_id.is_forced")
    def _compute_credit_hold_is_forced(self):
        for order in self:
            # a fact for everybody who may see the order
            order.credit_hold_is_forced = order.sudo().credit_hold_id._stays_held()

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
            order: order._credit_to_pay() if order._credit_is_in_horizon() else 0.0
            for order in self - confirmed
        }
        for root, orders in confirmed._credit_grouped_by_root():
            backlog = self._credit_backlog(root, order_ids=orders._origin.ids)
            amounts.update(
                {order: sum(backlog.get(order._origin.id, (0.0,))) for order in orders}
            )
        return amounts

    def _credit_to_pay(self):
        """Return the total less what was paid and is not booked yet.

        A booked payment lowers the exposure, as an unapplied one.
        """
        return self._credit_convert(self.amount_total - self._credit_paid_online())

    def _credit_paid_online(self):
        """Return what was paid online and is not booked, in the order's currency."""
        if not self.env["payment.transaction"]._credit_is_used():
            return 0.0
        return sum(
            transaction.amount
            for transaction in self.transaction_ids
            if transaction.state in ("authorized", "done")
            and transaction.payment_id.state not in ("in_process", "paid")
        )

    def _credit_is_in_horizon(self):
        """Tell whether the order is near enough to count; see the company's horizon."""
        if not self.commitment_date:
            return True
        days = self.company_id._credit_scope(self.company_id.id).horizon_days
        if not days:
            return True
        today = self.env["res.company"]._credit_today()
        return self.commitment_date.date() <= today + timedelta(days=days)

    def _credit_convert(self, amount):
        company = self.company_id
        if self.currency_id == company.currency_id:
            return company.currency_id.round(amount)
        today = self.env["res.company"]._credit_today()
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

    # === DOORS: writes and creations that skip the button === #

    @api.model_create_multi
    def create(self, vals_list):
        """Orders that arrive confirmed, by import for instance, meet the rules too."""
        confirmed = [vals.get("state") == "sale" for vals in vals_list]
        if not any(confirmed):
            return super().create(vals_list)
        with self.order_line._credit_withholding():
            orders = super().create(vals_list)
        arrived = orders.browse(
            order.id
            for order, is_sale in zip(orders, confirmed, strict=True)
            if is_sale
        )
        held = arrived._credit_hold_arrived()
        (arrived - held).order_line._credit_run_withheld()
        return orders

    def write(self, vals):
        if vals.get("state") != "sale":
            return super().write(vals)
        held = self._credit_hold_broken()
        if held:
            super(SaleOrder, held).write(
                {key: value for key, value in vals.items() if key != "state"}
            )
        return super(SaleOrder, self - held).write(vals)

    def _credit_hold_arrived(self):
        """Take confirmed orders that break a rule back to quotations and hold them."""
        verdicts = self.sudo()._credit_verdicts(lock=True)  # facts of all salespeople
        held = self.filtered(lambda order: verdicts[order].findings)
        if held:
            held.write({"state": "sent"})
            held._credit_record_holds(verdicts)
        return held

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        held = self.sudo().filtered("credit_hold_id")  # a fact for everybody
        if held:
            raise UserError(
                self.env._(
                    "%s was on credit hold, and decisions about credit are kept. Leave "
                    "it cancelled instead of deleting it.",
                    ", ".join(held.mapped("name")),
                )
            )

    def _action_cancel(self):
        res = super()._action_cancel()
        self.sudo().credit_hold_id._set_lapsed()  # the record of the hold follows
        return res

    # === ACTIONS === #

    def action_credit_request(self):
        """Ask for the release of a held order, or ask again with a better reason."""
        self.ensure_one()
        if self.credit_hold_state != "held":
            raise UserError(self.env._("%s is not on credit hold.", self.name))
        return open_dialog(
            "credit.hold.request", self.env._("Ask for Release"), order_id=self.id
        )

    def action_credit_confirm(self):
        """Confirm the quotations of a list: the good ones pass, one summary tells of
        the others. Orders that are no quotations any more are left out."""
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        if not quotations:
            raise UserError(self.env._("None of these orders is a quotation."))
        result = quotations.action_confirm()
        if isinstance(result, dict):
            return result
        return self.env["credit.hold"]._notify(
            self.env._("%s confirmed.", len(quotations)), {}
        )

    def action_open_credit_hold(self):
        self.ensure_one()
        return self.credit_hold_id._get_records_action()
