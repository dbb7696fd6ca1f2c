import logging

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import str2bool

#: States of payments that settle nothing.
GONE = ("draft", "canceled", "rejected")

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """Payments that customers were asked for, so that their held order goes on."""

    _name = "payment.transaction"
    _inherit = ["payment.transaction", "credit.feature.mixin"]

    #: What a payment is for, and what became of it: a decision counts on it. Providers
    #: tell, whose messages are handled as superuser.
    _credit_protected_more = frozenset(
        {
            "state",
            "amount",
            "currency_id",
            "operation",
            "partner_id",
            "provider_id",
            "payment_id",
            "source_transaction_id",
            "child_transaction_ids",
            "sale_order_ids",
            "invoice_ids",
            "is_post_processed",
        }
    )

    credit_hold_id = fields.Many2one(
        "credit.hold",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The held order that goes on when this is paid.",
        groups="base.group_user",
    )

    # === WHAT CAME IN === #

    def _credit_is_booked(self):
        """Tell whether the payment is in the books, or was: it bounced then."""
        return self.payment_id.state in ("in_process", "paid", *GONE)

    def _credit_paid(self):
        """Return what an online payment brought, less what was paid back of it."""
        if self.state != "done" or self.payment_id.state in GONE:
            return 0.0
        back = self.child_transaction_ids.filtered(
            lambda child: child.operation == "refund" and child.state == "done"
        )
        return self.amount - abs(sum(back.mapped("amount")))

    def _credit_received(self):
        """Return what an online payment brought that is matched with no invoice."""
        payment = self.payment_id
        if payment.state in GONE:
            return 0.0
        if payment.state not in ("in_process", "paid"):
            return self._credit_paid() if self.state == "done" else self.amount
        items = payment.move_id.line_ids.filtered(
            lambda item: item.account_id == payment.destination_account_id
        )
        if not items:
            return 0.0 if payment.is_reconciled else self._credit_paid()
        return -sum(items.mapped("amount_residual_currency"))

    def _credit_received_for(self, order):
        """Return what of it came in for one of its orders, by what they come to."""
        received = self._credit_received()
        orders = self.sale_order_ids
        if len(orders) < 2:
            return received
        total = sum(orders.mapped("amount_total"))
        share = order.amount_total / total if total else 1.0 / len(orders)
        return received * share

    def _check_amount_and_confirm_order(self):
        """Leave held orders out of the confirmed ones: their customers are told that
        the payment arrived."""
        orders = super()._check_amount_and_confirm_order()
        return orders.filtered(lambda order: order.state == "sale")

    def _credit_invoice_released(self):
        """Do for paid orders that were held what their payment would have done.

        Where the company invoices online payments automatically, the invoice is made,
        posted and matched with the payment, which was booked while the order was held.
        """
        # as the payment would have been processed: by the system
        done = self.with_user(SUPERUSER_ID).filtered(
            lambda transaction: (
                transaction.state == "done" and transaction.operation != "validation"
            )
        )
        settings = done.env["ir.config_parameter"]
        if not str2bool(settings.get_param("sale.automatic_invoice")):
            return
        for transaction in done:
            transaction._invoice_sale_orders()
            invoices = transaction.invoice_ids
            invoices.filtered(lambda move: move.state == "draft").action_post()
            transaction._credit_match(invoices)

    def _credit_match(self, invoices):
        """Match the booked payment with invoices."""
        payment = self.payment_id
        items = (payment.move_id.line_ids + invoices.line_ids).filtered(
            lambda item: (
                item.account_id == payment.destination_account_id
                and not item.reconciled
            )
        )
        items.reconcile()

    # === RELEASE === #

    def _post_process(self):
        """Release the held orders that were paid for: before core confirms orders, and
        go on with the others once their invoices are settled."""
        refunds = self.filtered(
            lambda transaction: (
                transaction.operation == "refund" and transaction.state == "done"
            )
        )
        refunds.source_transaction_id._credit_take_back()
        asked = self.filtered(lambda transaction: transaction.credit_hold_id)
        if not asked:
            return super()._post_process()
        released = asked._credit_release()
        res = super()._post_process()
        asked._credit_without_trouble(released._go_on_paid)
        return res

    def _credit_take_back(self):
        """Take releases back whose payment was paid back or bounced."""
        holds = self.with_user(SUPERUSER_ID).credit_hold_id
        if holds and not self._credit_without_trouble(holds._on_payment_gone):
            holds.is_evaluation_due = True

    def _credit_release(self):
        holds = self.filtered(
            lambda transaction: (
                transaction.state == "done" and transaction.operation != "validation"
            )
        ).credit_hold_id
        # as other effects of payments: by the system, whoever paid
        holds = holds.with_user(SUPERUSER_ID)
        return self._credit_without_trouble(holds._on_payment) or holds.browse()

    def _credit_without_trouble(self, method):
        """Call a method; whatever fails in it is no trouble of the customer's, whose
        money is booked all the same. The next evaluation makes up for it."""
        try:
            with self.env.cr.savepoint():
                return method()
        except Exception:
            _logger.exception("Release of %s by payment failed", self)
            return None
