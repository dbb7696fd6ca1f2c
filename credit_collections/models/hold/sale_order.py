from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.client_actions import open_dialog


class SaleOrder(models.Model):
    """How a broken rule becomes a hold on record, and what people read of it."""

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
    # what decides: the pointer above is for lists and searches
    credit_order_hold_ids = fields.One2many(
        "credit.hold",
        "order_id",
        string="Credit Holds",
        readonly=True,
        copy=False,
        groups="base.group_user",
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

    # === COMPUTE === #

    @api.depends("credit_hold_id.state", "credit_hold_id.is_forced")
    def _compute_credit_hold_is_forced(self):
        for order in self:
            # a fact for everybody who may see the order
            hold_sudo = order.sudo().credit_hold_id
            order.credit_hold_is_forced = hold_sudo.is_forced and (
                hold_sudo.state == "held"
            )

    def _credit_get_hold(self):
        """Return the holds that count for these orders: of each the one in force, else
        the last decision, which the order points to. Found by their order: what an
        order points to is not believed where that is the hold of another one.

        Meant for a superuser environment.
        """
        found = self.env["credit.hold"].browse()
        for order in self._origin:
            own = order.credit_order_hold_ids.sorted("id", reverse=True)
            found |= (
                own.filtered(lambda hold: hold.state == "held")[:1]
                or own & order.credit_hold_id
                or own[:1]
            )
        return found

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        held_sudo = self.sudo().filtered(
            "credit_order_hold_ids"
        )  # a fact for everybody
        if held_sudo:
            raise UserError(
                self.env._(
                    "%s was on credit hold, and decisions about credit are kept. Leave "
                    "it cancelled instead of deleting it.",
                    ", ".join(held_sudo.mapped("name")),
                )
            )

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") == "cancel":
            # the record of the hold follows, whatever cancels
            self.sudo()._credit_get_hold()._set_lapsed()
        return res

    # === ACTIONS === #

    def action_credit_request(self):
        """Ask for the release of a held order, or ask again with a better reason."""
        self.ensure_one()
        self.env["credit.hold.request"].check_access("create")
        if self.credit_hold_state != "held":
            raise UserError(self.env._("%s is not on credit hold.", self.name))
        return open_dialog(
            self.env,
            "credit.hold.request",
            self.env._("Ask for Release"),
            order_id=self.id,
        )

    def action_open_credit_hold(self):
        self.ensure_one()
        return self.credit_hold_id._get_records_action()

    # === RECORD === #

    def _credit_record_holds(self, verdicts):
        """Write the holds of broken orders, tell approvers and salespeople."""
        if not self:
            return
        # a hold is a fact: whoever confirms, also a customer in the portal, causes it
        again = self.filtered(
            lambda order: order.sudo()._credit_get_hold().state == "held"
        )
        for hold in again.sudo()._credit_get_hold():
            verdict = verdicts[hold.order_id]
            if not verdict.checkpoint and not hold._withholds():
                # it has grown while a part of it was stopped
                hold._hold_change()
            hold._update_reasons(verdict)
        new = self - again
        # see above
        holds_sudo = self.env["credit.hold"].sudo()
        holds_sudo = holds_sudo.create(
            [order._prepare_credit_hold_vals(verdicts[order]) for order in new]
        )
        for hold in holds_sudo:
            before = hold.order_id.credit_hold_id
            hold.order_id.credit_hold_id = hold
            if before._stays_held():
                hold._go_on_by_hand(before)
        holds_sudo._announce()
        # that it is no cart any more follows from it
        self.sudo()._credit_park()

    def _prepare_credit_hold_vals(self, verdict):
        """Return the values of the hold of an order, with the numbers of it."""
        customer, order = verdict.customer, verdict.order
        missing = [finding.missing for finding in verdict.findings]
        available = customer.available
        over = verdict.currency.round(max(order.on_credit - (available or 0.0), 0.0))
        # in the words of the salesperson, whoever causes it
        language = self.sudo().user_id.lang or self.env.lang
        lines_sudo = self.env["credit.hold.line"].sudo().with_context(lang=language)
        return {
            "order_id": self.id,
            "profile_id": customer.profile_id,
            "checkpoint": verdict.checkpoint
            or ("change" if self.state == "sale" else "confirm"),
            "amount": self._credit_total(),
            "amount_on_credit": order.on_credit,
            "is_limited": customer.limit is not None,
            "limit_amount": customer.limit or 0.0,
            "exposure_amount": customer.exposure,
            "overdue_amount": customer.overdue_amount,
            "overdue_days": customer.overdue_days,
            "amount_over": 0.0 if available is None else over,
            "missing_amount": verdict.currency.round(max(missing, default=0.0))
            if all(missing)
            else 0.0,
            "send_confirmation": bool(self.env.context.get("send_email")),
            "line_ids": [
                fields.Command.create(lines_sudo._prepare_vals(finding, verdict))
                for finding in verdict.findings
            ],
        }

    # === BY HAND === #

    def action_credit_force(self):
        """Ask why these orders are to be put on hold, and do it."""
        self.env["credit.hold"]._check_may_force()
        self._credit_check_forcible()
        return open_dialog(
            self.env,
            "credit.hold.force",
            self.env._("Put on Credit Hold"),
            order_ids=self.ids,
        )

    def _credit_check_forcible(self):
        """Refuse orders that nothing can be held of."""
        if not self:
            raise UserError(self.env._("Choose the orders to put on hold."))
        cancelled = self.filtered(lambda order: order.state == "cancel")
        if cancelled:
            raise UserError(
                self.env._(
                    "%s is cancelled; there is nothing to hold.",
                    ", ".join(cancelled.mapped("name")),
                )
            )

    def _credit_park(self):
        """Keep a held order of a customer's own doing from being taken for a cart."""
        carts = self.filtered(
            lambda order: (
                order.state == "draft"
                and (order.transaction_ids or order._credit_is_from_website())
            )
        )
        carts.write({"state": "sent"})

    def _credit_is_under_review(self):
        """Tell whether the customer is to read that the order is being reviewed."""
        # the customer may know that, and nothing else of the hold
        return self.sudo().credit_hold_state == "held"

    def _credit_is_from_website(self):
        return "website_id" in self._fields and bool(self.website_id)

    def _credit_summary(self, passed_count):
        """Return one notification for orders that were held."""
        if len(self) == 1 and not passed_count:
            message = self.env._(
                "%(order)s is on credit hold: %(reason)s. A credit manager was told.",
                order=self.name,
                # why, for those who may not read the hold
                reason=self.sudo().credit_hold_id.reason_summary,
            )
        else:
            message = self.env._(
                "%(passed)s confirmed, %(held)s on credit hold: %(names)s",
                passed=passed_count,
                held=len(self),
                names=", ".join(self.mapped("name")),
            )
        return self.env["credit.hold"]._notify_held(message)
