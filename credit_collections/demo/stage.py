"""What the parts of the story share: who is on stage, and which day it is."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from odoo.api import Environment
from odoo.fields import Datetime
from odoo.tools import SQL

#: Records of the story have external ids of this (not existing) module, so that neither
#: an update nor the removal of the addon touches them.
NAMESPACE = "credit_demo"

#: Tables that fill up while the story is told.
TABLES = SQL(
    "account_move, account_move_line, account_payment, account_partial_reconcile, "
    "account_move__account_payment, sale_order, sale_order_line, "
    "sale_order_line_invoice_rel, res_partner"
)


@dataclass
class Customer:
    """A customer of one of the companies, as the list of customers describes it."""

    row: dict
    partner: object
    company: object
    seller: object
    term: object
    currency: object

    @property
    def name(self):
        return self.row["name"]

    @property
    def buyer(self):
        """The contact who orders, where there is one."""
        buyers = self.partner.child_ids.filtered(lambda child: child.type == "contact")
        return buyers.filtered(lambda child: not child.is_company)[:1] or self.partner


@dataclass
class Stage:
    """The environment of the story and everything made so far."""

    env: Environment
    today: date
    company: object = None
    europa: object = None
    users: dict = field(default_factory=dict)
    products: object = None
    pricelist: object = None
    customers: list = field(default_factory=list)
    order_days: dict = field(default_factory=dict)
    tried: dict = field(default_factory=dict)
    hold_moments: dict = field(default_factory=dict)
    message_moments: dict = field(default_factory=dict)
    last_message: int = 0

    def date(self, day):
        return self.today + timedelta(days=day)

    def moment(self, day, number=0):
        """Return a time in office hours of a day, another one for every number.

        Nothing happens in the future, and the last hour is left to what comes after.
        """
        minutes = 8 * 60 + number * 37 % (8 * 60)
        moment = datetime.combine(self.date(day), time(minutes // 60, minutes % 60))
        return min(moment, Datetime.now() - timedelta(hours=1))

    def day(self, moment):
        """Return how many days from today a date is, negative in the past."""
        return (moment - self.today).days

    def customer(self, name, company=None):
        company = company or self.company
        return next(
            customer
            for customer in self.customers
            if customer.name == name and customer.company == company
        )

    def in_company(self, company, model):
        """Return a model that works in one of the companies."""
        return self.env[model].with_company(company)

    def take_stock(self):
        """Tell PostgreSQL how much there is now, or it plans for empty tables."""
        self.env.flush_all()
        self.env.cr.execute(SQL("ANALYZE %s", TABLES))

    def as_user(self, user, company, records):
        """Return records as a user sees them who works in one company.

        What users do is kept on record, as it is outside of the story.
        """
        return records.with_user(user).with_context(
            allowed_company_ids=company.ids, tracking_disable=False, mail_notrack=False
        )

    def date_messages(self, moments):
        """Note when that was said on records which was said since the last time.

        :param moments: ``{record: moment}``; one message is a minute after the other
        """
        self.env.flush_all()
        self.env.cr.precommit.run()  # that is when changes are put on record
        next_moments = {
            (record._name, record.id): moment for record, moment in moments.items()
        }
        messages = self.env["mail.message"].search(
            [("id", ">", self.last_message)], order="id"
        )
        for message in messages:
            key = message.model, message.res_id
            if key in next_moments:
                next_moments[key] += timedelta(minutes=1)
                self.message_moments[message.id] = next_moments[key]
        self.last_message = messages[-1:].id or self.last_message

    def remember(self, records):
        """Give records external ids.

        :param records: ``{name: record}``
        """
        self.env["ir.model.data"].create(
            [
                {
                    "module": NAMESPACE,
                    "name": name,
                    "model": record._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for name, record in records.items()
            ]
        )
