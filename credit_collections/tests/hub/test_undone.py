from odoo.tests import tagged

from . import test_matching
from .matching_common import MatchingCommon


@tagged("post_install", "-at_install")
class TestUndone(MatchingCommon):
    """What is set back to draft, or rejected, stays matched in Odoo 19 and settles
    nothing, as each of those who ask sees it."""

    NOTHING = test_matching.TestMatching.NOTHING
    MONEY = test_matching.TestMatching.MONEY
    TAKEN_BACK = test_matching.TestMatching.TAKEN_BACK
    GIVEN_UP = test_matching.TestMatching.GIVEN_UP

    def _assert_seen(self, invoice, expected):
        seen = self._seen(invoice)
        seen.pop("reason")
        self.assertEqual(seen, expected)

    def _assert_undone(self, settle, undo, again, settled=None):
        invoice = self._claim()
        profile = self._profile(invoice.partner_id)
        collector = profile.collector_id
        entry = settle(invoice)
        steps = [(undo, self.NOTHING), (again, settled or self.MONEY)]
        for act, expected in [(lambda one: None, steps[1][1]), *steps]:
            act(entry)
            self._assert_seen(invoice, expected)
            profile.collector_id = collector

    def _pay_online(self, invoice):
        return self._payment(invoice.partner_id, 1000.0, invoice)

    def test_a_payment_set_back_to_draft(self):
        self._assert_undone(
            self._pay_online,
            lambda payment: payment.action_draft(),
            lambda payment: payment.action_post(),
        )

    def test_a_payment_that_the_bank_rejects(self):
        self._assert_undone(
            self._pay_online,
            lambda payment: payment.action_reject(),
            lambda payment: setattr(payment, "state", "in_process"),
        )

    def test_a_line_of_a_statement_set_back_to_draft(self):
        self._assert_undone(
            self._statement_line,
            lambda entry: entry.button_draft(),
            lambda entry: entry.action_post(),
        )

    def test_an_entry_set_back_to_draft(self):
        self._assert_undone(
            lambda invoice: self._entry(
                invoice, 1000.0, (self.bank.default_account_id, 1000.0)
            ),
            lambda entry: entry.button_draft(),
            lambda entry: entry.action_post(),
        )

    def test_a_credit_note_set_back_to_draft(self):
        self._assert_undone(
            self._credit,
            lambda note: note.button_draft(),
            lambda note: note.action_post(),
            self.TAKEN_BACK,
        )

    def test_a_write_off_set_back_to_draft(self):
        self._assert_undone(
            self._write_off,
            lambda entry: entry.button_draft(),
            lambda entry: entry.action_post(),
            self.GIVEN_UP,
        )

    def test_the_case_says_what_is_open(self):
        invoice = self._claim()
        payment = self._pay_online(invoice)
        case = self._profile(invoice.partner_id).case_ids
        self.assertEqual((case.open_amount, case.state), (0.0, "closed"))
        payment.action_draft()
        case.invalidate_recordset()
        self.assertEqual((case.open_amount, case.state), (1000.0, "open"))

    def test_rejected_money_that_waits_keeps_no_promise(self):
        invoice = self._claim()
        promise = self._profile(invoice.partner_id).promise_ids
        payment = self._payment(invoice.partner_id, 1000.0)
        promise._evaluate()
        self.assertEqual(promise.unapplied_amount, 1000.0)
        payment.action_reject()
        promise._evaluate()
        self.assertEqual(promise.unapplied_amount, 0.0)
