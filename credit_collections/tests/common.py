from datetime import timedelta
from unittest.mock import patch

import freezegun

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from . import prepared
from .caches import KeptCaches
from .planner import SteadyPlanner

SALESPERSON = "sales_team.group_sale_salesman"
COLLECTOR = "credit_collections.group_collector"
CONTROLLER = "credit_collections.group_credit_controller"
MANAGER = "credit_collections.group_credit_manager"

#: Tests happen on a Wednesday in the middle of a month and of a quarter: two working
#: days before and after it in its week, no change of the clock near, no leap year, no
#: holiday of any calendar. The clock runs on from this moment.
NOW = "2025-05-14 10:00:00"
# how long tests take is measured while the clock stands on another day
freezegun.configure(extend_ignore_list=["_pytest.timing", "dev.share_plugin"])


class CreditCommon(SteadyPlanner, KeptCaches, AccountTestInvoicingCommon):
    """A company with its own customers, products without taxes and one user per role.

    Only the rules that a test makes are in force. Amounts are in company currency.
    """

    #: Odoo's, for the whole class. A class with a browser has None: the server that
    #: the browser talks to, and the browser itself, go by the real clock.
    freeze_time = freeze_time(NOW, tick=True)

    #: whether the company may be the one that is prepared in the database
    shares_books = True

    @classmethod
    def setUpClass(cls):
        with prepared.books(cls):
            super().setUpClass()
        if cls.freeze_time:
            # when records are made is the clock of PostgreSQL, which nobody stops
            cls.cr._now = fields.Datetime.now()
        cls.profiles = cls.env["credit.profile"]
        cls.profiles._fill_at_once()  # nobody else does it here
        cls.today = fields.Date.context_today(cls.profiles)
        if prepared.is_prepared() and cls.shares_books:
            prepared.take(cls, "people")
        else:
            cls._set_up_people()
        cls._archive_rules()

    @classmethod
    def _archive_rules(cls):
        """Leave in force only what a test makes itself."""
        cls.env["credit.rule"].search([]).active = False

    @classmethod
    def setup_independent_user(cls):
        prepared.make_way(cls.env)
        return super().setup_independent_user()

    @classmethod
    def _set_up_people(cls):
        cls.env.user.group_ids += cls.env.ref(MANAGER) + cls.env.ref(
            "sales_team.group_sale_manager"
        )
        cls.company = cls.company_data["company"]
        # customers have limits before a story begins; how they get them is another one
        cls.company.credit_limit_manual_edit = True
        cls.product = cls.env["product.product"].create(
            {
                "name": "Bolt",
                "type": "consu",
                "list_price": 100.0,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )
        cls.salesperson = cls._user("credit_sales", SALESPERSON)
        cls.collector = cls._user("collector", COLLECTOR)
        cls.controller = cls._user("credit_controller", CONTROLLER)
        cls.manager = cls._user("credit_manager", MANAGER)
        cls.customer = cls._customer("Customer")
        cls.release_reason = cls.env.ref(
            "credit_collections.credit_reason_release_management"
        )
        cls.reject_reason = cls.env.ref(
            "credit_collections.credit_reason_reject_prepay"
        )

    # === JOBS === #

    def _as_job(self, left=lambda: 1):
        """Within it scheduled jobs commit nothing.

        :param left: says how much time a job has left, asked at each commit
        :return: the mock of what commits
        """
        cron = type(self.env["ir.cron"])
        return patch.object(
            cron, "_commit_progress", side_effect=lambda *args, **kwargs: left()
        )

    # === FACTORIES === #

    @classmethod
    def _create_company(cls, **values):
        """Return a company in which limits are edited by hand, like the first one."""
        is_plain = cls.shares_books and values.keys() == {"name"}
        spare = is_plain and prepared.spare_company(cls.env)
        if not values.get("parent_id"):
            values.setdefault("credit_limit_manual_edit", True)
        if not spare:
            return super()._create_company(**values)
        spare.write(values)
        cls.env.user.company_ids += spare
        return spare

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email=f"{login}@example.com",
        )

    @classmethod
    def _customers(cls, names, limit=None, **values):
        """Return companies that buy; with a limit where one is given."""
        account = cls.company_data["default_account_receivable"]
        customers = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "email": f"{name.lower().replace(' ', '.')}@example.com",
                    "property_account_receivable_id": account.id,
                    **values,
                }
                for name in names
            ]
        )
        if limit is not None:
            cls.profiles._ensure(cls.company, customers.ids).write(
                {"limit_policy": "limited", "credit_limit": limit}
            )
        return customers

    @classmethod
    def _customer(cls, name, limit=None, **values):
        """Return such a company."""
        return cls._customers([name], limit, **values)

    @classmethod
    def _profile(cls, customer, company=None):
        return cls.profiles._ensure(
            company or cls.company, customer.commercial_partner_id.ids
        )

    @classmethod
    def _rule(cls, kind, **values):
        return cls.env["credit.rule"].create({"name": kind, "kind": kind, **values})

    @classmethod
    def _order(cls, customer=None, amount=100.0, quantity=1, **values):
        """Return a quotation of one line that comes to ``amount``."""
        return cls.env["sale.order"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "user_id": cls.salesperson.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": quantity,
                            "price_unit": amount / quantity,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _receivable(cls, customer=None, amount=100.0, due_in=0, post=True, **values):
        """Return an invoice without taxes that is due in so many days; past if < 0.

        A negative amount is a credit note.
        """
        customers = customer or cls.customer
        return cls._receivables(customers, amount, due_in, post=post, **values)

    @classmethod
    def _receivables(cls, customers, amount=100.0, due_in=0, post=True, **values):
        """Return such an invoice of each of the customers."""
        due = cls.today + timedelta(days=due_in)
        goods = {
            "name": "Goods",
            "price_unit": abs(amount),
            "tax_ids": [Command.clear()],
        }
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice" if amount >= 0 else "out_refund",
                    "partner_id": customer.id,
                    "invoice_date": min(due, cls.today),
                    "date": min(due, cls.today),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create(goods)],
                    **values,
                }
                for customer in customers
            ]
        )
        if post:
            moves.action_post()
        return moves

    @classmethod
    def _payment(cls, customer=None, amount=100.0, invoices=None, **values):
        """Return a posted payment, matched to invoices where some are given.

        A negative amount is money paid back to the customer.
        """
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound" if amount >= 0 else "outbound",
                "partner_type": "customer",
                "partner_id": (customer or cls.customer).id,
                "amount": abs(amount),
                "date": cls.today,
                "journal_id": cls.company_data["default_journal_bank"].id,
                **values,
            }
        )
        payment.action_post()
        if invoices:
            cls._open_items(payment.move_id + invoices).reconcile()
        return payment

    @classmethod
    def _open_items(cls, moves):
        """Return the receivable items of journal entries that are not matched yet."""
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )

    @classmethod
    def _confirmed(cls, customer=None, amount=100.0, quantity=1, **values):
        """Return a confirmed order of one line that comes to ``amount``."""
        order = cls._order(customer, amount, quantity, **values)
        order.action_confirm()
        return order

    @classmethod
    def _invoice(cls, order, post=True, **values):
        """Return the invoice of what an order has left; deducts its down payments."""
        invoice = order._create_invoices(final=True)
        invoice.write({"invoice_payment_term_id": False, **values})
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _down_payment(cls, order, share=None, amount=None, post=True):
        """Return the invoice of a down payment: a share (0.3 = 30 %) or an amount."""
        wizard = cls.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage" if share else "fixed",
                "amount": share * 100 if share else 0.0,
                "fixed_amount": amount or 0.0,
            }
        )
        invoice = wizard._create_invoices(order)
        if post:
            invoice.action_post()
        return invoice

    def _exposure(self, customer=None, company=None):
        """Return the non-zero components of a customer, live."""
        customer = customer or self.customer
        rows = self.profiles._exposure_map(company or self.company, customer.ids)
        return {
            name: amount
            for name, amount in rows.get(customer.id, {}).items()
            if amount and name != "oldest_due"
        }


class LimitedCommon(CreditCommon):
    """One customer with a limit of 1,000, and the rule that holds what exceeds it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule("limit_used", limit_share=1.0)
        cls.limited = cls._customer("Limited", limit=1000.0)
