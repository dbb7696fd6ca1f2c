from odoo import SUPERUSER_ID, models
from odoo.tools import str2bool


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "credit.feature.mixin"]

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
