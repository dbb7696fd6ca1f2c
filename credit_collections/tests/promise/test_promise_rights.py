from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PromiseCommon

AUDITOR = "account.group_account_readonly"


@tagged("post_install", "-at_install")
class TestPromiseRights(PromiseCommon):
    """Who may see, take, put off, close and judge promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor", AUDITOR)
        cls.bookkeeper = cls._user("bookkeeper", "account.group_account_invoice")
        cls.debtor = cls._debtor("Debtor", (100.0, 10))
        cls.item = cls._items(cls.debtor)

    def test_collectors_take_put_off_and_close_promises(self):
        promise = self._promise(self.item, user=self.collector)
        promise.date = self._day(8)
        promise.action_keep()
        promise.action_reopen()
        promise._cancel(self.reason_mistake)
        self.assertEqual(promise.state, "cancelled")

    def test_auditors_and_salespeople_take_none(self):
        for user in (self.auditor, self.salesperson, self.bookkeeper):
            with self.assertRaises(AccessError):
                self._promise(self.item, user=user)
            with self.assertRaises(AccessError):
                self._profile(self.debtor).with_user(user).action_promise()

    def test_auditors_read_promises_and_close_none(self):
        promise = self._promise(self.item).with_user(self.auditor)
        self.assertEqual(promise.line_ids.amount, 100.0)
        with self.assertRaises(AccessError):
            promise.action_keep()
        with self.assertRaises(AccessError):
            promise._cancel(self.reason_mistake)
        with self.assertRaises(AccessError):
            promise.note = "Mine"

    def test_salespeople_see_how_many_are_open_and_none_of_them(self):
        promise = self._promise(self.item)
        profile = self._profile(self.debtor).with_user(self.salesperson)
        self.assertEqual(profile.open_promise_count, 1)
        with self.assertRaises(AccessError):
            promise.with_user(self.salesperson).read(["amount"])

    def test_nobody_writes_lines_or_verdicts(self):
        promise = self._promise(self.item)
        with self.assertRaises(AccessError):
            promise.line_ids.with_user(self.manager).amount = 1.0
        with self.assertRaises(AccessError):
            self._profile(self.debtor).with_user(self.manager).broken_promise_count = 0

    def test_a_bookkeeper_who_books_the_money_keeps_the_promise(self):
        promise = self._promise(self.item)
        payment = self.env["account.payment"].with_user(self.bookkeeper)
        payment = payment.create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": 100.0,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self._open_items(payment.move_id + self.debtor.invoice_ids).with_user(
            self.bookkeeper
        ).reconcile()
        self.assertEqual(promise.state, "kept")

    def test_users_of_another_company_see_nothing(self):
        promise = self._promise(self.item)
        other = self.setup_other_company()["company"]
        stranger = self._user("stranger", "credit_collections.group_credit_manager")
        stranger.sudo().write(
            {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        for records in (promise, promise.line_ids):
            found = records.with_user(stranger).search([("id", "in", records.ids)])
            self.assertFalse(found)
        with self.assertRaises(AccessError):
            self._promise(self.item, user=stranger)

    def test_merged_customers_keep_their_promises(self):
        promise = self._promise(self.item)
        target = self._debtor("Target")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.debtor + target).ids, target)
        self.assertEqual(promise.partner_id, target)
        self.assertEqual(self._profile(target).open_promise_count, 1)
