from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.hold.prepaid import undelivered
from ...tools.outermost import put_around, take_away


class AccountMove(models.Model):
    """The invoice checkpoint: what is stopped is posting, the draft stays as it is."""

    _name = "account.move"
    _inherit = ["account.move", "credit.checkpoint.mixin"]
    _credit_stopped_by = "invoice_ids"

    credit_hold_ids = fields.Many2many(
        "credit.hold",
        "credit_hold_invoice_rel",
        "move_id",
        "hold_id",
        groups="base.group_user",
    )
    credit_is_held = fields.Boolean(
        help="Posting waits for a release by a credit manager.",
        groups="base.group_user",
    )

    @api.depends("state", "credit_hold_ids.state", "credit_hold_ids.reason_summary")
    def _compute_credit_is_held(self):
        for move in self:
            holds = move.credit_hold_ids.filtered(lambda hold: hold.state == "held")
            move.credit_is_held = bool(holds) and move.state == "draft"
            move.credit_hold_reason = (
                ", ".join(holds.mapped("reason_summary"))
                if move.credit_is_held
                else False
            )

    @api.model
    def _credit_held_domain(self):
        # the hold is a fact, also for those who may not read it
        holds_sudo = self.env["credit.hold"].sudo()
        holds_sudo = holds_sudo.search(
            [("state", "=", "held"), ("invoice_ids", "!=", False)]
        )
        return Domain("state", "=", "draft") & Domain(
            "id", "in", holds_sudo.invoice_ids.ids
        )

    def _get_alerts(self):
        alerts = super()._get_alerts()
        if self.credit_is_held:
            alerts["credit_hold"] = {
                "level": "danger",
                "message": self.env._(
                    "On credit hold, waiting for release: %s",
                    self.credit_hold_reason,
                ),
            }
        return alerts

    # === THE GATE === #

    def _register_hook(self):
        """Put the gate around the posting of all addons, whatever door leads there."""
        put_around(self, "_post", type(self)._credit_post)
        return super()._register_hook()

    def _unregister_hook(self):
        take_away(self, "_post")
        return super()._unregister_hook()

    def _credit_post(self, post, soft=True):
        """Post the entries that may pass; the others stay drafts, and nothing raises.

        :param post: function that posts, as it was without the gate
        """
        held = self._credit_hold_broken(soft)
        passed = self - held
        return post(passed, soft) if passed or not held else passed

    def _credit_hold_broken(self, soft=False):
        """Hold the invoices among these whose orders break a rule, and return them."""
        # facts of orders, also for accountants without rights on sales
        moves_sudo = self.sudo().filtered(
            lambda move: (
                move._credit_is_stoppable()
                and not (
                    soft and move.date and move.date > move.company_id._credit_today()
                )
            )
        )
        values = moves_sudo._credit_values()
        if not values:
            return self.browse()
        # as above
        orders_sudo = self.env["sale.order"].sudo().union(*values)
        held = orders_sudo._credit_decide_at("invoice", values)
        return moves_sudo._credit_stop(held).with_env(self.env)

    def _credit_is_stoppable(self):
        """Tell whether rules may stop this entry at all: customer invoices, where the
        company checks any. What a shop's till bills is being paid right now."""
        if self.move_type != "out_invoice" or self.state != "draft":
            return False
        root_id = self.company_id._credit_root_id()
        if not self.env["credit.rule"]._get_engine_rules(root_id, "invoice"):
            return False
        return not ("pos_order_ids" in self._fields and self.pos_order_ids)

    def _credit_orders(self):
        return self.invoice_line_ids.sale_line_ids.order_id

    def _credit_values(self):
        """Return what these invoices bill in advance: ``{order: company currency}``.

        An invoice with anything on it that was delivered is left out as a whole: what
        customers have is billed, whatever they owe. So are down payments.
        """
        # read at once what is taken one by one below
        self.invoice_line_ids.sale_line_ids.mapped("order_id.state")
        values = {}
        for move in self:
            billed = {}
            for line in move.invoice_line_ids:
                for ordered in line.sale_line_ids:
                    if not ordered.is_downpayment and not ordered.display_type:
                        billed.setdefault(ordered, []).append(line)
            if all(_bills_in_advance(*item) for item in billed.items()):
                for ordered, lines in billed.items():
                    order = ordered.order_id
                    amount = sum(line.price_total for line in lines)
                    values[order] = values.get(order, 0.0) + amount
        return {
            order: order._credit_convert(amount)
            for order, amount in values.items()
            if order.state == "sale"
        }

    # === DOORS: what people are told === #

    def action_post(self):
        res = super().action_post()
        return res or self._credit_summary() or res

    def action_validate_moves_with_confirmation(self):
        res = super().action_validate_moves_with_confirmation()
        return res or self._credit_summary() or res

    def _credit_summary(self):
        """Return one notification for invoices that are held; False where none is."""
        held = self.filtered("credit_is_held")
        if not held:
            return False
        posted = len(self.filtered(lambda move: move.state == "posted"))
        if len(held) == 1 and not posted:
            message = self.env._(
                "The invoice is on credit hold: %s. A credit manager was told, and it "
                "is posted with the release.",
                held.credit_hold_reason,
            )
        else:
            message = self.env._(
                "%(posted)s posted, %(held)s on credit hold, for %(names)s.",
                posted=posted,
                held=len(held),
                names=", ".join(sorted(filter(None, held.mapped("invoice_origin")))),
            )
        return self.env["credit.hold"]._notify_held(message)

    # === WHAT IS NO LONGER THERE === #

    def button_cancel(self):
        res = super().button_cancel()
        self.sudo().credit_hold_ids._lapse_idle()  # the record of the hold follows
        return res


def _bills_in_advance(ordered, lines):
    """Tell whether invoice lines of an order line bill nothing that was delivered."""
    unit = ordered.product_uom_id
    billed = sum(
        line.product_uom_id._compute_quantity(line.quantity, unit) for line in lines
    )
    return undelivered(billed, ordered.qty_delivered, ordered.qty_invoiced - billed)
