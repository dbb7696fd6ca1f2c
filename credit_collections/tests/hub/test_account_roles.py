from odoo.tests import tagged

from ..common import CreditCommon


@tagged("post_install", "-at_install")
class TestAccountRoles(CreditCommon):
    """What it means to book on an account is kept until something says otherwise."""

    def _account(self, name, account_type="asset_current"):
        return self.env["account.account"].create(
            {"name": name, "code": f"R{name}", "account_type": account_type}
        )

    def _roles(self):
        return self.env["account.account"]._credit_roles()

    def test_all_that_says_it_is_asked_anew(self):
        bank = self.company_data["default_journal_bank"]
        method = bank.inbound_payment_method_line_ids[:1]
        account = self._account("1")
        self.assertNotIn(account.id, self._roles().money)
        for record, name in (
            (bank, "suspense_account_id"),
            (method, "payment_account_id"),
            (self.company, "transfer_account_id"),
        ):
            with self.subTest(name):
                before = record[name]
                record[name] = account
                self.assertIn(account.id, self._roles().money)
                record[name] = before
                self.assertNotIn(account.id, self._roles().money)

    def test_a_new_account_and_a_new_setting_say_it_at_once(self):
        self.assertIn(self._account("2", "asset_cash").id, self._roles().money)
        self.assertIn(
            self._account("3", "asset_receivable").id, self._roles().receivable
        )
        loss = self._account("4", "expense")
        self.assertNotIn(loss.id, self._roles().discount + self._roles().exchange)
        self.company.account_journal_early_pay_discount_loss_account_id = loss
        self.assertIn(loss.id, self._roles().discount)
        self.company.expense_currency_exchange_account_id = loss
        self.assertIn(loss.id, self._roles().exchange)
