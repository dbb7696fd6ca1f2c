import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditHoldPay(models.TransientModel):
    """The link by which a customer pays what a held order waits for."""

    _name = "credit.hold.pay"
    _description = "Pay to Release"

    hold_id = fields.Many2one("credit.hold", required=True, readonly=True)
    order_name = fields.Char("Order", compute="_compute_link")
    partner_id = fields.Many2one("res.partner", "Customer", compute="_compute_link")
    email = fields.Char("E-mail", compute="_compute_link")
    currency_id = fields.Many2one(related="hold_id.pay_currency_id", related_sudo=False)
    amount = fields.Monetary("Amount to Pay", compute="_compute_link")
    settles_overdue = fields.Boolean(
        related="hold_id.pay_settles_overdue", related_sudo=False
    )
    link = fields.Char("Payment Link", compute="_compute_link")
    qr_code = fields.Binary("QR Code", compute="_compute_qr_code")
    has_provider = fields.Boolean(compute="_compute_has_provider")

    @api.depends("hold_id")
    def _compute_link(self):
        for wizard in self:
            hold = wizard.hold_id
            # facts of the order, for who sees the hold
            order_sudo = hold.order_id.sudo()
            wizard.order_name = order_sudo.name
            wizard.partner_id = order_sudo.partner_invoice_id
            wizard.email = order_sudo.partner_invoice_id.email
            wizard.amount = hold._get_amount_to_pay()
            wizard.link = hold._get_pay_url()

    @api.depends("link")
    def _compute_qr_code(self):
        for wizard in self:
            wizard.qr_code = base64.b64encode(wizard.hold_id._make_pay_qr_code())

    @api.depends("hold_id")
    def _compute_has_provider(self):
        for wizard in self:
            wizard.has_provider = wizard.hold_id._can_pay_online()

    def action_send(self):
        """Send the link to the customer by e-mail."""
        self.ensure_one()
        self.hold_id.check_access("read")
        if not self.hold_id._awaits_payment():
            raise UserError(
                self.env._(
                    "%s needs no payment any more; nothing was sent.", self.order_name
                )
            )
        if not self.email:
            raise UserError(
                self.env._("%s has no e-mail address.", self.partner_id.display_name)
            )
        template = self.env.ref("credit_collections.mail_template_credit_payment")
        order = self.hold_id.order_id
        # who may ask for the payment writes to the customer of this order
        template.sudo().send_mail(
            order.id, email_layout_xmlid="mail.mail_notification_light"
        )
        return self.hold_id._notify(
            self.env._("Payment link sent to %s.", self.email), {}
        )
