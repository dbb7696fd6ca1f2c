from odoo.tests import tagged

from ...sql.run.collection_plan import FACTS, contact_facts
from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestRegistered(CollectionCommon):
    """Payments that are registered and in no entry: the journal has no account for
    money on its way. Core calls their invoices paid, other accounting addons *in
    payment*; the ledger has them open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.debtor = cls._debtor("Debtor", (100.0, 10))
        cls.profile = cls._profile(cls.debtor)
        cls.env["collection.segment"]._assign(cls.company)
        cls.invoice = cls.env["account.move"].search(
            [("partner_id", "=", cls.debtor.id)]
        )

    def _register(self, amount=100.0, invoices=None):
        payment = self._register_payment(invoices or self.invoice, amount)
        self.assertFalse(payment.move_id)
        return payment

    def _simulated(self):
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.profile._simulate(self.today)
        return found["skip_reason"], found["amount"], found["credit_amount"]

    def test_who_has_paid_is_not_reminded(self):
        self.assertEqual(self._simulated(), (None, 100.0, 0.0))
        payment = self._register()
        self.assertEqual(self.invoice.payment_state, "in_payment")
        self.assertEqual(self._simulated()[0], "net_credit")
        payment.action_cancel()
        self.assertEqual(self._simulated(), (None, 100.0, 0.0))

    def test_the_exposure_follows_the_books_and_shows_the_amount_beside(self):
        self._register()
        self.assertEqual(self._exposure(self.debtor), {"overdue": 100.0})
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.registered_amount, 100.0)

    def test_a_part_counts_as_far_as_it_goes(self):
        self._register(40.0)
        self.assertEqual(self._simulated(), (None, 60.0, 40.0))
        self._register(30.0)
        self.assertEqual(self._simulated(), (None, 30.0, 70.0))

    def test_the_company_may_go_by_the_books_alone(self):
        self.company.collection_count_registered = False
        self._register()
        self.assertEqual(self._simulated(), (None, 100.0, 0.0))
        self.assertEqual(self.profile.registered_amount, 100.0)

    def test_one_payment_for_two_invoices(self):
        other = self._receivable(self.debtor, 50.0, due_in=-9)
        self._register(150.0, self.invoice + other)
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.registered_amount, 150.0)
        self.assertEqual(self._simulated()[0], "net_credit")

    def test_what_the_bank_has_booked_counts_once(self):
        payment = self._register(60.0)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.today,
                "payment_ref": "Transfer",
                "partner_id": self.debtor.id,
                "amount": 60.0,
                "counterpart_account_id": self.company_data[
                    "default_account_receivable"
                ].id,
            }
        )
        self._open_items(line.move_id + self.invoice).reconcile()
        payment.action_validate()
        self.assertEqual(self.invoice.payment_state, "partial")
        self.assertEqual(self._simulated(), (None, 40.0, 0.0))

    def test_a_payment_on_account(self):
        with self._in_payment():
            payment = self._payment(self.debtor, 30.0)
        self.assertFalse(payment.move_id)
        self.assertEqual(self._simulated(), (None, 70.0, 30.0))
        payment.action_validate()  # the bank has it: it is in the books by now
        self.assertEqual(self._simulated(), (None, 100.0, 0.0))

    def test_money_paid_to_suppliers_is_none(self):
        with self._in_payment():
            self._payment(self.debtor, 30.0, partner_type="supplier")
        self.assertEqual(self._simulated(), (None, 100.0, 0.0))

    def test_who_guards_contacts_by_hand_knows_it_too(self):
        self._register()
        self.env.flush_all()
        rows = self._contact_facts()
        self.assertEqual(float(rows[0]["overdue_credit"]), 100.0)

    def _contact_facts(self):
        statement = contact_facts(self.company._credit_pot(), self.profile.ids)
        return [
            dict(zip(FACTS, row, strict=True))
            for row in self.env.execute_query(statement)
        ]
