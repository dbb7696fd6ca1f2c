from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from ..common import LimitedCommon


class PayCommon(LimitedCommon, AccountPaymentCommon):
    """Held orders, for which customers are asked to pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("sale.automatic_invoice", "False")
        cls.partner = cls.limited

    def _held(self, amount=1500.0, customer=None, **values):
        order = self._order(customer or self.limited, amount, **values)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        return order

    def _ask(self, order, user=None):
        action = order.with_user(user or self.salesperson).action_credit_pay_link()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _pay(self, order, amount=None, state="done"):
        hold = order.credit_hold_id
        values = {"sale_order_ids": [(6, 0, order.ids)]}
        if hold.pay_settles_overdue:
            values = {"invoice_ids": [(6, 0, order._credit_overdue_invoices().ids)]}
        number = len(hold.pay_transaction_ids)
        transaction = self._create_transaction(
            "redirect",
            amount=hold._get_amount_to_pay() if amount is None else amount,
            currency_id=hold.pay_currency_id.id,
            partner_id=order.partner_id.id,
            reference=f"{order.name}-{number}",
            credit_hold_id=hold.id,
            state=state,
            **values,
        )
        transaction._post_process()
        return transaction
