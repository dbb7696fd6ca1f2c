import random
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CreditCommon

OPERATIONS = 200
SEED = 190140
LIMIT = 900000.0


@tagged("post_install", "-at_install")
class TestStorm(CreditCommon):
    """After whatever people do in whatever order, each figure is what Python works out
    from the documents and from the matches of the ledger alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(SEED)
        cls.euro = cls.setup_other_currency("EUR", rates=[("2000-01-01", 0.8)])
        cls.euros = cls.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": cls.euro.id}
        )
        cls.customers = cls._customers([f"Storm {n}" for n in range(5)], limit=LIMIT)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.customers[0].id}
        )
        cls.group = cls.env["credit.group"].create({"name": "Storm"})
        cls.all_profiles = cls._profile(cls.customers)
        cls.all_profiles[:2].group_id = cls.group
        department = cls.env["collection.department"].create({"name": "Dispatch"})
        cls.reason = cls.env["credit.reason"].create(
            {"name": "Broken", "kind": "dispute", "department_id": department.id}
        )
        cls.orders = cls.env["sale.order"]
        cls.moves = cls.env["account.move"]
        cls.payments = cls.env["account.payment"]

    # === WHAT PEOPLE DO === #

    def _pick(self, records):
        return records.browse(self.random.choice(records.ids)) if records else records

    def _somebody(self):
        return self._pick(self.customers + self.contact)

    def _amount(self):
        return round(self.random.uniform(1.0, 900.0), 2)

    def _quote(self):
        order = self._order(
            self._somebody(),
            self._amount() * 4,
            quantity=4,
            **self.random.choice([{}, {"pricelist_id": self.euros.id}]),
        )
        self.orders += order

    def _confirm(self):
        order = self._pick(self.orders.filtered(lambda one: one.state == "draft"))
        order.action_confirm()

    def _change(self):
        order = self._pick(self.orders.filtered(lambda one: one.state == "sale"))
        line = order.order_line[:1]
        if self.random.random() < 0.5:
            line.product_uom_qty = max(line.qty_invoiced, self.random.randint(1, 9))
        else:
            line.price_unit = self._amount()

    def _call_off(self):
        self._pick(self.orders)._action_cancel()

    def _draft_again(self):
        self._pick(
            self.orders.filtered(lambda one: one.state == "cancel")
        ).action_draft()

    def _move_to_another(self):
        order = self._pick(self.orders.filtered(lambda one: not one.invoice_ids))
        order.partner_invoice_id = self._somebody()

    def _bill_order(self):
        order = self._pick(self.orders.filtered(lambda one: one.state == "sale"))
        if order:
            invoice = order._create_invoices(final=True)
            if self.random.random() < 0.5:
                invoice.invoice_line_ids[:1].quantity = 1
            self.moves += invoice

    def _bill(self):
        self.moves += self._receivable(
            self._somebody(),
            self._amount() * self.random.choice([1, 1, -1]),
            due_in=self.random.randint(-60, 60),
            post=self.random.random() < 0.6,
            **self.random.choice([{}, {"currency_id": self.euro.id}]),
        )

    def _in_state(self, state):
        return self._pick(self.moves.filtered(lambda move: move.state == state))

    def _post(self):
        self._in_state("draft").action_post()

    def _unpost(self):
        self._in_state("posted").button_draft()

    def _give_up(self):
        self._in_state("draft").button_cancel()

    def _credit(self):
        move = self._pick(
            self.moves.filtered(
                lambda one: one.state == "posted" and one.move_type == "out_invoice"
            )
        )
        if move:
            self.moves += move._reverse_moves(
                [{"invoice_date": self.today}], cancel=self.random.random() < 0.5
            )

    def _postpone(self):
        item = self._pick(self._open_items(self.moves))
        item.date_maturity = self.today + timedelta(days=self.random.randint(-40, 40))

    def _pay(self):
        invoice = self._pick(
            self._open_items(self.moves).move_id.filtered(
                lambda move: move.move_type == "out_invoice"
            )
        )
        partner = invoice.partner_id or self._somebody()
        currency = self.random.choice([self.euro, self.company.currency_id])
        known = self.random.choice([invoice, invoice, None])
        if known and known.state != "posted":
            known = None
        self.payments += self._payment(
            partner, self._amount(), invoices=known, currency_id=currency.id
        )

    def _match(self):
        partner = self._pick(self.customers)
        items = self._open_items(self.moves + self.payments.move_id)
        items = items.filtered(
            lambda item: (
                item.partner_id.commercial_partner_id == partner
                and item.parent_state == "posted"
            )
        )
        items.reconcile()

    def _unmatch(self):
        matches = self.payments.move_id.line_ids.matched_debit_ids
        self._pick(matches).unlink()

    def _undo_payment(self):
        payment = self._pick(self.payments)
        self.random.choice(
            [payment.action_draft, payment.action_cancel, payment.action_post]
        )()

    def _dispute(self):
        item = self._pick(self._open_items(self.moves))
        if item.balance > 0:
            line = {"move_line_id": item.id, "amount": item.amount_residual_currency}
            item._open_dispute({"reason_id": self.reason.id}, [line])

    def _do_something(self):
        """Do one of all this; what Odoo refuses is not done."""
        ways = [
            *[self._quote, self._confirm, self._confirm, self._bill, self._bill] * 2,
            *[self._bill_order, self._post, self._post, self._pay, self._pay] * 2,
            *[self._change, self._call_off, self._draft_again, self._move_to_another],
            *[self._unpost, self._give_up, self._credit, self._postpone],
            *[self._match, self._unmatch, self._undo_payment, self._dispute],
        ]
        way = self.random.choice(ways)
        kept = self.orders, self.moves, self.payments
        try:
            with self.env.cr.savepoint():
                way()
        except UserError:
            self.env.invalidate_all(flush=False)
            self.orders, self.moves, self.payments = kept
            return None
        return way.__name__

    # === WHAT IT COMES TO === #

    def _open_balance(self, item):
        """Return what is open of an item: what was booked less what posted entries
        settled, whatever core says about it."""
        settled = sum(
            match.amount
            for match in item.matched_credit_ids
            if match.credit_move_id.parent_state == "posted"
        ) - sum(
            match.amount
            for match in item.matched_debit_ids
            if match.debit_move_id.parent_state == "posted"
        )
        return item.balance - settled

    def _expected(self, customer):
        """Return the figures of a customer."""
        found = dict.fromkeys(("overdue", "not_due", "unapplied", "draft", "order"), 0)
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", customer.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "in", ("posted", "draft")),
            ]
        )
        oldest = None
        for item in items:
            if item.parent_state == "draft":
                if item.move_id.is_invoice():
                    found["draft"] += self._today_worth(
                        item.amount_currency, item.currency_id
                    )
                continue
            left = self.company.currency_id.round(self._open_balance(item))
            if left < 0:
                found["unapplied"] += left
            elif item.date_maturity < self.today:
                found["overdue"] += left
                if left:
                    oldest = min(oldest or item.date_maturity, item.date_maturity)
            else:
                found["not_due"] += left
        found["days"] = (self.today - oldest).days if oldest else 0
        orders = self.env["sale.order"].search(
            [("partner_invoice_id", "child_of", customer.id), ("state", "=", "sale")]
        )
        for order in orders:
            for line in order.order_line:
                left = max(line.product_uom_qty - line.qty_invoiced, 0.0)
                found["order"] += self._today_worth(
                    left * line.price_unit, order.currency_id
                )
        return found

    def _today_worth(self, amount, currency):
        return currency._convert(
            amount, self.company.currency_id, self.company, self.today
        )

    def _assert_figures(self, done):
        self.env.flush_all()
        self.env.invalidate_all()
        live = self.profiles._exposure_map(self.company)
        self.profiles._refresh_figures(self.company)
        self.group._refresh_figures()
        total = {}
        for profile in self.all_profiles:
            expected = self._expected(profile.partner_id)
            row = live.get(profile.partner_id.id, {})
            total[profile] = 0
            with self.subTest(customer=profile.partner_id.name, done=done):
                for names in (
                    ("overdue",),
                    ("not_due",),
                    # money for a draft is in neither of the two, or in both
                    ("unapplied", "draft"),
                    ("order", "delivered"),
                ):
                    wanted = sum(expected.get(name, 0.0) for name in names)
                    stored = sum(profile[f"{name}_amount"] for name in names)
                    found = sum(row.get(name, 0.0) for name in names)
                    # each line of an order is rounded for itself
                    delta = 0.1 if "order" in names else 0.01
                    self.assertAlmostEqual(found, wanted, delta=delta)
                    self.assertAlmostEqual(stored, wanted, delta=delta)
                days = expected.pop("days")
                self.assertEqual(profile.overdue_days, days)
                exposure = total[profile] = sum(expected.values())
                self.assertAlmostEqual(profile.exposure, exposure, delta=0.1)
                if not profile.group_id:
                    left = LIMIT - exposure
                    self.assertAlmostEqual(profile.available_credit, left, delta=0.1)
        self.assertAlmostEqual(
            self.group.exposure,
            sum(total[one] for one in self.all_profiles[:2]),
            delta=0.2,
        )

    def test_after_a_storm_each_figure_is_what_the_documents_say(self):
        done = []
        while len(done) < OPERATIONS:
            what = self._do_something()
            if not what:
                continue
            done.append(what)
            if len(done) % 20 == 0:
                self._assert_figures(done[-20:])
        counts = {name: done.count(name) for name in sorted(set(done))}
        self.assertGreater(len(counts), 16, counts)
