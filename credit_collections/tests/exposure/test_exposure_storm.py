from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RandomBusiness

POSTED = ("overdue", "not_due", "unapplied")


@tagged("post_install", "-at_install")
class TestExposureStorm(RandomBusiness):
    """Entries are matched, set back to draft, posted, rejected and cancelled at random.
    Whatever Odoo leaves matched, the figures are those that Python works out from the
    lines and matches alone."""

    OPERATIONS = 120

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payments = cls.env["account.payment"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.done = [cls._operate() for _n in range(cls.OPERATIONS)]
        cls.env.flush_all()

    @classmethod
    def _operate(cls):
        operation = cls.random.choice(
            [cls._undo, cls._undo, cls._reject, cls._repost, cls._match, cls._cancel]
        )
        try:
            with cls.env.cr.savepoint():
                operation()
        except UserError:  # core's own rules, for example about exchange differences
            return None
        return operation.__name__

    @classmethod
    def _any_entry(cls, state):
        entries = (cls.payments.move_id + cls.invoices).filtered(
            lambda move: move.state == state
        )
        return cls.random.choice(entries or [cls.invoices.browse()])

    @classmethod
    def _undo(cls):
        entry = cls._any_entry("posted")
        if payment := entry.origin_payment_id:
            payment.action_draft()
        else:
            entry.button_draft()

    @classmethod
    def _repost(cls):
        entry = cls._any_entry("draft")
        (entry.origin_payment_id or entry).action_post()

    @classmethod
    def _reject(cls):
        payments = cls.payments.filtered(lambda one: one.state == "in_process")
        if payments and cls.random.random() < 0.5:
            cls.random.choice(payments).action_reject()

    @classmethod
    def _cancel(cls):
        if cls.random.random() < 0.2:
            cls._any_entry("draft").button_cancel()

    @classmethod
    def _match(cls):
        """Pay an invoice, or match it with a credit note, draft or not."""
        invoice = cls.random.choice(cls.invoices.filtered(_is_open) or [None])
        if not invoice:
            return
        notes = cls.invoices.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.currency_id == invoice.currency_id
                and move.commercial_partner_id == invoice.commercial_partner_id
                and _is_open(move)
            )
        )
        if notes and cls.random.random() < 0.4:
            cls._open_items(invoice + cls.random.choice(notes)).reconcile()
            return
        amount = invoice.amount_residual * cls.random.choice([0.4, 1.0, 1.1])
        cls.payments += cls._payment(
            invoice.partner_id,
            invoice.currency_id.round(amount),
            invoices=invoice,
            currency_id=invoice.currency_id.id,
        )

    # === BY HAND === #

    def _items(self, customer):
        return self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("company_id", "=", self.company.id),
            ]
        )

    def _by_hand(self, customer):
        """Return the posted components, where drafts do not count."""
        found = dict.fromkeys(POSTED, 0.0)
        for item in filter(_is_sound, self._items(customer)):
            amount = item.balance
            for part in item.matched_credit_ids:
                amount -= part.amount if _is_sound(part.credit_move_id) else 0.0
            for part in item.matched_debit_ids:
                amount += part.amount if _is_sound(part.debit_move_id) else 0.0
            is_past = item.date_maturity and item.date_maturity < self.today
            owed = "overdue" if is_past else "not_due"
            found["unapplied" if item.balance < 0 else owed] += amount
        return found

    def _assert_alike(self, customer, everybody):
        """One customer has the figures of all; return them."""
        alone = self.profiles._exposure_map(self.company, customer.ids)[customer.id]
        row = everybody.get(customer.id) or dict.fromkeys(alone, 0)
        self.assertEqual(alone, {**row, "oldest_due": row["oldest_due"] or None})
        return row

    def test_the_storm_was_one(self):
        self.assertGreater(len(set(self.done) - {None}), 4)
        matched = self.env["account.move.line"].search_count(
            [
                ("parent_state", "=", "draft"),
                ("matching_number", "!=", False),
                ("account_id.account_type", "=", "asset_receivable"),
            ]
        )
        self.assertGreater(matched, 5)

    def test_without_drafts_each_figure_is_the_one_by_hand(self):
        self.company.credit_count_draft = False
        everybody = self.profiles._exposure_map(self.company)
        for customer in self.customers:
            row = self._assert_alike(customer, everybody)
            for name, amount in self._by_hand(customer).items():
                self.assertAlmostEqual(
                    float(row.get(name, 0.0)), amount, 2, f"{name} of {customer.name}"
                )

    def test_with_drafts_the_sum_is_that_of_what_is_booked_and_drafted(self):
        everybody = self.profiles._exposure_map(self.company)
        checked = 0
        for customer in self.customers:
            row = self._assert_alike(customer, everybody)
            items = self._items(customer)
            drafts = items.filtered(
                lambda item: (
                    item.parent_state == "draft" and item.display_type == "payment_term"
                )
            )
            if drafts.filtered(lambda item: item.currency_id == self.euro):
                continue  # they are worth what they are worth today
            checked += 1
            total = sum(float(row.get(name, 0.0)) for name in (*POSTED, "draft"))
            sound = items.filtered(_is_sound)
            self.assertAlmostEqual(total, sum((sound + drafts).mapped("balance")), 2)
        self.assertGreater(checked, 10)


def _is_open(move):
    return move.state != "cancel" and move.amount_residual > 0


def _is_sound(item):
    return item.parent_state == "posted" and item.payment_id.state != "rejected"
