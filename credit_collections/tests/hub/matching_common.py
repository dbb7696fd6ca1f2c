from odoo.fields import Command

from ..promise.common import PromiseCommon


class MatchingCommon(PromiseCommon):
    """An invoice of a released order, promised and in a case, and ways to settle it.

    Due ten days ago; all that settles it is of today unless a test says otherwise.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule("limit_used", limit_share=1.0)
        cls.bank = cls.company_data["default_journal_bank"]
        cls.misc = cls.company_data["default_journal_misc"]
        cls.expense = cls.company_data["default_account_expense"]
        cls.payable = cls.company_data["default_account_payable"]
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.written_off = cls.env.ref(
            "credit_collections.credit_reason_promise_written_off"
        )

    # === WHAT IS SETTLED === #

    def _claim(self, amount=1000.0, days=10, **values):
        """Return a debtor's posted invoice, with order, promise and case."""
        debtor = self._customer(f"Debtor {self.env['res.partner'].search_count([])}")
        self._profile(debtor).write(
            {
                "limit_policy": "limited",
                "credit_limit": 1.0,
                "collector_id": self.collector.id,
            }
        )
        order = self._order(debtor, amount)
        order.action_confirm()
        order.credit_hold_id._release(self.release_reason)
        invoice = self._invoice(
            order,
            post=False,
            invoice_date=self._day(-days),
            date=self._day(-days),
            invoice_date_due=self._day(-days),
            **values,
        )
        invoice.action_post()
        items = self._items(debtor)
        self._promise(items)
        items.with_user(self.collector)._open_case()
        return invoice

    # === WAYS TO SETTLE IT === #

    def _match(self, invoice, *entries):
        items = self._open_items(invoice.union(*entries))
        return items.filtered(
            lambda item: item.account_id == self.receivable
        ).reconcile()

    def _pay(self, invoice, amount=1000.0, **values):
        return self._payment(invoice.partner_id, amount, invoice, **values).move_id

    def _pay_off(self, invoice, amount, **values):
        """Pay by core's dialog, which writes the rest off: *Mark as fully paid*."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(
            {
                "amount": amount,
                "payment_date": self.today,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": self.expense.id,
                **values,
            }
        )._create_payments()

    def _entry(self, invoice, amount, *debits, match=True, **values):
        """Book against a receivable: ``(account, amount)`` each; match it."""
        entry = self.env["account.move"].create(
            {
                "journal_id": self.misc.id,
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": invoice.partner_id.id,
                            "credit": amount,
                        }
                    ),
                    *(
                        Command.create({"account_id": account.id, "debit": part})
                        for account, part in debits
                    ),
                ],
                **values,
            }
        )
        entry.action_post()
        if match:
            self._match(invoice, entry)
        return entry

    def _write_off(self, invoice, amount=1000.0, **values):
        return self._entry(invoice, amount, (self.expense, amount), **values)

    def _credit(self, invoice, amount=1000.0):
        note = self._receivable(invoice.partner_id, -amount)
        self._match(invoice, note)
        return note

    def _statement_line(self, invoice, amount=1000.0):
        """Book a line of a bank statement against the receivable itself."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.today,
                "payment_ref": "Transfer",
                "partner_id": invoice.partner_id.id,
                "amount": amount,
                "counterpart_account_id": self.receivable.id,
            }
        )
        self._match(invoice, line.move_id)
        return line.move_id

    # === WHAT EVERYBODY SAYS ABOUT IT === #

    def _seen(self, invoice):
        """Return what each of those who ask for it says about how it was settled."""
        self.env.flush_all()
        self.env.invalidate_all()
        profile = self._profile(invoice.partner_id)
        promise, case = profile.promise_ids, profile.case_ids
        self.profiles.sudo()._write_history(self.company)
        month = profile.with_user(self.collector).payment_picture["months"][-1]
        board = self.env["collection.board"].search(
            [
                ("user_id", "=", self.collector.id),
                ("company_id", "=", self.company.id),
            ]
        )
        outcome = self.env["credit.release.outcome"].search(
            [("profile_id", "=", profile.id)]
        )
        seen = {
            "promise": (promise.state, promise.due_amount, promise.kept_amount),
            "reason": promise.cancel_reason_id,
            "record": (profile.broken_promise_count, profile.kept_promise_rate),
            "case": (case.state, case.close_reason, case.collected_amount),
            "payer": (profile.payer_type, profile.average_days_late),
            "month": (month["amount"], month["written_off"]),
            "board": board.collected_amount,
            "outcome": (outcome.outcome, outcome.written_off_amount),
        }
        # the next claim starts with a board of its own
        profile.collector_id = False
        return seen
