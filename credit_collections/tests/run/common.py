from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command

from ...sql.run.collection_items import listed_items
from ..common import CreditCommon


class CollectionCommon(CreditCommon):
    """One strategy of mail, mail, call and legal task for all customers of a test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["collection.segment"].search([]).active = False
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": cls.env["ir.model"]._get_id("collection.action"),
                "subject": "Reminder",
                "use_default_to": False,
                "partner_to": "{{ object.partner_id.id }}",
                "body_html": "<p>Dear <t t-out='object.partner_id.name'/></p>"
                "<t t-call='credit_collections.collection_action_items'/>",
            }
        )
        cls.strategy = cls._strategy()
        cls.segment = cls.env["collection.segment"].create(
            {"name": "All", "strategy_id": cls.strategy.id}
        )

    @classmethod
    def _strategy(cls, **values):
        """Return a strategy: mails on days 5 and 10, call on 20, legal on 60."""
        mail = {"channel": "email", "mail_template_id": cls.template.id}
        steps = [
            {"name": "First", "days": 5, **mail},
            {"name": "Second", "days": 10, **mail},
            {"name": "Call", "days": 20, "channel": "call"},
            {"name": "Legal", "days": 60, "channel": "task", "is_legal": True},
        ]
        return cls.env["collection.strategy"].create(
            {
                "name": "Test",
                "step_ids": [Command.create(step) for step in steps],
                **values,
            }
        )

    @contextmanager
    def _in_payment(self):
        """Inside, invoices come to *in payment* as with other accounting addons, and
        the bank has no account for money on its way."""
        bank = self.company_data["default_journal_bank"]
        bank.inbound_payment_method_line_ids.payment_account_id = False
        moves = type(self.env["account.move"])
        with patch.object(
            moves, "_get_invoice_in_payment_state", lambda _self: "in_payment"
        ):
            yield
            self.env.flush_all()

    def _register_payment(self, invoices, amount):
        """Register a payment in core's dialog; it is in no entry."""
        with self._in_payment():
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoices.ids
            )
            return wizard.create(
                {"amount": amount, "group_payment": True}
            )._create_payments()

    @classmethod
    def _debtor(cls, name, *items, **values):
        """Return a customer with open items, each an amount and days overdue."""
        return cls._debtors([name], *items, **values)

    @classmethod
    def _debtors(cls, names, *items, **values):
        """Return such customers, each with items of these amounts and days."""
        customers = cls._customers(names, phone="+1 555 0100", **values)
        for amount, days in items:
            cls._receivables(customers, amount, due_in=-days)
        cls.profiles._ensure(cls.company, customers.ids)
        return customers

    @classmethod
    def _plan(cls, company=None, **values):
        """Return a planned run of today."""
        company = company or cls.company
        cls.env["collection.segment"]._assign(company)
        run = cls.env["collection.run"].create({"company_id": company.id, **values})
        run.action_plan()
        return run

    @classmethod
    def _action(cls, run, customer):
        return run.action_ids.filtered(
            lambda action: action.commercial_partner_id == customer
        )

    @classmethod
    def _about_to_be_done(cls, action):
        """Give a planned action its items, as at the moment of sending."""
        action.run_id._plan_again(action)
        return action

    @classmethod
    def _listed(cls, action):
        """Return ``(amount, level)`` of the items that a planned action would list."""
        run = action.run_id
        days = run._get_days(run._get_policies())
        pot = run.company_id._credit_pot(run.date)
        cls.env.flush_all()
        rows = cls.env.execute_query(listed_items(pot, days, action.ids))
        return [(float(amount), level) for _a, _i, amount, _c, level, _b in rows]

    @classmethod
    def _set_level(cls, moves, level):
        cls._open_items(moves).sudo().write({"collection_level": level})

    def _mails(self, run):
        return run.action_ids.mail_ids
