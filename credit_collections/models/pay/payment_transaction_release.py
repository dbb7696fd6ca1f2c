import logging

from odoo import SUPERUSER_ID, fields, models

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """Payments that customers were asked for, so that their held order goes on."""

    _inherit = "payment.transaction"

    credit_hold_id = fields.Many2one(
        "credit.hold",
        readonly=True,
        index="btree_not_null",
        help="The held order that goes on when this is paid.",
    )

    def _post_process(self):
        """Release the held orders that were paid for: before core confirms orders, and
        go on with the others once their invoices are settled."""
        asked = self.filtered(lambda transaction: transaction.credit_hold_id)
        if not asked:
            return super()._post_process()
        released = asked._credit_release()
        res = super()._post_process()
        asked._credit_protected(released._go_on_paid)
        return res

    def _credit_release(self):
        holds = self.filtered(
            lambda transaction: (
                transaction.state == "done" and transaction.operation != "validation"
            )
        ).credit_hold_id
        # as other effects of payments: by the system, whoever paid
        holds = holds.with_user(SUPERUSER_ID)
        return self._credit_protected(holds._on_payment) or holds.browse()

    def _credit_protected(self, method):
        """Call a method; whatever fails in it is no trouble of the customer's, whose
        money is booked all the same. The next evaluation makes up for it."""
        try:
            with self.env.cr.savepoint():
                return method()
        except Exception:
            _logger.exception("Release of %s by payment failed", self)
            return None
