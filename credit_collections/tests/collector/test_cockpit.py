from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCockpit(CollectionCommon):
    """The page of a customer: open items, aging, payments, links and statement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls._customer("Late")
        cls.page = cls._profile(cls.late)

    def _aging(self, profile=None):
        profile = profile or self.page
        profile.invalidate_recordset()
        picture = profile.with_user(self.collector).aging_picture
        amounts = [bucket["amount"] for bucket in picture["buckets"]]
        return amounts, picture["unapplied"]

    # === COST === #

    def test_pages_of_many_customers_cost_as_many_statements_as_one(self):
        customers = self._customers([f"Customer {number}" for number in range(20)])
        self._receivables(customers, 7.0, due_in=-9)
        for number, customer in enumerate(customers):
            invoice = self._receivable(customer, 100.0 + number, due_in=-5)
            self._payment(customer, 60.0, invoice)
        pages = self.page + self.profiles.union(*map(self._profile, customers))
        pages = pages.with_user(self.collector)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("partner_id.name")
            some.mapped("exposure")
            before = self.env.cr.sql_log_count
            for name in ("open_item_count", "aging_picture", "payment_picture"):
                some.mapped(name)
            return self.env.cr.sql_log_count - before

        count(pages[1])  # fills the caches
        self.assertEqual(count(pages), count(pages[1]))
        # 100 + 0 - 60 = 40 and 7, 101 - 60 = 41 and 7; nothing is owed by the first
        self.assertEqual(pages.mapped("open_item_count"), [0] + [2] * 20)
        open_amounts = pages[1:3].mapped(
            lambda page: page.open_item_ids.mapped("amount_residual")
        )
        self.assertEqual(open_amounts, [[7.0, 40.0], [7.0, 41.0]])
        paid = [
            sum(month["amount"] for month in page.payment_picture["months"])
            for page in pages[:3]
        ]
        self.assertEqual(paid, [0.0, 60.0, 60.0])

    # === AGING === #

    def test_each_item_is_in_the_bucket_of_its_age(self):
        for amount, days in (
            (1.0, 0),
            (2.0, 1),
            (4.0, 30),
            (8.0, 31),
            (16.0, 60),
            (32.0, 61),
            (64.0, 90),
            (128.0, 91),
            (256.0, 120),
            (512.0, 121),
            (1024.0, -5),
        ):
            self._receivable(self.late, amount, due_in=-days)
        # not due 1 + 1024; 1-30: 2 + 4; 31-60: 8 + 16; 61-90: 32 + 64;
        # 91-120: 128 + 256; above: 512
        self.assertEqual(self._aging(), ([1025.0, 6.0, 24.0, 96.0, 384.0, 512.0], 0.0))

    def test_unapplied_payments_are_shown_apart(self):
        self._receivable(self.late, 100.0, due_in=-5)
        self._payment(self.late, 30.0)
        self.assertEqual(self._aging(), ([0.0, 100.0, 0.0, 0.0, 0.0, 0.0], -30.0))

    def test_aging_adds_up_to_what_is_open(self):
        invoice = self._receivable(self.late, 100.0, due_in=-40)
        self._receivable(self.late, 70.0, due_in=9)
        self._payment(self.late, 25.0, invoice)
        amounts, unapplied = self._aging()
        self.page.action_refresh()
        # 100 - 25 + 70 = 145
        self.assertEqual(sum(amounts) + unapplied, 145.0)
        self.assertEqual(self.page.overdue_amount + self.page.not_due_amount, 145.0)

    def test_items_of_contacts_and_branches_count(self):
        contact = self.env["res.partner"].create(
            {"name": "Invoices", "type": "invoice", "parent_id": self.late.id}
        )
        self._receivable(contact, 10.0, due_in=-5)
        self.assertEqual(self._aging()[0][1], 10.0)

    def test_a_bucket_opens_its_items(self):
        self._receivable(self.late, 1.0, due_in=-30)
        inside = self._receivable(self.late, 2.0, due_in=-31)
        also = self._receivable(self.late, 4.0, due_in=-60)
        self._receivable(self.late, 8.0, due_in=-61)
        action = self.page.with_user(self.collector).action_open_bucket(31, 60)
        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(items.move_id, inside + also)

    def test_the_first_bucket_opens_what_is_not_late(self):
        due_today = self._receivable(self.late, 1.0, due_in=0)
        self._receivable(self.late, 2.0, due_in=-1)
        action = self.page.with_user(self.collector).action_open_bucket(None, 0)
        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(items.move_id, due_today)

    # === OPEN ITEMS === #

    def test_open_items_are_listed_the_oldest_first(self):
        new = self._receivable(self.late, 1.0, due_in=-3)
        old = self._receivable(self.late, 1.0, due_in=-30)
        payment = self._payment(self.late, 5.0)
        page = self.page.with_user(self.collector)
        self.assertEqual(page.open_item_ids.move_id, old + new + payment.move_id)
        self.assertEqual(page.open_item_count, 3)

    # === PAYMENTS === #

    def _months(self):
        self.page.invalidate_recordset()
        return self.page.with_user(self.collector).payment_picture["months"]

    def test_payments_are_weighted_by_their_amount(self):
        first = self._receivable(self.late, 300.0, due_in=-40)
        second = self._receivable(self.late, 100.0, due_in=-20)
        self._payment(self.late, 400.0, first + second)
        last = self._months()[-1]
        # (300 x 40 + 100 x 20) / 400 = 35 days
        self.assertEqual((last["amount"], last["days_late"]), (400.0, 35))

    def test_credit_notes_are_no_payments(self):
        invoice = self._receivable(self.late, 300.0, due_in=-40)
        note = self._receivable(self.late, -300.0, due_in=0)
        self._open_items(invoice + note).reconcile()
        self.assertEqual(self._months()[-1]["amount"], 0.0)

    def test_the_chart_has_twelve_months_and_no_older_payment(self):
        invoice = self._receivable(self.late, 50.0, due_in=-500)
        long_ago = self.today.replace(day=1) - relativedelta(months=12)
        self._payment(self.late, 50.0, invoice, date=long_ago)
        months = self._months()
        self.assertEqual(len(months), 12)
        self.assertFalse(any(month["amount"] for month in months))

    # === BUTTONS === #

    def test_the_pay_link_is_that_of_the_oldest_invoice(self):
        self._receivable(self.late, 1.0, due_in=-3)
        old = self._receivable(self.late, 1.0, due_in=-30)
        action = self.page.with_user(self.collector).action_pay_link()
        self.assertEqual(action["context"]["active_id"], old.id)
        dialog = self.env[action["res_model"]].with_user(self.collector)
        link = dialog.with_context(**action["context"]).create({}).link
        self.assertIn(f"/my/invoices/{old.id}", link)

    def test_without_an_invoice_there_is_nothing_to_pay(self):
        with self.assertRaises(UserError):
            self.page.with_user(self.collector).action_pay_link()

    def test_the_statement_lists_open_items_by_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self._receivable(self.late, 100.0, due_in=-3)
        self._receivable(self.late, 40.0, due_in=-9, currency_id=currency.id)
        self._payment(self.late, 30.0)
        groups = {
            money: total for money, _items, total in self.page._get_statement_lines()
        }
        # 100 - 30 in company currency, 40 in the other
        self.assertEqual(groups, {self.company.currency_id: 70.0, currency: 40.0})

    def test_the_statement_is_printed_by_a_collector(self):
        invoice = self._receivable(self.late, 100.0, due_in=-3)
        report = self.env["ir.actions.report"].with_user(self.collector)
        html, _kind = report._render_qweb_html(
            "credit_collections.report_open_items", self.page.ids
        )
        self.assertIn(invoice.name.encode(), html)

    def test_the_contact_for_invoices_is_called_first(self):
        self.late.write({"phone": "+1 555 0100", "email": "desk@example.com"})
        self.env["res.partner"].create(
            {
                "name": "Invoices",
                "type": "invoice",
                "parent_id": self.late.id,
                "email": "invoices@example.com",
            }
        )
        page = self.page.with_user(self.collector)
        self.assertEqual(page.contact_email, "invoices@example.com")
        self.assertEqual(page.contact_phone, "+1 555 0100")
