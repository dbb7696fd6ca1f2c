from odoo.exceptions import AccessError, LockError, MissingError, ValidationError
from odoo.fields import Command
from odoo.http import request, route

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment.controllers.portal import PaymentPortal


class CreditPaymentPortal(PaymentPortal):
    """The page by which a customer pays what a held order waits for."""

    @route(
        "/my/orders/<int:order_id>/credit",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def credit_payment(self, order_id, access_token=None, **kwargs):
        """Show the payment form, or say that no payment is needed any more."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        hold_sudo = order_sudo.credit_hold_id
        if not hold_sudo._can_be_paid():
            return request.render(
                "credit_collections.credit_payment_not_needed",
                {
                    "sale_order": order_sudo,
                    "page_name": "order",
                    "is_needed": hold_sudo._awaits_payment(),
                    "is_pending": hold_sudo._is_payment_pending(),
                },
            )
        partner_sudo = self._credit_payer(order_sudo)
        amount = hold_sudo._get_amount_to_pay()
        currency = hold_sudo.pay_currency_id
        return self.payment_pay(
            reference=order_sudo.name,
            amount=amount,
            currency_id=currency.id,
            partner_id=partner_sudo.id,
            company_id=order_sudo.company_id.id,
            access_token=payment_utils.generate_access_token(
                partner_sudo.id, amount, currency.id
            ),
            credit_order_id=order_sudo.id,
            credit_access_token=order_sudo._portal_ensure_token(),
        )

    @route("/my/orders/<int:order_id>/credit/qr", type="http", auth="public")
    def credit_payment_qr(self, order_id, access_token=None, **kwargs):
        """Show the QR code of the payment page, for e-mails."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token
            )
        except (AccessError, MissingError):
            return request.not_found()
        if not order_sudo.credit_hold_id:
            return request.not_found()
        picture = order_sudo.credit_hold_id._make_pay_qr_code()
        return request.make_response(picture, [("Content-Type", "image/png")])

    @route(
        "/my/orders/<int:order_id>/credit/transaction", type="jsonrpc", auth="public"
    )
    def credit_payment_transaction(self, order_id, access_token, **kwargs):
        """Create the transaction; what is paid is what was asked for, no less."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token
            )
        except (AccessError, MissingError) as error:
            raise ValidationError(
                request.env._("The access token is invalid.")
            ) from error
        hold_sudo = order_sudo.credit_hold_id
        if not hold_sudo._awaits_payment():
            raise ValidationError(
                request.env._(
                    "Thank you, but no payment is needed for %s any more.",
                    order_sudo.name,
                )
            )
        on_its_way = request.env._(
            "Thank you, your payment for %s is on its way already.", order_sudo.name
        )
        try:
            hold_sudo._begin_payment()
        except LockError as error:
            raise ValidationError(on_its_way) from error
        if hold_sudo._is_payment_pending():
            raise ValidationError(on_its_way)
        if hold_sudo._has_outgrown():
            raise ValidationError(
                request.env._(
                    "%s has changed since you were asked for the payment. You will be "
                    "asked again.",
                    order_sudo.name,
                )
            )
        self._validate_transaction_kwargs(
            kwargs, additional_allowed_keys=("reference_prefix",)
        )
        kwargs.update(
            {
                "amount": hold_sudo._get_amount_to_pay(),
                "currency_id": hold_sudo.pay_currency_id.id,
                "partner_id": self._credit_payer(order_sudo).id,
                "reference_prefix": order_sudo.name,
            }
        )
        transaction_sudo = self._create_transaction(
            custom_create_values=self._credit_transaction_values(order_sudo), **kwargs
        )
        return transaction_sudo._get_processing_values()

    def _document_check_access(self, model_name, document_id, access_token=None):
        """No token is a list or has letters beyond ASCII: comparing it would fail."""
        if not isinstance(access_token, str) or not access_token.isascii():
            access_token = None
        return super()._document_check_access(model_name, document_id, access_token)

    def _credit_payer(self, order_sudo):
        """Return who pays: the visitor, if of the customer, else who is invoiced."""
        visitor = request.env.user.partner_id
        customer = order_sudo.partner_invoice_id.commercial_partner_id
        if not request.env.user._is_public() and (
            visitor.commercial_partner_id == customer
        ):
            return visitor
        return order_sudo.partner_invoice_id

    def _credit_transaction_values(self, order_sudo):
        """Return what the payment is for: the order, or invoices that are past due."""
        hold_sudo = order_sudo.credit_hold_id
        values = {"credit_hold_id": hold_sudo.id}
        if hold_sudo.pay_settles_overdue:
            invoices = order_sudo._credit_overdue_invoices()
            return {**values, "invoice_ids": [Command.set(invoices.ids)]}
        return {**values, "sale_order_ids": [Command.set(order_sudo.ids)]}

    def _get_extra_payment_form_values(
        self, credit_order_id=None, credit_access_token=None, **kwargs
    ):
        """Lead the form to the transaction of the held order, and back to the order."""
        values = super()._get_extra_payment_form_values(**kwargs)
        if credit_order_id:
            order_sudo = self._document_check_access(
                "sale.order", self._cast_as_int(credit_order_id), credit_access_token
            )
            page = f"/my/orders/{order_sudo.id}/credit"
            values.update(
                {
                    "transaction_route": f"{page}/transaction",
                    "landing_route": order_sudo.get_portal_url(),
                    "access_token": credit_access_token,
                }
            )
        return values
